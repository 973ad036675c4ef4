// What is odd about a claim, what is wrong with a text that looks like a JWT, and what a token permits.
import type { ClaimHint, TokenFault, TokenPart, TokenProblem } from "../bindings";
import { counted, number } from "./label";

export const hintWords: Record<ClaimHint, string> = {
  repeated: "its name is there more than once",
  not_a_time: "this should be a number of seconds since 1970",
  quoted_number: "this is text; the standard says a number",
  milliseconds: "read as milliseconds; the standard says seconds",
  no_such_time: "no calendar has such a time",
  before_the_epoch: "this is before 1970",
  ends_before_it_begins: "it ends before it begins",
  hidden_characters: "it has characters that can’t be seen",
};

const parts: Record<TokenPart, string> = {
  header: "header",
  payload: "payload",
  signature: "signature",
  encrypted_key: "encrypted key",
  initialization_vector: "initialization vector",
  ciphertext: "ciphertext",
  authentication_tag: "authentication tag",
};
const faults: Record<TokenFault, string> = {
  part_count: "has another number of parts than three or five",
  character: "has a character that base64url does not have",
  padding: "has a “=”, which is left out in a token",
  length: "is a character too short or too long",
  unused_bits: "ends in bits that stand for nothing",
  not_utf8: "is no text",
  not_json: "is not valid JSON",
  not_an_object: "is JSON, but no object",
};

/** "its payload is no JSON." */
export const problemWords = ({ fault, part }: TokenProblem): string =>
  `${part === null ? "it" : `its ${parts[part]}`} ${faults[fault]}.`;

/** Where it is: "Character 41 of 180. Found: \u{a}." Counted from 1, as people count. */
export function placeWords({ at, inside, found, parts: count }: TokenProblem, of: number): string {
  const said: string[] = [];
  if (count !== null) said.push(`It has ${counted(count, "part")}.`);
  if (at !== null) said.push(`Character ${number(at + 1)} of ${number(of)}.`);
  if (found !== null) said.push(`Found “${found}”.`);
  if (inside !== null) said.push(`That is byte ${number(inside + 1)} of what the part stands for.`);
  return said.join(" ");
}

export const malformedWords = {
  title: "This looks like a JWT, but can’t be read as one",
  capital: (text: string) => text.charAt(0).toUpperCase() + text.slice(1),
  where: "What is wrong, in what was pasted",
  goTo: "Show it in the field",
  opaque: "A server may still take it: to others it is an opaque token.",
} as const;

export const claimWords = {
  entries: (count: number) => counted(count, "entry", "entries"),
  characters: (count: number) => counted(count, "character"),
  fold: "hide",
  unfold: "show",
  more: (rest: number) => `Show ${number(rest)} more`,
  leftOut: (count: number) =>
    `${counted(count, "more member")} ${count === 1 ? "is" : "are"} not shown: no token has as many as this one.`,
  /** Of a member of the header. */
  hint: (name: string, hint: string) => `${name}: ${hint}`,
  notUsed: (names: readonly string[]) =>
    `${names.join(", ")}: by this the token says itself whom to trust. It is not used, and nothing is fetched.`,
} as const;

export const permissionWords = {
  title: "Permissions",
  search: "Search the permissions",
  placeholder: "Search",
  count: (shown: number, all: number) =>
    shown === all ? number(all) : `${number(shown)} of ${number(all)}`,
  nothing: "No permission has that in it.",
} as const;

/** A JSON Pointer (RFC 6901) as people read it: "resource_access › ibot › roles". */
export const pathWords = (pointer: string): string =>
  pointer
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"))
    .join(" › ");
