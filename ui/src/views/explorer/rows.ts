// Rows as they are pasted: `name: value` lines, or `a=b&c=d`.
import type { RequestRow } from "../../bindings";
import { pairsOf } from "../../state/request";

/** None where the text is one plain value. */
export function pastedRows(text: string): RequestRow[] | null {
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const [only = ""] = lines;
  if (lines.length === 1)
    return /^[^=&\s]+=[^&]*(&[^=&\s]+=[^&]*)+$/.test(only) ? pairsOf(only) : null;
  const rows = lines.map(lineRow);
  return rows.length > 0 && rows.every((row) => row !== null) ? rows : null;
}

/** `name: value`, `name=value`, `name<tab>value`. */
function lineRow(line: string): RequestRow | null {
  const found = /^([^:=\t]+)[:=\t](.*)$/s.exec(line);
  if (!found) return null;
  const [, name = "", value = ""] = found;
  return { name: name.trim(), value: value.trim(), on: true };
}
