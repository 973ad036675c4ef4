import type { Backend } from "../backend/backend";
import { errorView } from "../backend/backend";
import type { AnswerMatch, ErrorView } from "../bindings";

/** A text looked for in one answer. */
export class AnswerSearch {
  open = $state(false);
  text = $state("");
  matchCase = $state(false);
  /** How often it is there; none until it is known. */
  total = $state<number | null>(null);
  /** There are more than were counted. */
  cut = $state(false);
  /** The match that one is at, from 0; none before the first. */
  at = $state<number | null>(null);
  searching = $state(false);
  error = $state.raw<ErrorView | null>(null);
  readonly #backend: Backend;
  readonly #answer: string;
  /** Goes up whenever something else is looked for: what is found for what came before is dropped. */
  #question = 0;

  constructor(backend: Backend, answer: string) {
    this.#backend = backend;
    this.#answer = answer;
  }

  /** Whether what is found is of what stands there. */
  get isAnswered(): boolean {
    return this.total !== null && !this.searching;
  }

  async find(): Promise<void> {
    this.#question += 1;
    const question = this.#question;
    this.total = null;
    this.at = null;
    this.error = null;
    this.searching = this.text !== "";
    if (!this.searching) return;
    try {
      const found = await this.#backend.searchAnswer(this.#answer, this.text, this.matchCase);
      if (question !== this.#question) return;
      this.total = found.total;
      this.cut = found.cut;
    } catch (thrown) {
      if (question === this.#question) this.error = errorView(thrown);
    } finally {
      if (question === this.#question) this.searching = false;
    }
  }

  /** So many matches on or back; round at the ends. None where there is nothing to go to. */
  async step(by: 1 | -1): Promise<AnswerMatch | null> {
    const { total } = this;
    if (total === null || total === 0 || this.searching) return null;
    const question = this.#question;
    const next = this.at === null ? (by === 1 ? 0 : total - 1) : (this.at + by + total) % total;
    this.at = next;
    try {
      const match = await this.#backend.answerMatch(this.#answer, next);
      return question === this.#question && this.at === next ? match : null;
    } catch (thrown) {
      if (question === this.#question) this.error = errorView(thrown);
      return null;
    }
  }

  close(): void {
    this.open = false;
    this.text = "";
    void this.find();
  }
}
