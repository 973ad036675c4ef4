import { errorView } from "../backend/backend";
import type { ErrorView } from "../bindings";

/** So many rows are read at once; and so many pages are held. */
export const PAGE = 200;
const MOST_PAGES = 12;

/** Rows far too many to hold: read by pages where they are looked at, and forgotten far from there. */
export class Windows<T> {
  total = $state(0);
  error = $state.raw<ErrorView | null>(null);
  /** By their number. */
  #pages = $state.raw<Readonly<Record<number, readonly T[]>>>({});
  readonly #read: (from: number, count: number) => Promise<T[]>;
  /** What is looked at: from a row to before another. */
  #wanted: readonly [number, number] = [0, 0];
  #generation = 0;
  #turning = 0;
  #reading = false;

  constructor(read: (from: number, count: number) => Promise<T[]>) {
    this.#read = read;
  }

  /** None until it is read. */
  at(row: number): T | undefined {
    return this.#pages[Math.floor(row / PAGE)]?.[row % PAGE];
  }

  /** How many rows are held. */
  get held(): number {
    return Object.values(this.#pages).reduce((sum, rows) => sum + rows.length, 0);
  }

  /** These are looked at. However fast that moves, at most one page is on its way, and the next is one of the last asked for. */
  want(from: number, to: number): void {
    this.#wanted = [from, to];
    void this.#catchUp();
  }

  /** Other rows stand there from now on. Those in view are read before any is shown, so that old and new never mix. */
  async turn(total: number, around: number | null = null): Promise<void> {
    this.#generation += 1;
    const generation = this.#generation;
    if (around !== null) {
      const half = Math.ceil((this.#wanted[1] - this.#wanted[0]) / 2);
      this.#wanted = [Math.max(0, around - half), around + half + 1];
    }
    this.#turning += 1;
    try {
      const pages = this.#inView(total);
      const read = await Promise.all(pages.map((page) => this.#read(page * PAGE, PAGE)));
      if (generation !== this.#generation) return;
      this.#pages = Object.fromEntries(pages.map((page, index) => [page, read[index] ?? []]));
      this.total = total;
      this.error = null;
    } catch (thrown) {
      if (generation === this.#generation) this.error = errorView(thrown);
    } finally {
      this.#turning -= 1;
    }
    void this.#catchUp();
  }

  /** Nobody looks any more: all is forgotten but how many there are. */
  leave(): void {
    this.#generation += 1;
    this.#wanted = [0, 0];
    this.#pages = {};
  }

  #inView(total: number): number[] {
    const [from, to] = this.#wanted;
    const [first, last] = [Math.floor(from / PAGE), Math.ceil(Math.min(to, total) / PAGE)];
    return Array.from({ length: Math.max(0, last - first) }, (_, index) => first + index);
  }

  async #catchUp(): Promise<void> {
    if (this.#reading) return;
    this.#reading = true;
    let generation = this.#generation;
    try {
      for (;;) {
        generation = this.#generation;
        const page = this.#inView(this.total).find((one) => !(one in this.#pages));
        if (page === undefined || this.#turning > 0) break;
        const rows = await this.#read(page * PAGE, PAGE);
        if (generation === this.#generation) this.#keep(page, rows);
      }
    } catch (thrown) {
      if (generation === this.#generation) this.error = errorView(thrown);
    } finally {
      this.#reading = false;
    }
  }

  #keep(page: number, rows: readonly T[]): void {
    const middle = (this.#wanted[0] + this.#wanted[1]) / 2 / PAGE;
    const away = ([one]: [string, readonly T[]]): number => Math.abs(Number(one) + 0.5 - middle);
    const all = Object.entries({ ...this.#pages, [page]: rows });
    const nearest = all.sort((one, other) => away(one) - away(other)).slice(0, MOST_PAGES);
    this.#pages = Object.fromEntries(nearest);
    this.error = null;
  }
}
