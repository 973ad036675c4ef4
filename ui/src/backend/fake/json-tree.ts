// Which rows of a tree are visible, of one whose nodes are made when they are looked at.
import type { JsonRow } from "../../bindings";
import type { Node } from "./json-nodes";

/** A node that is open: its open members by their place. */
type Open = { node: Node; rows: number; open: Map<number, Open> };
type Found = { node: Node; depth: number; parent: Open | null; at: number; open: Open | undefined };

export class Tree {
  #root: Open | null;
  readonly #node: Node;

  constructor(node: Node) {
    this.#node = node;
    this.#root = opened(node);
  }

  /** Rows at the end of a list that grew. */
  get rows(): number {
    return 1 + (this.#root?.rows ?? 0);
  }

  row(row: number): JsonRow | null {
    const found = this.#find(row);
    if (!found) return null;
    const { node, depth, open, parent } = found;
    const isContainer = node.kind === "object" || node.kind === "array";
    const twins = parent?.node.kind === "object" ? siblings(parent.node, node.name) : 1;
    return {
      row,
      offset: node.offset,
      depth,
      name: node.name,
      index: node.index,
      kind: node.kind,
      text: node.text.slice(0, 2000),
      cut: node.text.length > 2000,
      children: isContainer ? node.amount : null,
      open: open !== undefined,
      repeated: twins > 1,
    };
  }

  toggle(row: number, open: boolean, all: boolean): number {
    const found = this.#find(row);
    if (!found || found.node.held === 0) return this.rows;
    const next = open ? (all ? wholly(found.node) : opened(found.node)) : undefined;
    if (!found.parent) this.#root = next ?? null;
    else if (next) found.parent.open.set(found.at, next);
    else found.parent.open.delete(found.at);
    this.#count();
    return this.rows;
  }

  /** The row of what stands at a place of the text. */
  reveal(offset: number): number {
    let [row, level] = [0, (this.#root ??= opened(this.#node))];
    for (;;) {
      const at = lastBefore(level.node, offset);
      if (at < 0) return row;
      row += 1 + at;
      for (const [index, inner] of level.open) if (index < at) row += inner.rows;
      const node = level.node.child(at);
      if (node.held === 0 || node.offset >= offset || lastBefore(node, offset) < 0) break;
      const inner = level.open.get(at) ?? opened(node);
      level.open.set(at, inner);
      level = inner;
    }
    this.#count();
    return row;
  }

  pointer(offset: number): { pointer: string; node: Node } {
    let [pointer, node] = ["", this.#node];
    while (node.offset !== offset) {
      const at = lastBefore(node, offset);
      if (at < 0) break;
      node = node.child(at);
      const step = node.name ?? String(node.index ?? 0);
      pointer += `/${step.replaceAll("~", "~0").replaceAll("/", "~1")}`;
    }
    return { pointer, node };
  }

  #find(row: number): Found | null {
    if (row === 0)
      return { node: this.#node, depth: 0, parent: null, at: 0, open: this.#root ?? undefined };
    let [left, level, depth] = [row - 1, this.#root, 1];
    while (level) {
      let before = 0;
      const inside = [...level.open].sort(([one], [other]) => one - other);
      const into = inside.find(([at, inner]) => {
        if (left <= at + before || left > at + before + inner.rows) {
          if (left > at + before) before += inner.rows;
          return false;
        }
        left -= at + before + 1;
        return true;
      });
      if (into) {
        [level, depth] = [into[1], depth + 1];
        continue;
      }
      const at = left - before;
      if (at >= level.node.held) return null;
      return { node: level.node.child(at), depth, parent: level, at, open: level.open.get(at) };
    }
    return null;
  }

  #count(): void {
    const count = (one: Open): number => {
      one.rows = [...one.open.values()].reduce((sum, inner) => sum + count(inner), one.node.held);
      return one.rows;
    };
    if (this.#root) count(this.#root);
  }
}

const opened = (node: Node): Open => ({ node, rows: node.held, open: new Map() });

function wholly(node: Node): Open {
  const all = opened(node);
  for (let at = 0; at < node.held; at += 1) {
    const child = node.child(at);
    if (child.held > 0) all.open.set(at, wholly(child));
  }
  return all;
}

function siblings(node: Node, name: string | null): number {
  let same = 0;
  for (let at = 0; at < node.held; at += 1) if (node.child(at).name === name) same += 1;
  return same;
}

/** The last member that begins at a place or before it. */
function lastBefore(node: Node, offset: number): number {
  let [low, high] = [0, node.held];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (node.child(middle).offset <= offset) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
