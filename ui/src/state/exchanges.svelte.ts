import type { Backend } from "../backend/backend";
import { errorView } from "../backend/backend";
import type {
  ErrorView,
  ExchangeDetails,
  ExchangeQuery,
  ExchangeRow,
  ExchangeStatus,
  ExplorerRequest,
} from "../bindings";
import { Comparison } from "./comparison.svelte";
import { instantBefore } from "../words/time";
import { Keyed } from "./keyed";
import { reread } from "./reread";

/** So many are read at once. */
const PAGE = 100;
const HOUR = 3_600_000;

/** How far back one looks, in hours. */
export const spans = { hour: 1, day: 24, week: 168, all: null } as const;
export type Span = keyof typeof spans;

/** Which of them are listed. */
export type Question = {
  connection: string | null;
  search: string;
  status: ExchangeStatus;
  span: Span;
};

/** Exchanges with servers, the newest first: of one connection, or of all. */
export class Exchanges {
  /** Of this connection only, in its tab. */
  readonly of: string | null;
  question = $state.raw<Question>({ connection: null, search: "", status: "any", span: "all" });
  rows = $state.raw<ExchangeRow[]>([]);
  hasMore = $state(false);
  loaded = $state(false);
  error = $state.raw<ErrorView | null>(null);
  /** The one that is looked at. */
  chosen = $state<number | null>(null);
  details = $state.raw<ExchangeDetails | null>(null);
  detailsError = $state.raw<ErrorView | null>(null);
  /** Kept in mind to be compared with another. */
  marked = $state.raw<ExchangeRow | null>(null);
  compared = $state.raw<Comparison | null>(null);
  readonly load: () => Promise<void>;
  readonly more: () => Promise<void>;
  /** What the rows are the answer to. */
  #answered: Question | null = null;
  readonly #backend: Backend;

  constructor(backend: Backend, connection: string | null) {
    this.#backend = backend;
    this.of = connection;
    this.load = reread(() => this.#readNewest());
    this.more = reread(() => this.#readOlder());
  }

  get isNarrowed(): boolean {
    const { connection, search, status, span } = this.question;
    return connection !== null || search.trim() !== "" || status !== "any" || span !== "all";
  }

  ask(change: Partial<Question>): Promise<void> {
    this.question = { ...this.question, ...change };
    return this.load();
  }

  async choose(id: number): Promise<void> {
    this.compared = null;
    this.chosen = id;
    try {
      const details = await this.#backend.readExchange(id);
      if (this.chosen !== id) return;
      this.details = details;
      this.detailsError = null;
    } catch (thrown) {
      if (this.chosen !== id) return;
      this.details = null;
      this.detailsError = errorView(thrown);
    }
  }

  /** The marked one with the one that is looked at. */
  async compare(): Promise<void> {
    const [one, other] = [this.marked, this.details];
    if (!one || !other) return;
    const lines = await this.#backend.compareExchanges(one.id, other.id);
    if (this.chosen === other.id) this.compared = new Comparison(one, other, lines);
  }

  request(exchange: number): Promise<ExplorerRequest> {
    return this.#backend.exchangeRequest(exchange);
  }

  /** Writes those that are asked for into the person's downloads, and says where. */
  exportHar(whole: boolean): Promise<string> {
    return this.#backend.exportHar(this.#query(null), whole);
  }

  async clear(): Promise<void> {
    await this.#backend.clearExchanges(this.of ?? this.question.connection);
    [this.chosen, this.details, this.marked, this.compared] = [null, null, null, null];
    this.#answered = null;
    await this.load();
  }

  async #readNewest(): Promise<void> {
    const { question } = this;
    try {
      const page = await this.#backend.listExchanges(this.#query(null));
      // What was asked meanwhile is read next.
      if (question !== this.question) return;
      const last = page.at(-1)?.id ?? 0;
      const [newest] = question === this.#answered ? this.rows : [];
      // What was read before goes on where this page ends, if nothing lies between.
      const meets = newest !== undefined && newest.id >= last && page.length === PAGE;
      const older = meets ? this.rows.filter(({ id }) => id < last) : [];
      if (older.length === 0) this.hasMore = page.length === PAGE;
      this.rows = [...page, ...older];
      this.#answered = question;
      this.error = null;
      this.loaded = true;
    } catch (thrown) {
      this.error = errorView(thrown);
    }
  }

  async #readOlder(): Promise<void> {
    const { question } = this;
    const last = this.rows.at(-1);
    if (!last || question !== this.#answered) return;
    try {
      const page = await this.#backend.listExchanges(this.#query(last.id));
      if (question !== this.question || this.rows.at(-1) !== last) return;
      this.rows = [...this.rows, ...page];
      this.hasMore = page.length === PAGE;
    } catch (thrown) {
      this.error = errorView(thrown);
    }
  }

  #query(before: number | null): ExchangeQuery {
    const { connection, search, status, span } = this.question;
    const hours = spans[span];
    return {
      connection: this.of ?? connection,
      search: search.trim() || null,
      status,
      since: hours === null ? null : instantBefore(Date.now(), hours * HOUR),
      before,
      limit: PAGE,
    };
  }
}

/** Of each connection, and under no name those of all. */
export class ExchangeLists {
  #lists: Keyed<Exchanges>;

  constructor(backend: Backend) {
    this.#lists = new Keyed((connection) => new Exchanges(backend, connection || null));
  }

  for(connection: string | null): Exchanges {
    return this.#lists.for(connection ?? "");
  }

  drop(connection: string): void {
    this.#lists.drop(connection);
  }
}
