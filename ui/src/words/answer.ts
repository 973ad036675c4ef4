// Texts of an answer: what came, how it is looked at, what can be done with what is in it.
import type {
  AnswerShape,
  Hop,
  JsonFault,
  JsonFaultReason,
  PagesState,
  Phases,
  Removed,
  SentView,
} from "../bindings";
import { counted, number } from "./label";
import { bytes } from "./size";
import { duration } from "./time";
import type { Tone } from "./token";

export const answerWords = {
  title: "Answer",
  views: {
    tree: "Tree",
    table: "Table",
    raw: "Raw",
    hex: "Hex",
    image: "Image",
    pdf: "Pages",
    headers: "Headers",
    timing: "Timing",
  },
  looks: "How the answer is shown",
  sending: "Sending",
  receiving: "Receiving",
  cancelled: "Cancelled",
  failed: "No answer",
  coming: "Progress of the answer",
  cancel: "Cancel",
  waits: "Waiting for the server.",
  cancelledLine: "What had come until then is shown.",
  empty: "The answer has no body.",
  replayed: "Sent once more with a new token",
  more: "More for this answer",
  search: "Search in the answer",
  save: "Save to Downloads",
  saved: (path: string) => `Saved as ${path}.`,
  copyWhole: "Copy all of it",
  whole: "Answer",
  reading: "Reading...",
  rowMenu: (name: string) => `What to do with ${name}`,
  copyValue: "Copy the value",
  copyPointer: "Copy its JSON Pointer",
  use: "Use in another request...",
  read: "Read it whole",
  showInTree: "Show in the tree",
  openAll: "Open with all that is in it",
  closeAll: "Close with all that is in it",
  find: "Search for it",
  value: "Value",
  pointer: "JSON Pointer",
  root: "the whole answer",
  repeated: "twice",
  repeatedLine: "This name stands more than once here.",
  cut: "Only its beginning is shown.",
  cutCopied: "It is too long: only its beginning was copied.",
  treeKeys:
    "Arrow keys walk, right opens, left closes. Enter reads a value whole. Ctrl C copies the value, Ctrl Shift C its JSON Pointer, V uses it in another request, the menu key has all of it.",
  tableKeys:
    "Arrow keys go from cell to cell. Enter shows the row in the tree. Ctrl C copies the value, Ctrl Shift C its JSON Pointer, V uses it in another request, the menu key has all of it.",
  rowNumber: "Row",
  members: (amount: number, isList: boolean) => {
    const [one, many] = isList ? ["item", "items"] : ["member", "members"];
    return amount === 1 ? `1 ${one}` : `${number(amount)} ${many}`;
  },
  open: "not read to its end",
  noImage: "The image could not be read",
  imageOf: (size: number) => `Image of ${bytes(size)}`,
  page: (at: number, of: number) => `Page ${number(at)} of ${number(of)}`,
  noPdf: "Its pages could not be drawn",
  noPdfLine: "Save it and open it in another program.",
} as const;

export const valueWords = {
  title: (name: string) => name,
  copy: "Copy the value",
  copyPointer: "Copy the JSON Pointer",
  name: "Name of the variable",
  nameHint: (name: string) => `Requests of this connection say {{${name}}} for it.`,
  nameMissing: "Give it a name.",
  nameWrong: "A name is made of letters, digits, _, - and dots.",
  tooLong: "Too long to be a variable",
  tooLongLine: "Only its beginning could be read, and a variable would hold no more than that.",
  tooLongAdvice: "Save the answer to have all of it.",
  keep: "Keep as a variable",
  kept: (name: string) => `Kept. Say {{${name}}} for it in a request.`,
} as const;

export const searchWords = {
  label: "Search in the answer",
  placeholder: "Search",
  matchCase: "Match case",
  next: "Next match",
  previous: "Previous match",
  close: "Close the search",
  searching: "Searching...",
  found: (at: number | null, total: number, cut: boolean) => {
    if (total === 0) return "Not found";
    const all = `${number(total)}${cut ? " or more" : ""}`;
    if (at !== null) return `${number(at + 1)} of ${all}`;
    return total === 1 ? "1 match" : `${all} matches`;
  },
} as const;

export const headerWords = {
  answer: "Headers of the answer",
  request: "Headers of the request",
  body: "Body of the request",
  columns: { name: "Name", value: "Value" },
  none: "It has none.",
  copy: "Copy headers",
  what: "Headers",
} as const;

function removedWord(what: Removed): string {
  if (what.kind === "header") return `header ${what.name}`;
  return what.kind === "body" ? "body" : "the access token";
}

