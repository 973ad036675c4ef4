// A JSON body as it is typed: variables may stand in it that are no JSON themselves.
import { lines, readJson } from "../../../components/json";

/** Strings stay; what stands outside of them is a variable. */
const TOKENS = /"(?:[^"\\]|\\.)*"|\{\{\s*[^{}]*\}\}/g;
/** So much is looked at while one types. */
const MOST_CHARACTERS = 512 * 1024;

export type Fault = { at: number; line: number; column: number };

/** Where the text is no JSON; none where it is, or is nothing at all. */
export function faultOf(text: string): Fault | null {
  if (text.trim() === "" || text.length > MOST_CHARACTERS) return null;
  // As long as what it stands for, so that places stay.
  const read = readJson(
    text.replace(TOKENS, (token) => (isVariable(token) ? "0".padEnd(token.length) : token)),
  );
  if (typeof read !== "number") return null;
  const before = text.slice(0, read).split("\n");
  return { at: read, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/** Set out in lines; as it is where it is no JSON. Numbers and the order of members stay. */
export function formatted(text: string): string {
  const variables: string[] = [];
  const marked = text.replace(TOKENS, (token) => {
    if (!isVariable(token)) return token;
    variables.push(token);
    return `"${MARK}${String(variables.length - 1)}"`;
  });
  const json = readJson(marked);
  if (typeof json === "number") return text;
  const out = lines(json).map(
    ({ depth, parts }) => "  ".repeat(depth) + parts.map((part) => part.text).join(""),
  );
  const shown = out.join("\n").replace(MARKED, (_, at: string) => variables[Number(at)] ?? "");
  // What is shown in place of characters that show nothing may be no JSON.
  return faultOf(shown) === null ? shown : text;
}

const isVariable = (token: string): boolean => token.startsWith("{{");
/** Stands in no text that a person types. */
const MARK = "keydesk variable ";
const MARKED = new RegExp(`"${MARK}(\\d+)"`, "g");
