import type { Backend } from "../backend/backend";
import type { AppStatus, DamagedFile, StoreView } from "../bindings";
import { reread } from "./reread";

const UNKNOWN: StoreView = {
  kept_in: "keychain",
  state: "checking",
  message: null,
  file_exists: false,
};

/** The state of the machine round the app: where tokens are kept, sandbox, requests in the last hour. */
export class Status {
  view = $state.raw<AppStatus | null>(null);
  readonly load: () => Promise<void>;
  #backend: Backend;
  /** Of the damaged files those that the person has read about. */
  #dismissed = $state.raw<readonly string[]>([]);
  /** How it stood when the person had the keychain tried again, as long as that takes. */
  #before = $state.raw<StoreView | null>(null);

  constructor(backend: Backend) {
    this.#backend = backend;
    this.load = reread(async () => {
      this.view = await backend.appStatus();
    });
  }

  get store(): StoreView {
    return this.#before ?? this.view?.store ?? UNKNOWN;
  }

  /** The files of Keydesk's own that were set aside, and of which the person has not read yet. */
  get damaged(): DamagedFile[] {
    const files = this.view?.damaged ?? [];
    return files.filter(({ kept_as }) => !this.#dismissed.includes(kept_as));
  }

  dismissDamaged(): void {
    this.#dismissed = this.view?.damaged.map(({ kept_as }) => kept_as) ?? [];
  }

  /**
   * The keychain, and once more where it did not answer. Until that is over it stands as before: the keychain may be open by then, and
   * what is in memory only not yet in it.
   */
  async useKeychain(): Promise<void> {
    this.#before = this.store;
    try {
      this.view = await this.#backend.useKeychain();
    } finally {
      this.#before = null;
    }
  }

  async useMemoryOnly(): Promise<void> {
    this.view = await this.#backend.useMemoryOnly();
  }

  /** Makes the file where there is none, else opens it. */
  async useFile(passphrase: string): Promise<void> {
    this.view = await this.#backend.useFile(passphrase);
  }

  async changePassphrase(current: string, next: string): Promise<void> {
    this.view = await this.#backend.changePassphrase(current, next);
  }

  /** Gives the file another name, so that another one can be made. */
  async setFileAside(): Promise<void> {
    this.view = await this.#backend.setFileAside();
  }

  async lockFile(): Promise<void> {
    this.view = await this.#backend.lockFile();
  }
}
