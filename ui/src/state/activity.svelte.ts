import type { Backend } from "../backend/backend";
import { errorView } from "../backend/backend";
import type { ActivityEntry, ErrorView } from "../bindings";
import { reread } from "./reread";

const PAGE = 50;

/** What happened, newest first: of one connection, or of all. */
export class ActivityLog {
  entries = $state.raw<ActivityEntry[]>([]);
  search = $state("");
  loaded = $state(false);
  hasMore = $state(false);
  error = $state.raw<ErrorView | null>(null);
  readonly load: () => Promise<void>;
  #backend: Backend;
  #connection: string | null;

  constructor(backend: Backend, connection: string | null) {
    this.#backend = backend;
    this.#connection = connection;
    this.load = reread(() => this.#read());
  }

  get connection(): string | null {
    return this.#connection;
  }

  async more(): Promise<void> {
    const last = this.entries.at(-1);
    if (!last) return;
    const older = await this.#page(last.id, PAGE);
    this.entries = [...this.entries, ...older];
    this.hasMore = older.length === PAGE;
  }

  async clear(): Promise<void> {
    await this.#backend.clearActivity(this.#connection);
    await this.load();
  }

  async #read(): Promise<void> {
    // As many as are shown already, so that a new entry does not fold the list.
    const limit = Math.max(PAGE, this.entries.length);
    try {
      this.entries = await this.#page(null, limit);
      this.hasMore = this.entries.length === limit;
      this.error = null;
      this.loaded = true;
    } catch (thrown) {
      this.error = errorView(thrown);
    }
  }

  #page(before: number | null, limit: number): Promise<ActivityEntry[]> {
    const search = this.search.trim() || null;
    return this.#backend.listActivity({
      connection: this.#connection,
      run: null,
      search,
      before,
      limit,
    });
  }
}
