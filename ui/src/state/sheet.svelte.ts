import type { Backend } from "../backend/backend";
import { errorView } from "../backend/backend";
import type { ErrorView, RunFormat, RunRow, RunView, TargetState } from "../bindings";
import { reread } from "./reread";

/** Rows that are read and drawn at once, however many there are. */
export const PAGE = 50;
/** While it moves, the rows in view are read again so often. */
const REST_MS = 400;

const rest = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** A run that is looked at: how it stands, and the page of its rows that is in view. */
export class Sheet {
  readonly id: string;
  view = $state.raw<RunView | null>(null);
  rows = $state.raw<RunRow[]>([]);
  /** Rows of the kind that is looked for. */
  total = $state(0);
  state = $state<TargetState | null>(null);
  search = $state("");
  offset = $state(0);
  error = $state.raw<ErrorView | null>(null);
  /** The file that it was written to last. */
  exported = $state<string | null>(null);
  readonly load: () => Promise<void>;
  #backend: Backend;
  #tell: (run: RunView) => void;
  #watched = 0;

  constructor(backend: Backend, id: string, tell: (run: RunView) => void) {
    this.#backend = backend;
    this.#tell = tell;
    this.id = id;
    this.load = reread(() => this.#read());
  }

  get page(): { from: number; to: number } {
    return { from: Math.min(this.offset + 1, this.total), to: this.offset + this.rows.length };
  }

  show(state: TargetState | null): Promise<void> {
    this.state = state;
    return this.turnTo(0);
  }

  find(text: string): Promise<void> {
    this.search = text;
    return this.turnTo(0);
  }

  turnTo(offset: number): Promise<void> {
    const last = Math.floor(Math.max(0, this.total - 1) / PAGE) * PAGE;
    this.offset = offset === 0 ? 0 : Math.min(Math.max(0, offset), last);
    return this.load();
  }

  /** Hears what moves until the returned function is called; what is in view is read again, but not at every step. */
  watch(): () => void {
    const turn = ++this.#watched;
    const isWatched = () => turn === this.#watched;
    const follow = reread(async () => {
      await this.load();
      await rest(REST_MS);
    });
    const watching = this.#backend.watchRun(this.id, ({ run }) => {
      if (!isWatched()) return;
      this.view = run;
      this.#tell(run);
      void follow();
    });
    watching.catch(() => undefined);
    void this.load();
    return () => {
      if (isWatched()) this.#watched += 1;
    };
  }

  async pause(): Promise<void> {
    this.view = await this.#backend.pauseRun(this.id);
  }

  async resume(): Promise<void> {
    this.view = await this.#backend.resumeRun(this.id);
  }

  async stop(): Promise<void> {
    this.view = await this.#backend.stopRun(this.id);
  }

  /** Writes it into the person's downloads, and says where. */
  async export(format: RunFormat): Promise<string> {
    const { file } = await this.#backend.exportRun(this.id, format);
    return (this.exported = file);
  }

  readRow(number: number): Promise<RunRow> {
    return this.#backend.readRunRow(this.id, number);
  }

  async #read(): Promise<void> {
    try {
      const search = this.search.trim() || null;
      const page = await this.#backend.readRun(this.id, this.state, search, this.offset, PAGE);
      this.view = page.run;
      this.rows = page.rows;
      this.total = page.total;
      this.error = null;
    } catch (thrown) {
      this.error = errorView(thrown);
    }
  }
}
