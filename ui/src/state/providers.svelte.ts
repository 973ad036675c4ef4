import type { Backend } from "../backend/backend";
import { errorView } from "../backend/backend";
import type { ErrorView, ProviderCheck, ProviderView, SetAside } from "../bindings";
import { reread } from "./reread";

/** What an editor begins with. */
export type FileStart = {
  text: string;
  /** The provider it changes, with the name it has now. */
  replaces?: { id: string; name: string };
  /** The set-aside file it mends. */
  file?: string;
  /** It was asked for while adding a connection: back there with it. */
  toConnect?: boolean;
};

/** A provider file being written. It outlives its screen: only adding or discarding it ends it. */
export class FileDraft {
  text = $state("");
  check = $state.raw<ProviderCheck | null>(null);
  /** What the last try to keep it, or to check it, said. */
  error = $state.raw<ErrorView | null>(null);
  readonly start: FileStart;
  #checked = $state<string | null>(null);
  #backend: Backend;

  constructor(backend: Backend, start: FileStart) {
    this.#backend = backend;
    this.start = start;
    this.text = start.text;
  }

  get isBlank(): boolean {
    return this.text.trim() === "";
  }

  get isChanged(): boolean {
    return this.text !== this.start.text;
  }

  /** Whether the check speaks of what stands there now. */
  get isChecked(): boolean {
    return this.#checked === this.text;
  }

  get isGood(): boolean {
    return this.isChecked && this.check?.problems.length === 0;
  }

  async runCheck(): Promise<void> {
    const { text } = this;
    const replaces = this.start.replaces?.id ?? null;
    try {
      const found = text.trim() === "" ? null : await this.#backend.checkProvider(text, replaces);
      if (text !== this.text) return;
      this.check = found;
      this.#checked = text;
      this.error = null;
    } catch (thrown) {
      this.error = errorView(thrown);
    }
  }

  /** The provider as it was kept; null where there is something to correct first. */
  async save(): Promise<ProviderView | null> {
    if (!this.isChecked) await this.runCheck();
    if (!this.isGood) return null;
    const replaces = this.start.replaces?.id ?? null;
    const request = { text: this.text, replaces, file: this.start.file ?? null };
    try {
      return await this.#backend.saveProvider(request);
    } catch (thrown) {
      this.error = errorView(thrown);
      return null;
    }
  }
}

/** The files behind the providers: those that cannot be used, the one shown, and the one being written. */
export class ProviderFiles {
  setAside = $state.raw<SetAside[]>([]);
  draft = $state.raw<FileDraft | null>(null);
  shown = $state.raw<{ provider: ProviderView; text: string } | null>(null);
  readonly load: () => Promise<void>;
  #backend: Backend;

  constructor(backend: Backend) {
    this.#backend = backend;
    this.load = reread(async () => {
      this.setAside = await backend.listSetAside();
    });
  }

  /** Answers false where another one was begun and not kept: it is gone on with, and nothing of it is lost. */
  write(start: FileStart): boolean {
    this.shown = null;
    const isFree = this.draft === null || this.draft.isBlank || !this.draft.isChanged;
    if (isFree) this.draft = new FileDraft(this.#backend, start);
    return isFree;
  }

  read(id: string): Promise<string> {
    return this.#backend.readProvider(id);
  }

  async show(provider: ProviderView): Promise<void> {
    this.shown = { provider, text: await this.read(provider.id) };
  }

  async edit({ id, name }: ProviderView): Promise<boolean> {
    return this.write({ text: await this.read(id), replaces: { id, name } });
  }

  /** The same under an id and a name of its own. */
  async copy({ id, name }: ProviderView, suffix: string): Promise<boolean> {
    const text = (await this.read(id))
      .replace(/^(\s*id\s*=\s*)"[^"]*"/m, `$1"${id}-${suffix}"`)
      .replace(/^(\s*name\s*=\s*)"[^"]*"/m, `$1"${name} ${suffix}"`);
    return this.write({ text });
  }

  mend({ file, text }: SetAside): boolean {
    return this.write({ text, file });
  }

  async remove(id: string): Promise<void> {
    await this.#backend.removeProvider(id);
  }

  async removeSetAside(file: string): Promise<void> {
    await this.#backend.removeSetAside(file);
  }

  export(id: string): Promise<string> {
    return this.#backend.exportProvider(id);
  }
}
