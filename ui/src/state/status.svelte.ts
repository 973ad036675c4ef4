import type { Backend } from "../backend/backend";
import type { AppStatus, KeychainState } from "../bindings";
import { reread } from "./reread";

/** The state of the machine round the app: keychain, sandbox, requests in the last hour. */
export class Status {
  view = $state.raw<AppStatus | null>(null);
  readonly load: () => Promise<void>;
  #backend: Backend;

  constructor(backend: Backend) {
    this.#backend = backend;
    this.load = reread(async () => {
      this.view = await backend.appStatus();
    });
  }

  get keychain(): KeychainState {
    return this.view?.keychain ?? "checking";
  }

  async useMemoryOnly(): Promise<void> {
    this.view = await this.#backend.useMemoryOnly();
  }

  async retryKeychain(): Promise<void> {
    this.view = await this.#backend.retryKeychain();
  }
}
