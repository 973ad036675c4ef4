// Cells of the table: how they are read, and how wide their columns are.
import type { JsonValue, TableRow } from "../../../bindings";
import { at, visible, type Json, parseJson } from "../../../components/json";
import type { Answer } from "../../../state/answer.svelte";
import { plainText } from "./doings";

/** The core cuts longer ones. */
const CUT_AT = 200;
const [NARROWEST, WIDEST] = [9, 44];
/** Rows further down may have a little more. */
const SPARE = 2;
/** Of a letter, and beside them. */
const [LETTER_PX, PADDING_PX] = [7.3, 26];

/** A step of a JSON Pointer (RFC 6901). */
const step = (name: string): string => name.replaceAll("~", "~0").replaceAll("/", "~1");

export const isCut = (cell: string): boolean => Array.from(cell).length >= CUT_AT;

/** As a person reads it. */
export const shownCell = (cell: string | null): string =>
  cell === null ? "" : visible(plainText({ text: cell, cut: isCut(cell) }).replace(/\s+/g, " "));

/** What a cell is, whole; of one that is cut the row is read. */
export async function readCell(
  answer: Answer,
  row: TableRow,
  column: number,
): Promise<JsonValue | null> {
  const table = answer.shape?.json?.table;
  const [name, cell] = [table?.columns[column], row.cells[column]];
  if (!table || name === undefined || cell == null) return null;
  const pointer = `${table.pointer}/${String(row.row)}/${step(name)}`;
  if (!isCut(cell)) return { pointer, text: cell, cut: false };
  const whole = await answer.value(row.offset);
  const found = at(parseJson(whole.text) ?? undefined, `/${step(name)}`);
  return found ? { pointer, text: written(found), cut: false } : { pointer, text: cell, cut: true };
}

/** JSON again, on one line. */
function written(json: Json): string {
  if (json.kind === "string") return JSON.stringify(json.text);
  if (json.kind === "array") return `[${json.items.map(written).join(",")}]`;
  if (json.kind !== "object") return json.text;
  return `{${json.members.map(([name, value]) => `${JSON.stringify(name)}:${written(value)}`).join(",")}}`;
}

export const widthOf = (letters: number): number => Math.ceil(letters * LETTER_PX + PADDING_PX);

/** The columns as CSS says them, by what stands in some rows. The last takes what is left. */
export function widths(columns: readonly string[], rows: readonly TableRow[]): string {
  const all = columns.map((name, column) => {
    const longest = Math.max(
      name.length,
      ...rows.map(({ cells }) => shownCell(cells[column] ?? null).length),
    );
    return `${String(widthOf(Math.min(WIDEST, Math.max(NARROWEST, longest + SPARE))))}px`;
  });
  const last = all.pop();
  return [...all, ...(last ? [`minmax(${last}, 1fr)`] : [])].join(" ");
}
