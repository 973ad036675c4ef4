// Texts of targets from a table.
import { counted, number } from "./label";

export const csvWords = {
  open: "From a CSV...",
  title: "Targets from a CSV",
  line: "Its first line names the columns. Nothing is sent yet.",
  text: "Table",
  placeholder: "device,room\n990007560234567,204\n990007560234568,117",
  pick: "Choose a file...",
  file: "CSV file",
  refused: {
    too_large: "This file is too large: at most 16 MB.",
    not_text: "This is not a text file.",
  },
  columns: "What each column fills",
  nothing: "Nothing",
  argument: (column: string) => `Argument “${column}”`,
  fills: (column: string) => `What “${column}” fills`,
  rows: (amount: number) => `${counted(amount, "row")} can be sent.`,
  noRows: "No row can be sent.",
  headings: { column: "Column", fills: "Fills", samples: "First rows" },
  long: (characters: string) =>
    `A table of ${characters} characters. It is read, and too long to be shown here.`,
  problems: "What is wrong",
  atLine: (line: number) => `Line ${number(line)}`,
  left: "A line with a mistake is left out.",
  use: (amount: number) => `Use ${counted(amount, "row")}`,
  used: (amount: number) => `${counted(amount, "row")} of a CSV`,
  change: "Change...",
  remove: "Take away",
} as const;

/** "They fill Devices, Workflow and the arguments room and floor." */
export function fillsWords(
  mapping: Record<string, string>,
  fields: readonly { id: string; label: string }[],
): string {
  const filled = Object.values(mapping);
  const labels = fields.filter(({ id }) => filled.includes(id)).map(({ label }) => label);
  const names = filled
    .filter((name) => name.includes("."))
    .map((name) => name.replace(/^[^.]*\./, ""));
  const given =
    names.length > 0
      ? [`the ${names.length === 1 ? "argument" : "arguments"} ${listed(names)}`]
      : [];
  return `They fill ${listed([...labels, ...given])}.`;
}

const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1) ?? ""}`;
