import type { Backend } from "../backend/backend";
import type { RunEvent, RunView, SaveTrigger, TriggerView } from "../bindings";
import { Listed } from "./listed.svelte";

/** Filled forms that were saved: each a button. */
export class Triggers extends Listed<TriggerView> {
  #backend: Backend;

  constructor(backend: Backend) {
    super(() => backend.listTriggers());
    this.#backend = backend;
  }

  of(connection: string): TriggerView[] {
    return this.list.filter((trigger) => trigger.connection === connection);
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
