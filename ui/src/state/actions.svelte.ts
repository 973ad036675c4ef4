import type { Backend } from "../backend/backend";
import { errorView } from "../backend/backend";
import type { ActionRequest, ActionView, ErrorView, RequestPreview } from "../bindings";
import { Keyed } from "./keyed";

/** The actions of one connection, as its provider file describes them. */
export class ActionList {
  all = $state.raw<ActionView[]>([]);
  loaded = $state(false);
  error = $state.raw<ErrorView | null>(null);
  chosen = $state<string | null>(null);
  #read: () => Promise<ActionView[]>;

  constructor(read: () => Promise<ActionView[]>) {
    this.#read = read;
  }

  get current(): ActionView | undefined {
    return this.all.find(({ id }) => id === this.chosen) ?? this.all[0];
  }

  async load(): Promise<void> {
    try {
      this.all = await this.#read();
      this.error = null;
      this.loaded = true;
    } catch (thrown) {
      this.error = errorView(thrown);
    }
  }
}

export class Actions extends Keyed<ActionList> {
  #backend: Backend;

  constructor(backend: Backend) {
    super((connection) => new ActionList(() => backend.listActions(connection)));
    this.#backend = backend;
  }

  preview(request: ActionRequest): Promise<RequestPreview> {
    return this.#backend.previewRequest(request);
  }
}
