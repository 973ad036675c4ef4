import type { ActionRequest, ErrorView } from "../bindings";
import { parseJson, plain, at } from "../components/json";
import { changed } from "../components/result";
import type { Run } from "./run.svelte";

/** A value that is another than when it was last asked for. */
export type Change = { at: number; target: number; pointer: string; from: string; to: string };
const MOST_CHANGES = 200;

/** Asks the same again and again, and remembers what changed. */
export class Watching {
  /** Seconds; null: not any more, or not yet. */
  every = $state<number | null>(null);
  asking = $state(false);
  askedAt = $state<number | null>(null);
  /** Why it ended by itself. */
  error = $state.raw<ErrorView | null>(null);
  /** The answers, one for each target: the first, those before the last, the last. */
  first = $state.raw<string[]>([]);
  before = $state.raw<string[]>([]);
  bodies = $state.raw<string[]>([]);
  changes = $state.raw<Change[]>([]);
  #run: Run;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #request: ActionRequest | null = null;

  constructor(run: Run) {
    this.#run = run;
  }

  get nextAt(): number | null {
    return this.every === null || this.askedAt === null ? null : this.askedAt + this.every * 1000;
  }

  /** Begins with the answers that are there; only another pace goes on with what is remembered. */
  begin(request: ActionRequest, every: number, bodies: string[]): void {
    const goesOn = this.#request !== null && this.isOf(request) && this.error === null;
    clearTimeout(this.#timer);
    this.#request = request;
    this.every = every;
    this.error = null;
    if (!goesOn) {
      this.first = this.bodies = bodies;
      this.before = [];
      this.changes = [];
      this.askedAt = Date.now();
    }
    this.#later();
  }

  isOf(request: ActionRequest): boolean {
    return JSON.stringify(this.#request) === JSON.stringify(request);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.every = null;
  }

  /** Nothing of it is shown any more. */
  forget(): void {
    this.stop();
    this.#request = null;
    Object.assign(this, { first: [], before: [], bodies: [], changes: [], error: null });
  }

  #later(): void {
    clearTimeout(this.#timer);
    if (this.every !== null) this.#timer = setTimeout(() => void this.#ask(), this.every * 1000);
  }

  async #ask(): Promise<void> {
    const request = this.#request;
    // A window that nobody sees asks nothing.
    if (request === null || this.asking || document.hidden) return this.#later();
    this.asking = true;
    await this.#run.start(request, true);
    this.asking = false;
    if (this.every === null || !this.isOf(request)) return;
    const error = this.#run.error ?? this.#run.failed[0]?.error ?? null;
    if (error) {
      this.error = error;
      this.stop();
      return;
    }
    this.askedAt = Date.now();
    this.#turnTo(this.#run.results.map(({ body }) => body ?? ""));
    this.#later();
  }

  #turnTo(bodies: string[]): void {
    const now = Date.now();
    const found = bodies.flatMap((body, target) => {
      const [was, is] = [parseJson(this.bodies[target] ?? ""), parseJson(body)];
      return [...changed(was, is)].map((pointer) => ({
        at: now,
        target,
        pointer,
        from: plain(at(was ?? undefined, pointer)),
        to: plain(at(is ?? undefined, pointer)),
      }));
    });
    this.changes = [...found, ...this.changes].slice(0, MOST_CHANGES);
    this.before = this.bodies;
    this.bodies = bodies;
  }
}
