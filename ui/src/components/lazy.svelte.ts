// Parts of the window whose code is not needed for the first screen.
import type { Component } from "svelte";

type Code<Props extends object> = { default: Component<Props> };

/** All there are, for `loadAll`. One that comes with the code of another joins when that is there. */
const parts: (() => Promise<void>)[] = [];

/** A component whose code is loaded when it is first shown, and stays: shown again, it is there at once. */
export class LazyPart<Props extends object = Record<string, never>> {
  component = $state.raw<Component<Props> | null>(null);
  failed = $state(false);
  readonly #fetch: () => Promise<Code<Props>>;
  #loading: Promise<void> | null = null;

  constructor(fetch: () => Promise<Code<Props>>) {
    this.#fetch = fetch;
    parts.push(this.load);
  }

  /** Never rejects: what fails is said where the part would stand, and tried anew when it is shown again. */
  readonly load = (): Promise<void> => (this.#loading ??= this.#load());

  async #load(): Promise<void> {
    this.failed = false;
    try {
      this.component = (await this.#fetch()).default;
    } catch {
      this.failed = true;
      this.#loading = null;
    }
  }
}

/** Loads all parts, one after the other, so that what the person does in between is not kept waiting. */
export async function loadAll(): Promise<void> {
  for (const load of parts) await load();
}
