import type { Backend } from "../backend/backend";
import type { CheckOf, CheckView, SaveCheck } from "../bindings";
import { isAmiss } from "../words/checks";
import { Listed } from "./listed.svelte";

/** As it would be saved once more. */
export function savedAs(check: CheckView): SaveCheck {
  const { id, connection, name, of, every_seconds, expectation, on } = check;
  return { id, connection, name, of, every_seconds, expectation, on };
}

/** What is sent on a schedule while the app is open, and what came of it. */
export class Checks extends Listed<CheckView> {
  #backend: Backend;

  constructor(backend: Backend) {
    super(() => backend.listChecks());
    this.#backend = backend;
  }

  /** Those that a person should look at. */
  get amiss(): CheckView[] {
    return this.list.filter(isAmiss);
  }

  /** Those that send this. */
  sending({ kind, id }: CheckOf): CheckView[] {
    return this.list.filter(({ of }) => of.kind === kind && of.id === id);
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
