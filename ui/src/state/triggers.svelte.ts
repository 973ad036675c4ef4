import type { Backend } from "../backend/backend";
import { errorView } from "../backend/backend";
import type { ErrorView, RunEvent, RunView, SaveTrigger, TriggerView } from "../bindings";
import { reread } from "./reread";

/** Filled forms that were saved: each a button. */
export class Triggers {
  list = $state.raw<TriggerView[]>([]);
  error = $state.raw<ErrorView | null>(null);
  readonly load: () => Promise<void>;
  #backend: Backend;

  constructor(backend: Backend) {
    this.#backend = backend;
    this.load = reread(async () => {
      try {
        this.list = await backend.listTriggers();
        this.error = null;
      } catch (thrown) {
        this.error = errorView(thrown);
      }
    });
  }

  of(connection: string): TriggerView[] {
    return this.list.filter((trigger) => trigger.connection === connection);
  }

  find(id: string): TriggerView | undefined {
    return this.list.find((trigger) => trigger.id === id);
  }

  byShortcut(keys: string): TriggerView | undefined {
    return this.list.find(({ shortcut }) => shortcut === keys);
  }

  async save(trigger: SaveTrigger): Promise<TriggerView> {
    const saved = await this.#backend.saveTrigger(trigger);
    await this.load();
    return saved;
  }

  async remove(id: string): Promise<void> {
    await this.#backend.removeTrigger(id);
    await this.load();
  }

  start(id: string, confirmed: boolean, hear: (event: RunEvent) => void): Promise<RunView> {
    return this.#backend.startTrigger(id, { confirmed }, hear);
  }
}
