// Lists longer than an engine draws: WebKit clamps a box at 33,554,431 px, Firefox at 17,895,697. A longer list is drawn that
// high at most, and a place on the scrollbar stands for a place in it.
const MOST_PX = 10_000_000;

export class Scale {
  /** All rows under one another. */
  readonly whole: number;
  /** The height that they are given. */
  readonly drawn: number;
  readonly #room: number;

  constructor(rows: number, height: number, room: number) {
    this.whole = rows * height;
    this.drawn = Math.min(this.whole, MOST_PX);
    this.#room = room;
  }

  /** One pixel of scrolling is more than one of the list. */
  get isScaled(): boolean {
    return this.whole > this.drawn;
  }

  /** The furthest place at the top. */
  get end(): number {
    return Math.max(0, this.whole - this.#room);
  }

  clamp(position: number): number {
    return Math.min(this.end, Math.max(0, position));
  }

  /** What place is at the top when it is scrolled so far. */
  position(scrolled: number): number {
    return this.isScaled ? this.clamp((scrolled / this.#drawnEnd) * this.end) : scrolled;
  }

  /** How far it is scrolled when that place is at the top. */
  scrolled(position: number): number {
    return this.isScaled ? (this.clamp(position) / this.end) * this.#drawnEnd : position;
  }

  get #drawnEnd(): number {
    return Math.max(1, this.drawn - this.#room);
  }
}
