// What can be done with a value of an answer, from the tree and from the table.
import type { JsonRow, JsonValue } from "../../../bindings";
import { parseJson, visible } from "../../../components/json";
import type { App } from "../../../state/app.svelte";
import type { Answer } from "../../../state/answer.svelte";
import { answerWords as words } from "../../../words/answer";

/** A value that was picked: what it is called, and how it is read whole. */
export type Picked = { name: string; read: () => Promise<JsonValue> };

/** A text without its quotes and escapes; anything else as it stands there. */
export function plainText({ text, cut }: Pick<JsonValue, "text" | "cut">): string {
  if (!text.startsWith('"')) return text;
  const whole = parseJson(text);
  if (whole?.kind === "string") return whole.text;
  return cut ? text.slice(1) : text;
}

export const nameOfRow = ({ name, index }: JsonRow): string =>
  visible(name ?? (index === null ? words.root : String(index)));

export class Doings {
  readonly #app: App;
  readonly #answer: Answer;

  constructor(app: App, answer: Answer) {
    this.#app = app;
    this.#answer = answer;
  }

  copyValue(picked: Picked): Promise<unknown> {
    return this.#with(picked, async (value) => {
      const error = await this.#app.copyText(plainText(value), words.value);
      if (error === null && value.cut) this.#app.toasts.say(words.cutCopied);
    });
  }

  copyPointer(picked: Picked): Promise<unknown> {
    return this.#with(picked, ({ pointer }) => this.#app.copyText(pointer, words.pointer));
  }

  /** Shows all of it; `naming`: to give it a name, by which other requests have it. */
  read(picked: Picked, naming = false): Promise<unknown> {
    return this.#with(picked, async (value) => {
      const { id: answer } = this.#answer;
      this.#app.overlays.open({ kind: "answer_value", answer, name: picked.name, value, naming });
    });
  }

  find(text: string): void {
    const { search } = this.#answer;
    search.open = true;
    search.text = text;
    void search.find();
  }

  /** Of the keys in a tree or table: those that do something with the value one is at. */
  key(event: KeyboardEvent, picked: Picked): boolean {
    const control = (event.ctrlKey || event.metaKey) && !event.altKey;
    const key = event.key.toLowerCase();
    if (control && key === "c") {
      // What was marked with the mouse is what one means.
      if (!event.shiftKey && getSelection()?.isCollapsed === false) return false;
      void (event.shiftKey ? this.copyPointer(picked) : this.copyValue(picked));
    } else if (key === "v" && !control && !event.altKey) void this.read(picked, true);
    else return false;
    event.preventDefault();
    return true;
  }

  #with(picked: Picked, doing: (value: JsonValue) => Promise<unknown>): Promise<unknown> {
    return this.#app.tell(async () => {
      await doing(await picked.read());
    });
  }
}

/** The keys that open a row's menu. */
export const opensMenu = ({ key, shiftKey }: KeyboardEvent): boolean =>
  key === "ContextMenu" || (shiftKey && key === "F10");
