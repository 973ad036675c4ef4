import type { Backend } from "../backend/backend";
import { errorView } from "../backend/backend";
import type { ErrorView, SandboxOffer, SandboxView } from "../bindings";

/** The sandbox on this machine, once somebody asked for it. */
export class Sandbox {
  view = $state.raw<SandboxView | null>(null);
  starting = $state(false);
  error = $state.raw<ErrorView | null>(null);
  #backend: Backend;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  offer(provider: string): SandboxOffer | undefined {
    return this.view?.offers.find((one) => one.provider === provider);
  }

  /** What it offers is known from its start on; starting it again changes nothing. */
  async ensure(): Promise<void> {
    if (!this.view && !this.starting) await this.start();
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
