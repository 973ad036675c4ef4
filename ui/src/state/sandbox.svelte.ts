import type { Backend } from "../backend/backend";
import { errorView } from "../backend/backend";
import type { ErrorView, SandboxView } from "../bindings";

/** The sandbox on this machine, once somebody asked for it. */
export class Sandbox {
  view = $state.raw<SandboxView | null>(null);
  starting = $state(false);
  error = $state.raw<ErrorView | null>(null);
  #backend: Backend;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  async start(): Promise<void> {
    this.starting = true;
    this.error = null;
    try {
      this.view = await this.#backend.startSandbox();
    } catch (thrown) {
      this.error = errorView(thrown);
    } finally {
      this.starting = false;
    }
  }
}
