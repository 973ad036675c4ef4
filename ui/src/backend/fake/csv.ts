// Targets from a CSV, as the fake reads one: commas only, no quotes.
import type { CsvPreview, CsvProblem } from "../../bindings";
import { BackendError } from "../backend";
import { actions } from "./catalogue";
import { fault } from "./people";

export function readCsv(
  action: string,
  text: string,
  given: Record<string, string> | null,
): CsvPreview {
  const [first = "", ...lines] = text.trim().split(/\r?\n/);
  const columns = first.split(",").map((name) => name.trim());
  if (columns.every((name) => name === ""))
    throw new BackendError(
      fault("invalid_input", "The first line must name the columns.", { field: "text" }),
    );
  const form = actions.find(({ id }) => id === action);
  const target = form?.target_field ?? "";
  const mapping = given ?? Object.fromEntries(columns.map((name) => [name, fieldOf(name, target)]));
  const again = columns.filter((name, at) => name !== "" && columns.indexOf(name) < at);
  const twice = (name: string) => ({ line: 1, message: `“${name}” stands there twice.` });
  const problems: CsvProblem[] = again.map(twice);
  const values: Record<string, string>[] = [];
  lines.forEach((line, index) => {
    const cells = line.split(",");
    const say = (message: string) => problems.push({ line: index + 2, message });
    if (cells.length > columns.length)
      return say(`It has ${String(cells.length)} cells for ${String(columns.length)} columns.`);
    const row = Object.fromEntries(
      columns.flatMap((name, at) => {
        const field = mapping[name];
        return field === undefined ? [] : [[field, cells[at]?.trim() ?? ""]];
      }),
    );
    if (!row[target]) return say("It names no target.");
    return values.push(row);
  });
  return { columns, rows: values.length, mapping, problems, values };
}

const fieldOf = (column: string, target: string): string => {
  const name = column.toLowerCase();
  return target.startsWith(name) || name === "workflow"
    ? name === "workflow"
      ? name
      : target
    : `arguments.${column}`;
};
