// Targets of a table.

/** What was read of it, and the fields that its rows fill by themselves. */
export type Csv = {
  text: string;
  mapping: Record<string, string>;
  rows: Record<string, string>[];
  fills: string[];
};

/** Rows as they were read from a text, or as they were saved. */
export function csvOf(
  rows: Record<string, string>[],
  text = "",
  mapping: Record<string, string> | null = null,
): Csv {
  const names = new Set(rows.flatMap((row) => Object.keys(row)));
  const whole = mapping ?? Object.fromEntries([...names].map((name) => [name, name]));
  // Arguments of a row stand beside those of the form.
  const fills = [...new Set(Object.values(whole))].filter((field) => !field.includes("."));
  return { text, mapping: whole, rows, fills };
}
