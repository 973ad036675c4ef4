import type { Backend } from "../backend/backend";
import { errorView } from "../backend/backend";
import type {
  AnswerMatch,
  AnswerShape,
  ErrorView,
  HexRow,
  JsonRow,
  JsonValue,
  SentView,
  TableRow,
  TextRow,
} from "../bindings";
import { AnswerSearch } from "./answer-search.svelte";
import { Keyed } from "./keyed";
import { reread } from "./reread";
import { Windows } from "./windows.svelte";

/** How an answer is looked at. */
export type AnswerView = "tree" | "table" | "raw" | "hex" | "image" | "pdf" | "headers" | "timing";
/** Those that are rows of the answer. */
export type RowView = "tree" | "table" | "raw" | "hex";

/** So much is copied whole, in bytes. */
export const MOST_COPIED = 1024 * 1024;
/** The core puts so many bytes in a row. */
export const HEX_ROW = 16;
/** The core breaks longer lines of the raw view there. */
const LINE_BREAKS = 1000;
/** So many bytes are read at once. */
const AT_ONCE = 3 * 1024 * 1024;
const AGAIN_MS = 200;

/** The answer to one request, and the windows onto it. */
export class Answer {
  sent = $state.raw<SentView | null>(null);
  shape = $state.raw<AnswerShape | null>(null);
  error = $state.raw<ErrorView | null>(null);
  /** The view that the person chose for this one. */
  chosen = $state<AnswerView | null>(null);
  /** The row of each view that the keys are at. */
  rows = $state<Record<RowView, number>>({ tree: 0, table: 0, raw: 0, hex: 0 });
  /** The column of the table that they are at. */
  column = $state(0);
  /** The view is to show the row that it is at. A new object each time. */
  aim = $state.raw<{ view: RowView } | null>(null);
  readonly id: string;
  readonly tree: Windows<JsonRow>;
  readonly table: Windows<TableRow>;
  readonly raw: Windows<TextRow>;
  readonly hex: Windows<HexRow>;
  readonly search: AnswerSearch;
  readonly load: () => Promise<void>;
  readonly #backend: Backend;
  /** How it stood with the answer when the windows onto it were opened. */
  #stood = "";
  #isLookedAt = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** What changes the tree comes one after the other, as each changes the rows that the next is about. */
  #queue: Promise<void> = Promise.resolve();

  constructor(backend: Backend, id: string) {
    this.#backend = backend;
    this.id = id;
    this.tree = new Windows((from, count) => backend.readJsonRows(id, from, count));
    this.table = new Windows((from, count) => backend.readTableRows(id, from, count));
    this.raw = new Windows((from, count) => backend.readTextRows(id, from, count));
    this.hex = new Windows((from, count) => backend.readHexRows(id, from, count));
    this.search = new AnswerSearch(backend, id);
    this.load = reread(() => this.#load());
  }

  /** It still comes, or more pages of it do. */
  get isComing(): boolean {
    return this.sent?.state === "sending" || this.sent?.state === "receiving";
  }

  async cancel(): Promise<void> {
    this.sent = await this.#backend.cancelSent(this.id);
  }

  /** As another answer, which begins with the first page. */
  loadAllPages(): Promise<SentView> {
    return this.#backend.loadAllPages(this.id);
  }

  /** Opens or closes a row of the tree; `all`: with all that is in it. */
  toggle(row: JsonRow, open: boolean, all = false): Promise<void> {
    return this.#inTurn(async () => {
      // Another change may have put other rows in its place.
      if (this.tree.at(row.row)?.offset !== row.offset) return;
      await this.tree.turn(await this.#backend.toggleJsonRow(this.id, row.row, open, all));
    });
  }

