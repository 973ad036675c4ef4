import type { Backend } from "../backend/backend";
import { errorView } from "../backend/backend";
import type { Catalogue, Endpoint, ErrorView } from "../bindings";

/** What the API of a connection has: of its provider, and of documents that were imported. */
export class Catalogues {
  all = $state.raw<Catalogue[]>([]);
  loaded = $state(false);
  error = $state.raw<ErrorView | null>(null);
  filter = $state("");
  readonly #backend: Backend;
  readonly #connection: string;

  constructor(backend: Backend, connection: string) {
    this.#backend = backend;
    this.#connection = connection;
  }

  /** By method, path, meaning or group: each word must be there. */
  get found(): Catalogue[] {
    const words = this.filter.toLowerCase().split(/\s+/).filter(Boolean);
    if (words.length === 0) return this.all;
    const isFound = ({ method, path, about, group }: Endpoint): boolean => {
      const text = `${method} ${path} ${about} ${group}`.toLowerCase();
      return words.every((word) => text.includes(word));
    };
    return this.all.map((one) => ({ ...one, endpoints: one.endpoints.filter(isFound) }));
  }

  find(endpoint: string | null): Endpoint | undefined {
    if (endpoint === null) return undefined;
    return this.all.flatMap(({ endpoints }) => endpoints).find(({ id }) => id === endpoint);
  }

  async load(): Promise<void> {
    try {
      this.all = await this.#backend.readCatalogues(this.#connection);
      this.loaded = true;
      this.error = null;
    } catch (thrown) {
      this.error = errorView(thrown);
    }
  }

  async import(text: string): Promise<Catalogue> {
    const made = await this.#backend.importCatalogue(this.#connection, text);
    await this.load();
    return made;
  }

  /** The document at an address that the person has confirmed. */
  fetch(url: string): Promise<string> {
    return this.#backend.fetchDocument(url);
  }

  /** What describes an endpoint, in the person's browser. */
  openDocs({ id }: Endpoint): Promise<void> {
    return this.#backend.openDocs(this.#connection, id);
  }

  async remove(catalogue: string): Promise<void> {
    await this.#backend.removeCatalogue(this.#connection, catalogue);
    await this.load();
  }
}
