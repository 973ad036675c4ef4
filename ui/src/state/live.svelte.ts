import type { Backend } from "../backend/backend";
import { errorView } from "../backend/backend";
import type { ErrorView, MessageRow, MqttOffer, MqttView } from "../bindings";
import { Keyed } from "./keyed";
import { reread } from "./reread";

/** So many are read at once; and so many times, until what came in meanwhile meets what is there. */
const PAGE = 200;
const MOST_PAGES = 10;

/** The line of one connection to its broker, and the messages that are shown of those that are kept. */
export class Live {
  view = $state.raw<MqttView | null>(null);
  /** Newest first, without gaps; those at the end are read when they are looked at. */
  rows = $state.raw<MessageRow[]>([]);
  /** Of all that are kept: how many match. */
  total = $state(0);
  filter = $state("");
  search = $state("");
  /** What is shown stays as it is. What comes in is kept. */
  paused = $state(false);
  selected = $state<number | null>(null);
  /** The last of each topic that says where something is. */
  places = $state.raw<MessageRow[]>([]);
  error = $state.raw<ErrorView | null>(null);
  readonly load: () => Promise<void>;
  readonly latest: () => Promise<void>;
  readonly more: () => Promise<void>;
  #backend: Backend;
  #connection: string;
  #receivedAtPause = $state(0);
  /** Goes up whenever other messages are asked for: what was read for those before is dropped. */
  #question = 0;

  constructor(backend: Backend, connection: string) {
    this.#backend = backend;
    this.#connection = connection;
    this.load = reread(() => this.#read());
    this.latest = reread(() => this.#readLatest());
    this.more = reread(() => this.#readOlder());
  }

  get fresh(): number {
    return this.paused ? Math.max(0, (this.view?.received ?? 0) - this.#receivedAtPause) : 0;
  }

  get chosen(): MessageRow | undefined {
    return this.rows.find(({ number }) => number === this.selected);
  }

  /** Other messages: those of a filter, or with a text. */
  ask(question: { filter?: string; search?: string }): Promise<void> {
    Object.assign(this, question);
    this.#question += 1;
    this.rows = [];
    this.places = [];
    return this.latest();
  }

  pause(): void {
    this.#receivedAtPause = this.view?.received ?? 0;
    this.paused = true;
  }

  resume(): Promise<void> {
    this.paused = false;
    return this.load();
  }

  async connect(values: Record<string, string>): Promise<void> {
    this.view = await this.#backend.connectMqtt(this.#connection, values);
  }

  async disconnect(): Promise<void> {
    this.view = await this.#backend.disconnectMqtt(this.#connection);
  }

  async subscribe(filter: string): Promise<void> {
    this.view = await this.#backend.subscribeMqtt(this.#connection, filter);
  }

  async unsubscribe(filter: string): Promise<void> {
    this.view = await this.#backend.unsubscribeMqtt(this.#connection, filter);
  }

  async publish(topic: string, payload: string, retain: boolean): Promise<void> {
    await this.#backend.publishMqtt({ connection: this.#connection, topic, payload, retain });
    await this.load();
  }

  async clear(): Promise<void> {
    await this.#backend.clearMessages(this.#connection);
    this.selected = null;
    await this.ask({});
  }

  async #read(): Promise<void> {
    try {
      this.view = await this.#backend.readMqtt(this.#connection);
      this.error = null;
    } catch (thrown) {
      this.error = errorView(thrown);
      return;
    }
    if (!this.paused) await this.latest();
  }

  /** What came in since, put before what is there. */
  async #readLatest(): Promise<void> {
    const question = this.#question;
    const newest = this.rows[0]?.number ?? null;
    const fresh: MessageRow[] = [];
    try {
      let before: number | null = null;
      for (let page = 0; page < MOST_PAGES; page += 1) {
        const { messages, total } = await this.#page(before);
        if (question !== this.#question) return;
        this.total = total;
        if (before === null && newest !== null && (messages[0]?.number ?? -1) < newest) {
          // What was known is gone, as with a log-out: another login's messages are no more of them.
          [this.rows, this.places, this.selected] = [[], [], null];
          this.#show(messages, messages);
          return;
        }
        const unknown = messages.filter(({ number }) => newest === null || number > newest);
        fresh.push(...unknown);
        const meets = newest === null || unknown.length < messages.length;
        const last = messages.at(-1);
        if (meets || messages.length < PAGE || !last) {
          this.#show([...fresh, ...this.rows], fresh);
          return;
        }
        before = last.number;
      }
      // Far more came in than one can follow: what is there begins anew, and the rest is read when it is looked at.
      this.#question += 1;
      this.#show(fresh, fresh);
    } catch (thrown) {
      if (question === this.#question) this.error = errorView(thrown);
    }
  }

  async #readOlder(): Promise<void> {
    const last = this.rows.at(-1);
    if (!last || this.rows.length >= this.total) return;
    const question = this.#question;
    const { messages } = await this.#page(last.number);
    if (question !== this.#question) return;
    const there = this.rows.at(-1)?.number ?? Infinity;
    const older = messages.filter(({ number }) => number < there);
    this.rows = [...this.rows, ...older];
    if (older.length === 0) this.total = this.rows.length;
    this.#placed(older);
  }

  #show(rows: MessageRow[], fresh: readonly MessageRow[]): void {
    // What is not kept any more goes at the end.
    this.rows = rows.length > this.total ? rows.slice(0, this.total) : rows;
    this.error = null;
    this.#placed(fresh);
  }

  #placed(rows: readonly MessageRow[]): void {
    const found = rows.filter(({ place }) => place?.lat != null && place.long !== null);
    if (found.length === 0) return;
    const inTime = [...this.places, ...found].sort((one, other) => one.number - other.number);
    // Of several with one key the last stays.
    const last = Object.fromEntries(inTime.map((row) => [row.topic, row]));
    this.places = Object.values(last).sort((one, other) => one.topic.localeCompare(other.topic));
  }

  #page(before: number | null) {
    const [filter, search] = [this.filter.trim() || null, this.search.trim() || null];
    return this.#backend.readMessages({
      connection: this.#connection,
      filter,
      search,
      before,
      limit: PAGE,
    });
  }
}

export class LiveLines extends Keyed<Live> {
  /** By connection; none where its provider has no MQTT. */
  #offers = $state.raw<Record<string, MqttOffer | null>>({});
  #backend: Backend;

  constructor(backend: Backend) {
    super((connection) => new Live(backend, connection));
    this.#backend = backend;
  }

  /** None until it is known. */
  offerOf(connection: string): MqttOffer | null {
    return this.#offers[connection] ?? null;
  }

  /** What is offered depends on the way in, and on what was filled in. */
  async loadOffer(connection: string): Promise<void> {
    const offer = await this.#backend.mqttOffer(connection);
    this.#offers = { ...this.#offers, [connection]: offer };
  }
}