  /** Shows in the tree what stands at a place of the text. */
  reveal(offset: number): Promise<void> {
    return this.#inTurn(async () => {
      const row = await this.#backend.revealJson(this.id, offset);
      this.shape = await this.#backend.openAnswer(this.id);
      await this.tree.turn(this.shape.json?.rows ?? 0, row);
      this.show("tree", row);
    });
  }

  /** Goes to a match, in the view one is in where that has it. */
  async goTo(match: AnswerMatch, view: AnswerView): Promise<void> {
    const isText = match.text_row !== null;
    if (this.shape?.json && view !== "raw" && view !== "hex") await this.reveal(match.offset);
    else if (isText && view !== "hex") this.show("raw", match.text_row ?? 0);
    else this.show("hex", Math.floor(match.offset / HEX_ROW));
  }

  /** Where a line and column are in the rows of the raw view: longer lines are several rows. */
  async goToLine(line: number, column: number): Promise<void> {
    let [low, high] = [0, Math.max(0, this.raw.total - 1)];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const [row] = await this.#backend.readTextRows(this.id, middle, 1);
      if (row && row.line < line) low = middle + 1;
      else high = middle;
    }
    this.show("raw", Math.min(this.raw.total - 1, low + Math.floor((column - 1) / LINE_BREAKS)));
  }

  show(view: RowView, row: number): void {
    this.chosen = view;
    this.rows[view] = row;
    this.aim = { view };
  }

  value(offset: number): Promise<JsonValue> {
    return this.#backend.readJsonValue(this.id, offset);
  }

  image(): Promise<string> {
    return this.#backend.readAnswerImage(this.id);
  }

  /** Answers the path it was written to. */
  save(): Promise<string> {
    return this.#backend.saveAnswer(this.id);
  }

  async bytes(from: number, count: number): Promise<Uint8Array<ArrayBuffer>> {
    const end = Math.min(from + count, this.shape?.size ?? 0);
    const all = new Uint8Array(Math.max(0, end - from));
    for (let at = from; at < end; at += AT_ONCE) {
      const some = await this.#backend.readAnswerBytes(this.id, at, Math.min(AT_ONCE, end - at));
      all.set(decoded(some), at - from);
    }
    return all;
  }

  async text(): Promise<string> {
    return new TextDecoder().decode(await this.bytes(0, this.shape?.size ?? 0));
  }

  /** Somebody looks at it: it is read, and again as long as it grows. Returns what ends that; then no row of it is held. */
  look(): () => void {
    this.#isLookedAt = true;
    void this.load();
    return () => {
      this.#isLookedAt = false;
      clearTimeout(this.#timer);
      for (const windows of [this.tree, this.table, this.raw, this.hex]) windows.leave();
    };
  }

  async #load(): Promise<void> {
    try {
      const sent = await this.#backend.readSent(this.id);
      this.sent = sent;
      this.error = null;
      const stands = `${sent.state} ${String(sent.received)}`;
      const isSame = stands === this.#stood && this.shape?.whole === true;
      if (sent.received === 0 || isSame) return;
      await this.#reopen();
      this.#stood = stands;
      // It is still read through: nobody tells how far that is.
      clearTimeout(this.#timer);
      if (!this.shape?.whole && this.#isLookedAt)
        this.#timer = setTimeout(() => void this.load(), AGAIN_MS);
    } catch (thrown) {
      this.error = errorView(thrown);
    }
  }

  async #reopen(): Promise<void> {
    await this.#inTurn(async () => {
      const shape = await this.#backend.openAnswer(this.id);
      this.shape = shape;
      await Promise.all([
        this.tree.turn(shape.json?.rows ?? 0),
        this.table.turn(shape.json?.table?.rows ?? 0),
        this.raw.turn(shape.text_rows),
        this.hex.turn(shape.hex_rows),
      ]);
    });
  }

  #inTurn(doing: () => Promise<void>): Promise<void> {
    const mine = this.#queue.then(doing);
    this.#queue = mine.catch(() => undefined);
    return mine;
  }
}

const decoded = (base64: string): Uint8Array =>
  Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));

export class Answers extends Keyed<Answer> {
  /** The view that the person chose last: other answers are shown so too, where they have it. */
  preferred = $state<AnswerView | null>(null);

  constructor(backend: Backend) {
    super((id) => new Answer(backend, id));
  }

  /** Something of an answer moved on; one that nobody has looked at is not read. */
  told(answer: string): void {
    this.each(answer, (one) => void one.load());
  }
}
