import type { Backend } from "../backend/backend";
import type { Variable } from "../bindings";

/** What stands for `{{name}}` in the requests of a connection. */
export class Variables {
  all = $state.raw<Variable[]>([]);
  readonly #backend: Backend;
  readonly #connection: string;

  constructor(backend: Backend, connection: string) {
    this.#backend = backend;
    this.#connection = connection;
  }

  async load(): Promise<void> {
    this.all = await this.#backend.listVariables(this.#connection);
  }

  async set(variables: Variable[]): Promise<void> {
    this.all = await this.#backend.setVariables(this.#connection, variables);
  }
}
