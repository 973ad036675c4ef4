// Bodies that the fake answers with: lines that are made when they are looked at, so that a list of 100,000 rows costs nothing.
import { children, parse, type Node } from "./json-nodes";
import type { JsonFault, TableShape } from "../../bindings";

export type Body = {
  size: number;
  lines: number;
  line: (at: number) => string;
  /** Where a line begins. */
  begins: (at: number) => number;
  root: Node | null;
  table: TableShape | null;
  fault: JsonFault | null;
  isText: boolean;
};

/** Of a text that is held. */
export function held(text: string, fault: JsonFault | null = null): Body {
  const lines = text.split("\n");
  const starts = lines.reduce<number[]>(
    (all, line) => [...all, (all.at(-1) ?? 0) + line.length + 1],
    [0],
  );
  const root = parse(fault ? `${text.slice(0, fault.offset)}` : text);
  return {
    size: text.length,
    lines: lines.length,
    line: (at) => lines[at] ?? "",
    begins: (at) => starts[at] ?? text.length,
    root,
    table: null,
    fault,
    isText: true,
  };
}

const WIDTH = 190;
const NAMES = [
  "lobby-evening",
  "pool-wide",
  "menu-winter",
  "suite-204",
  "garden-drone",
  "logo-reversed",
  "breakfast-02",
];
const TYPES = [
  "image/jpeg",
  "image/jpeg",
  "application/pdf",
  "image/tiff",
  "video/mp4",
  "image/svg+xml",
  "image/jpeg",
];
const COLUMNS = ["id", "name", "content_type", "size", "updated_on", "folder"];

function file(at: number): string {
  const kind = at % NAMES.length;
  const type = TYPES[kind] ?? "";
  const value = {
    id: 88120431 + at,
    name: `${NAMES[kind] ?? ""}-${String(at)}.${type.split("/")[1] ?? ""}`,
    content_type: type,
    size: 14_000 + ((at * 7919) % 92_000_000),
    updated_on: `2026-${String(1 + (at % 12)).padStart(2, "0")}-${String(1 + (at % 28)).padStart(2, "0")}`,
    folder: at % 5 === 0 ? null : { id: 1284331, tags: ["press", "2026"] },
  };
  return JSON.stringify(value);
}

/** A list of files, one a line, all lines as long as one another. */
export function files(rows: number, isOpenEnded = false): Body {
  const line = (at: number): string => {
    if (at === 0) return "[";
    if (at > rows) return "]";
    return `${file(at - 1)}${at < rows ? "," : ""}`.padEnd(WIDTH - 1);
  };
  const begins = (at: number): number => (at === 0 ? 0 : 2 + (at - 1) * WIDTH);
  const child = (at: number): Node => ({ ...parse(file(at), begins(at + 1)), index: at }) as Node;
  return {
    size: 2 + rows * WIDTH + 2,
    lines: rows + 2,
    line,
    begins,
    root: {
      kind: "array",
      offset: 0,
      name: null,
      index: null,
      text: "",
      source: "[]",
      amount: isOpenEnded ? null : rows,
      held: rows,
      child,
    },
    table: { columns: COLUMNS, rows, pointer: "" },
    fault: null,
    isText: true,
  };
}

export const cellsOf = (row: Node): (string | null)[] =>
  COLUMNS.map((name) => {
    return (
      children(row)
        .find((one) => one.name === name)
        ?.source.slice(0, 200) ?? null
    );
  });

const deep = (levels: number): string => `${'{"in":'.repeat(levels)}"at last"${"}".repeat(levels)}`;

export const odd = (): Body =>
  held(`{
  "id": 12345678901234567890,
  "price": 1.50,
  "tiny": 1e-400,
  "name": "first",
  "name": "second",
  "empty": {},
  "none": [],
  "hidden": "one\\u202Etwo",
  "note": "${"A long text that goes on. ".repeat(60)}",
  "tags": ["press", "winter", true, null],
  "deep": ${deep(60)}
}`);

export const broken = (): Body =>
  held(
    `{\n  "status": "ok",\n  "files": [\n    { "id": 1, "name": "lobby" },\n    { "id": 2, "name: "pool" }\n  ]\n}`,
    {
      reason: "unexpected_character",
      line: 5,
      column: 23,
      offset: 84,
    },
  );

export const bytes = (size: number): Body => ({
  size,
  lines: 0,
  line: () => "",
  begins: () => 0,
  root: null,
  table: null,
  fault: null,
  isText: false,
});

/** A page that says so. pdf.js finds the parts of a file without a table of them. */
export const pdf = (): Body => ({
  ...held(`%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 420 300]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>endobj
4 0 obj<</Length 44>>stream
BT /F1 24 Tf 60 200 Td (Winter menu) Tj ET
endstream endobj
5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj
trailer<</Root 1 0 R>>`),
  root: null,
});
