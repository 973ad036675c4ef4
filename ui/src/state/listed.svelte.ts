import { errorView } from "../backend/backend";
import type { ErrorView } from "../bindings";
import { reread } from "./reread";

/** What the core keeps a list of. Read anew whenever the core says that it changed; what was read stays where that fails. */
export class Listed<T extends { id: string }> {
  list = $state.raw<T[]>([]);
  loaded = $state(false);
  error = $state.raw<ErrorView | null>(null);
  readonly load: () => Promise<void>;

  constructor(read: () => Promise<T[]>) {
    this.load = reread(async () => {
      try {
        this.list = await read();
        this.error = null;
        this.loaded = true;
      } catch (thrown) {
        this.error = errorView(thrown);
      }
    });
  }

  find(id: string | null): T | undefined {
    return this.list.find((one) => one.id === id);
  }
}
