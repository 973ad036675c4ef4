import type { Backend } from "../backend/backend";
import { errorView } from "../backend/backend";
import type { Choice, ErrorView } from "../bindings";
import { Keyed } from "./keyed";

/** One live list of choices, as last read from the API. */
export class LiveList {
  choices = $state.raw<Choice[]>([]);
  loading = $state(false);
  loaded = $state(false);
  error = $state.raw<ErrorView | null>(null);
  #read: () => Promise<Choice[]>;

  constructor(read: () => Promise<Choice[]>) {
    this.#read = read;
  }

  async refresh(): Promise<void> {
    if (this.loading) return;
    this.loading = true;
    this.error = null;
    try {
      this.choices = await this.#read();
      this.loaded = true;
    } catch (thrown) {
      this.error = errorView(thrown);
    } finally {
      this.loading = false;
    }
  }
}

export class LiveLists {
  #all: Keyed<LiveList>;

  constructor(backend: Backend) {
    this.#all = new Keyed((key) => {
      const [connection, list] = JSON.parse(key) as [string, string];
      return new LiveList(() => backend.listChoices(connection, list));
    });
  }

  for(connection: string, list: string): LiveList {
    return this.#all.for(JSON.stringify([connection, list]));
  }

  /** Another token may see other devices. */
  drop(connection: string): void {
    this.#all.dropWhere((key) => (JSON.parse(key) as [string, string])[0] === connection);
  }
}
