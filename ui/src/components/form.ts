// What all forms share: the values of fields, and what is wrong with them before anything is sent.
import type { Argument, Choice, ChosenFile, ErrorView, FieldValue, FieldView } from "../bindings";
import { argumentWords, formWords } from "../words/actions";
import { fileWords } from "../words/transfers";
import { parseJson } from "./json";

export type Values = Record<string, FieldValue>;

/** A field that no provider file describes: a line of text that is needed, but for what `more` says. */
export const plainField = (
  id: string,
  label: string,
  more: Partial<FieldView> = {},
): FieldView => ({
  id,
  label,
  hint: null,
  note: null,
  kind: "text",
  required: true,
  placeholder: null,
  initial: null,
  choices: [],
  list: null,
  lines: false,
  keep: "never",
  ...more,
});

/** A live list as a form sees it. */
export type ListState = {
  choices: Choice[];
  loading: boolean;
  loaded: boolean;
  error: ErrorView | null;
  refresh: () => Promise<void>;
  /** It can be read only after a login. */
  closed?: boolean;
};

export const closedList: ListState = {
  choices: [],
  loading: false,
  loaded: false,
  error: null,
  refresh: () => Promise.resolve(),
  closed: true,
};

/** Where files come from. A form holds of one what it is known by. */
export type FileSource = {
  file: (id: string) => ChosenFile | null;
  choose: () => Promise<ChosenFile | null>;
};

export const isFile = ({ kind }: { kind: string }): boolean => kind === "file";

export const asText = (value: FieldValue | undefined): string =>
  typeof value === "string" ? value : "";

export const asChosen = (value: FieldValue | undefined): string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];

export const asArguments = (value: FieldValue | undefined): Argument[] =>
  Array.isArray(value) ? value.filter((item) => typeof item !== "string") : [];

export const isBlank = ({ key, kind, value }: Argument): boolean =>
  key === "" && (value === "" || kind === "boolean");

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** What is wrong with a row of arguments, and in which of its two fields. */
export type ArgumentProblem = { at: "key" | "value"; text: string };

/** What is wrong with each row of arguments, in the order of the rows. */
export function argumentProblems(rows: readonly Argument[]): (ArgumentProblem | null)[] {
  const times = new Map<string, number>();
  for (const row of rows) if (!isBlank(row)) times.set(row.key, (times.get(row.key) ?? 0) + 1);
  return rows.map((row) => {
    if (isBlank(row)) return null;
    if (row.key === "") return { at: "key", text: argumentWords.missingKey };
    if ((times.get(row.key) ?? 0) > 1) return { at: "key", text: argumentWords.duplicate(row.key) };
    const isWrong = row.kind === "number" && !NUMBER.test(row.value.trim());
    return isWrong ? { at: "value", text: argumentWords.badNumber } : null;
  });
}

/** What the form shows: what was typed, else what each field begins with. */
export function shown(fields: readonly FieldView[], values: Values): Values {
  const initial = fields.flatMap(({ id, initial: value }) => (value === null ? [] : [[id, value]]));
  return { ...Object.fromEntries(initial), ...values };
}

/** What keeps the form from being sent, by field. A secret that is kept may be left empty. */
export function problems(
  fields: readonly FieldView[],
  values: Values,
  kept: readonly string[] = [],
): Record<string, string> {
  const found: Record<string, string> = {};
  for (const field of fields) {
    const required = field.required && !kept.includes(field.id);
    const problem = problemOf({ ...field, required }, values[field.id]);
    if (problem) found[field.id] = problem;
  }
  return found;
}

function problemOf(field: FieldView, value: FieldValue | undefined): string | null {
  if (field.kind === "arguments")
    return argumentProblems(asArguments(value)).some(Boolean) ? argumentWords.wrong : null;
  const text = asText(value).trim();
  if (field.kind === "number" && text !== "" && !NUMBER.test(text))
    return formWords.badNumber(field.label);
  if (field.kind === "json" && text !== "" && parseJson(text) === null)
    return formWords.badJson(field.label);
  if (!field.required) return null;
  if (field.kind === "choices")
    return asChosen(value).length === 0 ? formWords.chooseSome(field.label) : null;
  if (field.kind === "boolean" || text !== "") return null;
  if (isFile(field)) return fileWords.needed(field.label);
  return field.kind === "choice"
    ? formWords.chooseOne(field.label)
    : formWords.required(field.label);
}

/** The values as they are sent: without blank rows, empty optional fields, and fields of another form. */
export function toSend(fields: readonly FieldView[], values: Values): Values {
  const sent: Values = {};
  for (const field of fields) {
    const value = values[field.id];
    if (field.kind === "arguments")
      sent[field.id] = asArguments(value)
        .filter((row) => !isBlank(row))
        .map((row) => (row.kind === "number" ? { ...row, value: row.value.trim() } : row));
    else if (field.kind === "choices") sent[field.id] = asChosen(value);
    else if (asText(value) !== "") sent[field.id] = asText(value);
  }
  return sent;
}
