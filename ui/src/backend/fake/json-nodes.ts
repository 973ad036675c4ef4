// JSON of the fake as a tree whose nodes know where they stand.
import type { JsonKind } from "../../bindings";

export type Node = {
  kind: JsonKind;
  offset: number;
  name: string | null;
  index: number | null;
  text: string;
  /** Exactly as it stands there, of an object or array too. */
  source: string;
  /** How many members it has; none where it is not known. */
  amount: number | null;
  /** How many of them are there. */
  held: number;
  child: (at: number) => Node;
};

const TOKEN = /\s*("(?:[^"\\]|\\.)*"|[{}[\]:,]|[^\s{}[\],:]+)/y;

/** As far as it is JSON. */
export function parse(text: string, base = 0): Node | null {
  let at = 0;
  const peek = (): string | undefined => {
    TOKEN.lastIndex = at;
    return TOKEN.exec(text)?.[1];
  };
  const take = (): { token: string; offset: number } => {
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(text);
    at = found ? TOKEN.lastIndex : text.length;
    const token = found?.[1] ?? "";
    return { token, offset: base + at - token.length };
  };
  const value = (): Node => {
    const { token, offset } = take();
    if (token === "{" || token === "[") return container(token, offset);
    const leaf: Node = {
      kind: kindOf(token),
      offset,
      name: null,
      index: null,
      text: token,
      source: token,
      amount: null,
      held: 0,
      child: () => leaf,
    };
    return leaf;
  };
  const container = (opening: string, offset: number): Node => {
    const members: Node[] = [];
    const closing = opening === "{" ? "}" : "]";
    while (peek() !== closing && peek() !== undefined) {
      let name: string | null = null;
      if (opening === "{") {
        const { token } = take();
        name = token.startsWith('"') && token.endsWith('"') ? (JSON.parse(token) as string) : token;
        if (peek() !== ":") break;
        take();
      }
      members.push({ ...value(), name, index: opening === "[" ? members.length : null });
      if (peek() === ",") take();
    }
    const isWhole = take().token === closing;
    const child = (index: number): Node => members[index] as Node;
    return {
      kind: opening === "{" ? "object" : "array",
      offset,
      name: null,
      index: null,
      text: "",
      source: text.slice(offset - base, at),
      amount: isWhole ? members.length : null,
      held: members.length,
      child,
    };
  };
  return peek() === undefined ? null : value();
}

const kindOf = (token: string): JsonKind => {
  if (token.startsWith('"')) return "string";
  if (token === "true" || token === "false") return "boolean";
  return token === "null" ? "null" : "number";
};

export const children = (node: Node): Node[] =>
  Array.from({ length: node.held }, (_, at) => node.child(at));
