// JSON kept exactly as it came: numbers stay text, so that a long id loses no digit; members keep their order and doubles.
export type Json =
  | { kind: "object"; members: [string, Json][] }
  | { kind: "array"; items: Json[] }
  | { kind: "string"; text: string }
  | { kind: "number" | "literal"; text: string };

const DEEPEST = 200;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const LITERAL = /true|false|null/y;
// eslint-disable-next-line no-control-regex -- RFC 8259: a string holds none of them
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;

/** The tree of a JSON text, or null where it is none. */
export function parseJson(text: string): Json | null {
  const read = readJson(text);
  return typeof read === "number" ? null : read;
}

/** The tree of a JSON text, or the place where it is none. */
export function readJson(text: string): Json | number {
  let at = 0;
  const fail = (): never => {
    throw new SyntaxError(`not JSON at ${String(at)}`);
  };
  const space = () => {
    while (/[ \t\r\n]/.test(text.charAt(at))) at += 1;
  };
  const take = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found === undefined) return null;
    at += found.length;
    return found;
  };
  const expect = (mark: string) => {
    space();
    if (text.charAt(at) !== mark) fail();
    at += 1;
  };
  const ends = (mark: string): boolean => {
    space();
    if (text.charAt(at) !== mark) return false;
    at += 1;
    return true;
  };
  const name = (): string => {
    space();
    return JSON.parse(take(STRING) ?? fail()) as string;
  };
  const object = (depth: number): Json => {
    const members: [string, Json][] = [];
    if (ends("}")) return { kind: "object", members };
    for (;;) {
      const key = name();
      expect(":");
      members.push([key, value(depth)]);
      if (ends("}")) return { kind: "object", members };
      expect(",");
    }
  };
  const array = (depth: number): Json => {
    const items: Json[] = [];
    if (ends("]")) return { kind: "array", items };
    for (;;) {
      items.push(value(depth));
      if (ends("]")) return { kind: "array", items };
      expect(",");
    }
  };
  const value = (depth: number): Json => {
    if (depth > DEEPEST) fail();
    space();
    if (ends("{")) return object(depth + 1);
    if (ends("[")) return array(depth + 1);
    const string = take(STRING);
    if (string !== null) return { kind: "string", text: JSON.parse(string) as string };
    const number = take(NUMBER);
    if (number !== null) return { kind: "number", text: number };
    return { kind: "literal", text: take(LITERAL) ?? fail() };
  };
  try {
    const whole = value(0);
    space();
    return at === text.length ? whole : at;
  } catch {
    return at;
  }
}

/** RFC 6901: what a pointer points at. */
export function at(json: Json | undefined, pointer: string): Json | undefined {
  if (pointer === "") return json;
  let found = json;
  for (const raw of pointer.split("/").slice(1)) {
    const step = raw.replaceAll("~1", "/").replaceAll("~0", "~");
    // Some servers encode parts of their answers twice; the core reads them the same way.
    if (found?.kind === "string") found = parseJson(found.text) ?? undefined;
    if (found?.kind === "object") found = found.members.findLast(([name]) => name === step)?.[1];
    else if (found?.kind === "array")
      found = /^\d+$/.test(step) ? found.items[Number(step)] : undefined;
    else return undefined;
  }
  return found;
}

/** Every value that is no container, with its pointer. Empty containers count, so that nothing is lost. */
export function leaves(json: Json, pointer = ""): [string, Json][] {
  const children = childrenOf(json);
  if (children.length === 0) return [[pointer, json]];
  return children.flatMap(([step, child]) =>
    leaves(child, `${pointer}/${step.replaceAll("~", "~0").replaceAll("/", "~1")}`),
  );
}

function childrenOf(json: Json): [string, Json][] {
  if (json.kind === "object") return json.members;
  if (json.kind === "array") return json.items.map((item, index) => [String(index), item]);
  return [];
}

export type Part = { tone: "key" | "string" | "number" | "literal" | "mark"; text: string };
export type Line = { depth: number; parts: Part[] };

/** The text as pretty lines; short containers stay on one line. */
export function lines(json: Json, width = 72): Line[] {
  const out: Line[] = [];
  write(json, 0, [], "", width, out);
  return out;
}

const mark = (text: string): Part => ({ tone: "mark", text });

function write(
  json: Json,
  depth: number,
  before: Part[],
  after: string,
  width: number,
  out: Line[],
) {
  const children = childrenOf(json);
  const short = depth > 0 || children.length === 0 ? inline(json, width - depth * 2) : null;
  if (short) {
    out.push({ depth, parts: after ? [...before, ...short, mark(after)] : [...before, ...short] });
    return;
  }
  const [open, close] = json.kind === "object" ? ["{", "}"] : ["[", "]"];
  out.push({ depth, parts: [...before, mark(open)] });
  children.forEach(([name, child], index) => {
    const label: Part[] =
      json.kind === "object" ? [{ tone: "key", text: quoted(name) }, mark(": ")] : [];
    write(child, depth + 1, label, index < children.length - 1 ? "," : "", width, out);
  });
  out.push({ depth, parts: [mark(close + after)] });
}

/** On one line, or null where that would be too wide. */
function inline(json: Json, width: number): Part[] | null {
  const parts: Part[] = [];
  let used = 0;
  const add = (part: Part): boolean => {
    parts.push(part);
    used += part.text.length;
    return used <= width;
  };
  const walk = (node: Json): boolean => {
    if (node.kind === "string") return add({ tone: "string", text: quoted(node.text) });
    if (node.kind === "number" || node.kind === "literal")
      return add({ tone: node.kind, text: node.text });
    const isObject = node.kind === "object";
    const children = childrenOf(node);
    if (children.length === 0) return add(mark(isObject ? "{}" : "[]"));
    if (!add(mark(isObject ? "{ " : "["))) return false;
    for (const [index, [name, child]] of children.entries()) {
      if (index > 0 && !add(mark(", "))) return false;
      if (isObject && !(add({ tone: "key", text: quoted(name) }) && add(mark(": ")))) return false;
      if (!walk(child)) return false;
    }
    return add(mark(isObject ? " }" : "]"));
  };
  const fits = walk(json);
  // A lone value is written however long it is: there is nothing to break it at.
  return fits || childrenOf(json).length === 0 ? parts : null;
}

const quoted = (text: string): string => visible(JSON.stringify(text));

// Characters that change how their neighbours are shown, or show nothing: made visible, never obeyed. The same as in the core
// (jwt/visible.rs), but for tabs and line breaks, which a text may have.
const HIDDEN =
  // eslint-disable-next-line no-control-regex, no-misleading-character-class -- they are what is looked for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\u{e0000}-\u{e0fff}]/gu;

export function visible(text: string): string {
  return text.replace(HIDDEN, (found) => {
    const code = (found.codePointAt(0) ?? 0).toString(16);
    return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, "0")}`;
  });
}

/** A value as a person reads it, without quotes. */
export function plain(json: Json | undefined): string {
  if (json === undefined) return "";
  if (json.kind === "string") return visible(json.text);
  if (json.kind === "number" || json.kind === "literal") return json.text;
  return (
    inline(json, Infinity)
      ?.map(({ text }) => text)
      .join("") ?? ""
  );
}
