import type { Backend } from "../backend/backend";
import { errorView } from "../backend/backend";
import type { ErrorView, SavedRequest } from "../bindings";

export type Folder = { name: string; requests: SavedRequest[] };

/** Requests of a connection that are kept under names, in folders. */
export class SavedRequests {
  all = $state.raw<SavedRequest[]>([]);
  loaded = $state(false);
  error = $state.raw<ErrorView | null>(null);
  readonly #backend: Backend;
  readonly #connection: string;

  constructor(backend: Backend, connection: string) {
    this.#backend = backend;
    this.#connection = connection;
  }

  /** Those without a folder come first. */
  get folders(): Folder[] {
    const names = this.all.map(({ folder }) => folder);
    return names
      .filter((name, at) => names.indexOf(name) === at)
      .toSorted((one, other) => one.localeCompare(other))
      .map((name) => ({ name, requests: this.all.filter(({ folder }) => folder === name) }));
  }

  find(id: string | null): SavedRequest | undefined {
    return this.all.find((one) => one.id === id);
  }

  async load(): Promise<void> {
    try {
      this.all = await this.#backend.listSavedRequests(this.#connection);
      this.error = null;
      this.loaded = true;
    } catch (thrown) {
      this.error = errorView(thrown);
    }
  }

  async save(saved: SavedRequest): Promise<SavedRequest> {
    const kept = await this.#backend.saveRequest(saved);
    await this.load();
    return kept;
  }

  async remove(id: string): Promise<void> {
    await this.#backend.removeSavedRequest(id);
    await this.load();
  }
}
