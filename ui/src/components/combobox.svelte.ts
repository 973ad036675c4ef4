// The keys and the state of a combobox, for pickers of one and of many.
import type { HTMLInputAttributes } from "svelte/elements";
import type { Choice } from "../bindings";
import { formWords } from "../words/actions";
import { matching, MOST_SHOWN, step } from "./picker";

type Doing = {
  choices: () => readonly Choice[];
  pick: (choice: Choice) => void;
  /** Backspace in an empty input. */
  removeLast?: () => void;
  /** The list cannot be had: what was typed is a choice too. */
  failed?: () => boolean;
};

export class Combobox {
  open = $state(false);
  query = $state("");
  active = $state(0);
  /** The arrows were used since the last letter: then Space means "this one", not a space. */
  #walked = $state(false);
  #doing: Doing;
  found: Choice[] = $derived.by(() => this.#found());

  constructor(doing: Doing) {
    this.#doing = doing;
  }

  #found(): Choice[] {
    const found = matching(this.#doing.choices(), this.query);
    const typed = this.query.trim();
    if (found.length > 0 || typed === "" || !this.#doing.failed?.()) return found;
    return [{ value: typed, label: formWords.asTyped(typed), detail: null }];
  }

  get count(): number {
    return Math.min(this.found.length, MOST_SHOWN);
  }

  /** What the input is that one types into, and what it hears. */
  input(id: string, invalid: boolean, describedBy?: string): HTMLInputAttributes {
    return {
      id,
      role: "combobox",
      type: "text",
      autocomplete: "off",
      spellcheck: false,
      "aria-expanded": this.open,
      "aria-controls": `${id}-list`,
      "aria-autocomplete": "list",
      "aria-activedescendant":
        this.open && this.count > 0 ? `${id}-list-${String(this.active)}` : undefined,
      "aria-invalid": invalid || undefined,
      "aria-describedby": describedBy,
      oninput: (event) => this.type(event.currentTarget.value),
      onkeydown: (event) => void this.key(event),
    };
  }

  /** The whole box leads to its input, but for its list. */
  press({ target }: MouseEvent, input?: HTMLInputElement): void {
    if (target instanceof Element && target.closest(".popup")) return;
    input?.focus();
    this.show();
  }

  /** The focus left something in the box. */
  left(event: FocusEvent & { currentTarget: HTMLElement }): void {
    if (!event.currentTarget.contains(event.relatedTarget as Node | null)) this.hide();
  }

  show(): void {
    if (this.open) return;
    this.open = true;
    this.active = 0;
    this.#walked = false;
  }

  hide(): void {
    this.open = false;
    this.query = "";
  }

  type(text: string): void {
    this.query = text;
    this.active = 0;
    this.#walked = false;
    this.open = true;
  }

  /** Handles a key; true where it was one of ours. */
  key(event: KeyboardEvent): boolean {
    if (event.ctrlKey || event.altKey || event.metaKey) return false;
    const handled = this.#key(event.key);
    if (!handled) return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  #key(key: string): boolean {
    switch (key) {
      case "ArrowDown":
      case "ArrowUp":
        return this.#walk(key === "ArrowDown" ? 1 : -1);
      case "Enter":
        return this.#pickActive();
      case " ":
        return (this.query === "" || this.#walked) && this.#pickActive();
      case "Escape":
        if (!this.open) return false;
        this.hide();
        return true;
      case "Backspace":
        if (this.query !== "" || !this.#doing.removeLast) return false;
        this.#doing.removeLast();
        return true;
      default:
        return false;
    }
  }

  #walk(by: 1 | -1): boolean {
    if (this.open) this.active = step(this.active, by, this.count);
    else this.show();
    this.#walked = true;
    return true;
  }

  #pickActive(): boolean {
    if (!this.open) {
      this.show();
      return true;
    }
    const choice = this.found[this.active];
    if (choice) this.#doing.pick(choice);
    return true;
  }
}
