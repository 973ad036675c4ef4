import type { Backend } from "../backend/backend";
import type { Variable } from "../bindings";

/** As the core takes it: letters and digits of any script, `_`, `-` and dots. */
const NOT_OF_A_NAME = /[^\p{Alphabetic}\p{N}_.-]+/gu;
export const isVariableName = (text: string): boolean =>
  text !== "" && text.search(NOT_OF_A_NAME) < 0;

/** What is called so elsewhere, as a name. */
export const variableNameOf = (text: string): string =>
  text.replace(NOT_OF_A_NAME, "_").replace(/^_+|_+$/g, "") || "value";

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

  /** One more, or another value for one that is there. */
  async keep(name: string, value: string): Promise<void> {
    await this.load();
    await this.set([...this.all.filter((one) => one.name !== name), { name, value }]);
  }
}
