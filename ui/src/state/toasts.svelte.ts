import type { ErrorView } from "../bindings";
import { errorParticulars, errorWords } from "../words/errors";

export type Toast = { id: number; text: string; detail: string; bad: boolean };
const GOOD_MS = 5000;
const BAD_MS = 12000;

/** Short messages at the corner: what was copied, what failed away from any form. */
export class Toasts {
  shown = $state.raw<Toast[]>([]);
  #next = 1;

  say(text: string): void {
    this.#add({ id: this.#next++, text, detail: "", bad: false }, GOOD_MS);
  }

  /** Nothing failed here, and it is no good news. */
  warn(text: string): void {
    this.#add({ id: this.#next++, text, detail: "", bad: true }, BAD_MS);
  }

  fail(error: ErrorView): void {
    const { title, advice } = errorWords[error.code];
    const detail = [errorParticulars(error), advice].filter(Boolean).map(ended).join(" ");
    this.#add({ id: this.#next++, text: title, detail, bad: true }, BAD_MS);
  }

  dismiss(id: number): void {
    this.shown = this.shown.filter((toast) => toast.id !== id);
  }

  #add(toast: Toast, lasts: number): void {
    this.shown = [...this.shown.slice(-2), toast];
    setTimeout(() => {
      this.dismiss(toast.id);
    }, lasts);
  }
}

/** What the core says may be a sentence already. */
const ended = (text: string): string => (/[.?!]$/.test(text) ? text : `${text}.`);
