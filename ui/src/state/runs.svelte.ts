import type { Backend } from "../backend/backend";
import type { RunView, TargetState } from "../bindings";
import { Keyed } from "./keyed";
import { Listed } from "./listed.svelte";
import { Run } from "./run.svelte";
import { Sheet } from "./sheet.svelte";

export type { Run } from "./run.svelte";

/** All runs that are kept, and of each action the last one. */
export class Runs extends Listed<RunView> {
  #last: Keyed<Run>;
  #sheets: Keyed<Sheet>;
  #backend: Backend;

  constructor(backend: Backend) {
    super(() => backend.listRuns(null));
    this.#backend = backend;
    const tell = (run: RunView) => this.#moved(run);
    this.#last = new Keyed(() => new Run(backend, tell));
    this.#sheets = new Keyed((run) => new Sheet(backend, run, tell));
  }

  /** The last run of an action. */
  for(connection: string, action: string): Run {
    return this.#last.for(`${connection}/${action}`);
  }

  sheet(run: string): Sheet {
    return this.#sheets.for(run);
  }

  /** Those that the app, or its machine, ended in the middle. */
  get interrupted(): RunView[] {
    return this.list.filter(({ state }) => state === "interrupted");
  }

  /** Those that only a person lets go on. */
  get waiting(): RunView[] {
    return this.list.filter(({ state }) => state === "interrupted" || state === "paused");
  }

  get running(): RunView[] {
    return this.list.filter(({ state }) => state === "running");
  }

  async resume(run: string): Promise<void> {
    await this.#backend.resumeRun(run);
    await this.load();
  }

  async stop(run: string): Promise<void> {
    await this.#backend.stopRun(run);
    await this.load();
  }

  /** Begins another run, and answers it. */
  async retry(run: string, which: TargetState[]): Promise<RunView> {
    const begun = await this.#backend.retryRun(run, which, () => undefined);
    await this.load();
    return begun;
  }

  async remove(run: string): Promise<void> {
    await this.#backend.removeRun(run);
    this.#last.each("", (last) => {
      if (last.id === run) last.leave();
    });
    this.#sheets.drop(run);
    await this.load();
  }

  #moved(run: RunView): void {
    this.list = this.list.map((one) => (one.id === run.id ? run : one));
  }

  /** After a login: what failed may be read anew. */
  wake(connection: string): void {
    this.#last.each(`${connection}/`, (run) => {
      if (run.error !== null || run.failed.length > 0) run.sent = null;
    });
  }

  /** What came back is dropped with the connection that brought it. */
  drop(connection: string): void {
    this.#last.drop(`${connection}/`);
  }
}
