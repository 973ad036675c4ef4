import type { ComparedLine, ExchangeRow } from "../bindings";

/** Two exchanges line by line, and the difference one is at. */
export class Comparison {
  readonly one: ExchangeRow;
  readonly other: ExchangeRow;
  readonly lines: readonly ComparedLine[];
  /** Where each difference begins. */
  readonly places: readonly number[];
  at = $state<number | null>(null);

  constructor(one: ExchangeRow, other: ExchangeRow, lines: readonly ComparedLine[]) {
    this.one = one;
    this.other = other;
    this.lines = lines;
    const differs = (row: number): boolean => (lines[row]?.side ?? "both") !== "both";
    this.places = lines.flatMap((_, row) => (differs(row) && !differs(row - 1) ? [row] : []));
  }

  /** The line that the difference begins with. */
  get line(): number | null {
    return this.at === null ? null : (this.places[this.at] ?? null);
  }

  /** To the difference beside it, round at the ends. */
  step(by: 1 | -1): void {
    const amount = this.places.length;
    if (amount === 0) return;
    const from = this.at ?? (by === 1 ? -1 : 0);
    this.at = (from + by + amount) % amount;
  }
}
