// A request of the explorer: how it begins, what its address holds, what a pasted address brings along.
import { blankRequest } from "../backend/backend";
import type { BodyPart, Endpoint, ExplorerRequest, RequestBody, RequestRow } from "../bindings";

export const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"] as const;

export const blankRow: RequestRow = { name: "", value: "", on: true };

/** `{name}` is a parameter; `{{name}}` is a variable, and stays text, as does the place of the token. */
const PLACES = /\{\{[^{}]*\}\}|\{access_token\}|\{([^{}]+)\}/g;

export type Piece = { kind: "text"; text: string } | { kind: "parameter"; name: string };

/** An address as what is typed and what is filled in. */
export function piecesOf(url: string): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const found of url.matchAll(PLACES)) {
    const name = found[1];
    if (name === undefined) continue;
    if (found.index > from) pieces.push({ kind: "text", text: url.slice(from, found.index) });
    pieces.push({ kind: "parameter", name });
    from = found.index + found[0].length;
  }
  if (from < url.length) pieces.push({ kind: "text", text: url.slice(from) });
  return pieces;
}

/** The parameters of an address, each once. */
export function parameterNames(url: string): string[] {
  const names = piecesOf(url).flatMap((piece) => (piece.kind === "parameter" ? [piece.name] : []));
  return [...new Set(names)];
}

/** Another address: what was filled in stays for those parameters that it still has. */
export function withUrl(request: ExplorerRequest, url: string): ExplorerRequest {
  const before = new Map(request.parameters.map(({ name, value }) => [name, value]));
  const parameters = parameterNames(url).map((name) => ({
    name,
    value: before.get(name) ?? "",
    on: true,
  }));
  return { ...request, url, parameters };
}

/** Of a text that is no whole address: none. */
export function originOf(address: string): string | null {
  return URL.canParse(address) && /^https?:/i.test(address) ? new URL(address).origin : null;
}

export const isWhole = (address: string): boolean => /^[a-z][a-z0-9+.-]*:\/\//i.test(address);

/** What was typed or pasted as an address: below the API's own where it is there, and its query among the rows. */
export function withAddress(request: ExplorerRequest, text: string, base: string): ExplorerRequest {
  const [whole, fragment] = splitOnce(text.trim(), "#");
  const [address, query] = splitOnce(whole, "?");
  const below =
    base !== "" && address.startsWith(`${base}/`) ? address.slice(base.length) : address;
  // A fragment is not sent, but it was typed.
  const changed = withUrl(request, fragment === undefined ? below : `${below}#${fragment}`);
  if (query === undefined) return changed;
  return { ...changed, query: merged(pairsOf(query), request.query) };
}

/**
 * What is typed is taken, in place of rows of the same names. All others stay as they are, on or off; so does one that is
 * off and holds something else.
 */
function merged(typed: readonly RequestRow[], before: readonly RequestRow[]): RequestRow[] {
  const stays = ({ name, value, on }: RequestRow): boolean => {
    const same = typed.filter((row) => row.name === name);
    if (same.length === 0) return true;
    return !on && value !== "" && same.every((row) => row.value !== value);
  };
  return [...typed, ...before.filter(stays)];
}

/** `a=b&c=d`, as an address or a form has it. What is no percent code stays as it is. */
export function pairsOf(text: string): RequestRow[] {
  const parts = text.split("&").filter((part) => part !== "");
  return parts.map((part) => {
    const [name = "", value = ""] = splitOnce(part, "=");
    return { name: decoded(name), value: decoded(value), on: true };
  });
}

function decoded(text: string): string {
  const plain = text.replaceAll("+", " ");
  try {
    return decodeURIComponent(plain);
  } catch {
    return plain;
  }
}

function splitOnce(text: string, mark: string): [string, string?] {
  const at = text.indexOf(mark);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + mark.length)];
}

export function blankBody(kind: RequestBody["kind"], example: string | null = null): RequestBody {
  switch (kind) {
    case "none":
      return { kind };
    case "json":
      return { kind, text: example ?? "" };
    case "form":
      return { kind, rows: example === null ? [] : pairsOf(example) };
    case "multipart":
      return { kind, parts: example === null ? [] : pairsOf(example).map(partOf) };
    case "text":
      return { kind, text: example ?? "", media_type: "text/plain" };
    case "file":
      return { kind, file: null, media_type: "application/octet-stream" };
  }
}

/** A file that is still to be chosen, in an example. */
const FILE = "@";

const partOf = ({ name, value, on }: RequestRow): BodyPart => ({
  name,
  value: value === FILE ? "" : value,
  file: null,
  on,
});

/** The parts of an example that are files. */
export const filesIn = (example: string | null): string[] =>
  pairsOf(example ?? "").flatMap(({ name, value }) => (value === FILE ? [name] : []));

const bodyOf = ({ body }: Endpoint): RequestBody =>
  body === null ? { kind: "none" } : blankBody(body.kind ?? "json", body.example);

/** What may be left out begins switched off. */
const rowsOf = ({ parameters }: Endpoint, place: "query" | "header"): RequestRow[] =>
  parameters
    .filter((parameter) => parameter.place === place)
    .map(({ name, required, example }) => ({ name, value: example ?? "", on: required }));

/** An endpoint as a request. Its path stands below the API's own address, or is a whole one. */
export function requestOf(endpoint: Endpoint): ExplorerRequest {
  const examples = new Map(
    endpoint.parameters.flatMap(({ name, place, example }) =>
      place === "path" && example !== null ? [[name, example] as const] : [],
    ),
  );
  const begun = withUrl({ ...blankRequest(), method: endpoint.method }, endpoint.path);
  return {
    ...begun,
    parameters: begun.parameters.map((row) => ({ ...row, value: examples.get(row.name) ?? "" })),
    query: rowsOf(endpoint, "query"),
    headers: rowsOf(endpoint, "header"),
    body: bodyOf(endpoint),
  };
}

/** The rows that are sent. */
export const sentRows = (rows: readonly RequestRow[]): RequestRow[] =>
  rows.filter(({ name, on }) => on && name !== "");