export const hopWords = {
  title: (amount: number) => counted(amount, "redirect"),
  to: (origin: string) => `to ${origin}`,
  removed: (what: readonly Removed[]) => `Not sent on: ${what.map(removedWord).join(", ")}`,
  nothing: "Sent on as it was",
} as const;

export const timingWords = {
  title: "How long each phase took",
  columns: { phase: "Phase", took: "Took" },
  phases: {
    dns_ms: "Name looked up",
    connect_ms: "Connected",
    tls_ms: "TLS agreed on",
    wait_ms: "Waited for the first byte",
    transfer_ms: "Body received",
  } satisfies Record<keyof Phases, string>,
  total: "In all",
  none: "not needed",
  noneLine: "A connection that was open already needs no look-up, no connecting and no TLS.",
} as const;

export const pageWords = {
  line: "There are more pages.",
  all: ({ of }: PagesState) => (of === null ? "Load all pages" : `Load all ${number(of)} pages`),
  loading: ({ loaded, of, rows }: PagesState) =>
    `${number(loaded)}${of === null ? "" : ` of ${number(of)}`} ${loaded === 1 && of === null ? "page" : "pages"} loaded, ${items(rows)}.`,
  progress: "Progress of the pages",
  stop: "Stop",
} as const;

const items = (amount: number): string => counted(amount, "item");

/** "100 items, 1 of 9 pages" */
export function pagesLine({ loaded, rows, of, more }: PagesState): string {
  const pages =
    of === null
      ? `${counted(loaded, "page")}${more ? ", more follow" : ""}`
      : `${number(loaded)} of ${number(of)} pages`;
  return `${items(rows)}, ${pages}`;
}

/** RFC 9110 section 15, and those that are met beside them. */
const PHRASES: Record<number, string> = {
  200: "OK",
  201: "Created",
  202: "Accepted",
  204: "No Content",
  206: "Partial Content",
  301: "Moved Permanently",
  302: "Found",
  303: "See Other",
  304: "Not Modified",
  307: "Temporary Redirect",
  308: "Permanent Redirect",
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  406: "Not Acceptable",
  409: "Conflict",
  410: "Gone",
  413: "Content Too Large",
  415: "Unsupported Media Type",
  422: "Unprocessable Content",
  429: "Too Many Requests",
  500: "Internal Server Error",
  501: "Not Implemented",
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Timeout",
};

/** "200 OK" */
export const statusLine = (status: number): string =>
  [String(status), PHRASES[status]].filter(Boolean).join(" ");

export function statusTone(status: number): Tone {
  if (status < 300) return "fresh";
  return status < 400 ? "soon" : "dead";
}

/** All phases together; none where none is known. */
export function took({ dns_ms, connect_ms, tls_ms, wait_ms, transfer_ms }: Phases): number | null {
  const known = [dns_ms, connect_ms, tls_ms, wait_ms, transfer_ms].filter((ms) => ms !== null);
  return known.length === 0 ? null : known.reduce((sum, ms) => sum + ms, 0);
}

/** "184 ms", "48.2 MB" */
export function measures({ phases, received }: SentView): string[] {
  const ms = took(phases);
  return [...(ms === null ? [] : [duration(ms)]), bytes(received)];
}

/** "4.1 MB of 48 MB" */
export const comingLine = ({ received, size }: SentView): string =>
  size === null || size < received ? bytes(received) : `${bytes(received)} of ${bytes(size)}`;

const FAULTS: Record<JsonFaultReason, string> = {
  unexpected_end: "It ends in the middle",
  unexpected_character: "Something stands here that JSON does not have there",
  after_end: "Something follows after its end",
  bad_number: "This is not a number",
  bad_escape: "A backslash stands before something that it cannot stand before",
  control_character: "A control character stands in a text",
  invalid_utf8: "These bytes are no UTF-8",
  too_deep: "It is nested deeper than is read",
};

/** What is wrong, and where. */
export function faultLine({ reason, line, column }: JsonFault): string {
  return `${FAULTS[reason]}: line ${number(line)}, column ${number(column)}.`;
}
export const faultWords = {
  title: "The answer is not whole JSON",
  advice: "The tree ends there. Raw has all that came.",
  goTo: "Go there",
} as const;

/** The origin that a redirect led to, where it is another. */
export function otherOrigin({ url, location }: Hop): string | null {
  try {
    const to = new URL(location, url);
    return to.origin === new URL(url).origin ? null : to.origin;
  } catch {
    return null;
  }
}

/** Whether all of it may be copied. */
export const isShort = (shape: AnswerShape | null, most: number): boolean =>
  shape !== null && shape.text && shape.size <= most;
