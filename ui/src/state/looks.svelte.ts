import { SvelteMap, SvelteSet } from "svelte/reactivity";
import type { Backend } from "../backend/backend";
import type { ActionRequest, ErrorView, RunRow } from "../bindings";
import type { Branch } from "../components/tree";
import { Keyed } from "./keyed";
import { Run } from "./run.svelte";
import { Watching } from "./watching.svelte";

/** How one looks at the answer of an action: it outlives a look elsewhere. */
export class Look {
  readonly opened = new SvelteSet<string>();
  readonly branches = new SvelteMap<string, Branch>();
  /** Two answers beside each other. */
  beside = $state(false);
  #of: RunRow | null = null;

  /** Another answer: what was read below the rows of the last one is read again. */
  turnTo(answer: RunRow): void {
    if (this.#of !== null && this.#of !== answer) this.branches.clear();
    this.#of = answer;
  }
}

export class Looks extends Keyed<Look> {
  #backend: Backend;

  constructor(backend: Backend) {
    super(() => new Look());
    this.#backend = backend;
  }

  picture(connection: string, url: string): Promise<string> {
    return this.#backend.readImage(connection, url);
  }

  /** The answer to one request that only reads, beside what the form shows. */
  async read(request: ActionRequest): Promise<{ body: string } | { error: ErrorView }> {
    const run = new Run(this.#backend);
    await run.start(request, true);
    const [row] = run.results;
    const error = run.error ?? row?.error;
    return error ? { error } : { body: row?.body ?? "" };
  }

  watching(): Watching {
    return new Watching(new Run(this.#backend));
  }
}
