import type { Backend } from "../backend/backend";
import { errorView } from "../backend/backend";
import type { ActionRequest, ActionView, CsvPreview, ErrorView, RequestPreview } from "../bindings";
import { Keyed } from "./keyed";

/** The actions of one connection, as its provider file describes them. */
export class ActionList {
  all = $state.raw<ActionView[]>([]);
  loaded = $state(false);
  error = $state.raw<ErrorView | null>(null);
  chosen = $state<string | null>(null);
  #came = $state.raw<{ from: string; to: string }[]>([]);
  #read: () => Promise<ActionView[]>;

  constructor(read: () => Promise<ActionView[]>) {
    this.#read = read;
  }

  get current(): ActionView | undefined {
    return this.all.find(({ id }) => id === this.chosen) ?? this.all[0];
  }

  find(id: string): ActionView | undefined {
    return this.all.find((action) => action.id === id);
  }

  /** Goes to a form from the answer of another, and knows the way back. */
  open(id: string): void {
    const from = this.current?.id;
    if (from !== undefined && from !== id) this.#came = [...this.#came, { from, to: id }];
    this.chosen = id;
  }

  /** Where one came from, while one is where that led. */
  get cameFrom(): ActionView | undefined {
    const last = this.#came.at(-1);
    return last && last.to === this.current?.id ? this.find(last.from) : undefined;
  }

  back(): void {
    const back = this.cameFrom;
    if (!back) return;
    this.#came = this.#came.slice(0, -1);
    this.chosen = back.id;
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

  /** What a table would fill. */
  previewCsv(
    connection: string,
    action: string,
    text: string,
    mapping: Record<string, string> | null,
  ): Promise<CsvPreview> {
    return this.#backend.previewCsv(connection, action, text, mapping);
  }

  preview(request: ActionRequest): Promise<RequestPreview> {
    return this.#backend.previewRequest(request);
  }
}
