import type { Backend } from "../backend/backend";
import { errorView } from "../backend/backend";
import type { CheckView, ErrorView, SaveCheck } from "../bindings";
import { isAmiss } from "../words/checks";
import { reread } from "./reread";

/** As it would be saved once more. */
export function savedAs(check: CheckView): SaveCheck {
  const { id, connection, name, of, every_seconds, expectation, on } = check;
  return { id, connection, name, of, every_seconds, expectation, on };
}

/** What is sent on a schedule while the app is open, and what came of it. */
export class Checks {
  list = $state.raw<CheckView[]>([]);
  loaded = $state(false);
  error = $state.raw<ErrorView | null>(null);
  readonly load: () => Promise<void>;
  #backend: Backend;

  constructor(backend: Backend) {
    this.#backend = backend;
    this.load = reread(async () => {
      try {
        this.list = await backend.listChecks();
        this.error = null;
        this.loaded = true;
      } catch (thrown) {
        this.error = errorView(thrown);
      }
    });
  }

  /** Those that a person should look at. */
  get amiss(): CheckView[] {
    return this.list.filter(isAmiss);
  }

  find(id: string): CheckView | undefined {
    return this.list.find((check) => check.id === id);
  }

  async save(check: SaveCheck): Promise<CheckView> {
    const saved = await this.#backend.saveCheck(check);
    await this.load();
    return saved;
  }

  /** On its schedule, or not; all else stays as it is now. */
  async turn(id: string, on: boolean): Promise<void> {
    const check = this.find(id);
    if (check) await this.save({ ...savedAs(check), on });
  }

  async remove(id: string): Promise<void> {
    await this.#backend.removeCheck(id);
    await this.load();
  }

  /** Answers when it is over; none where it is under way already, which is told as ever. */
  async run(id: string): Promise<CheckView | null> {
    if (this.find(id)?.running) return null;
    const done = await this.#backend.runCheck(id);
    await this.load();
    return done;
  }
}
