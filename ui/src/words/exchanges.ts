// Texts of the exchanges that are kept.
import type { ExchangeRow, ExchangeSource, ExchangeStatus } from "../bindings";
import type { Span } from "../state/exchanges.svelte";
import { errorWords } from "./errors";
import { counted, number } from "./label";
import { bytes } from "./size";
import { clockSeconds, clockTime, day, duration } from "./time";

export const exchangeSources: Record<ExchangeSource, string> = {
  explorer: "sent in the explorer",
  action: "sent by an action",
  check: "sent by a check",
};

export const exchangeStatuses: Record<ExchangeStatus, string> = {
  any: "Any outcome",
  good: "Good",
  failed: "Failed",
  refused: "Refused, 4xx",
  server_failed: "Server failed, 5xx",
  none: "No answer",
};

export const exchangeSpans: Record<Span, string> = {
  hour: "Last hour",
  day: "Last day",
  week: "Last week",
  all: "Any time",
};

export const exchangeWords = {
  views: "What is shown of the activity",
  happened: "What happened",
  title: "Exchanges",
  list: "Exchanges, newest first",
  detail: "What was sent and what came",
  search: "Search the exchanges",
  searchPlaceholder: "Words of what was sent or came",
  connection: "Connection",
  anyConnection: "Any connection",
  status: "Outcome",
  span: "Time",
  columns: { time: "Time", request: "Request", outcome: "Outcome", took: "Took", size: "Size" },
  choose: "Choose an exchange to see what was sent and what came.",
  empty: "No exchange is kept yet",
  emptyLine:
    "What the explorer and the actions send is kept here with its answer. Tokens are never written here.",
  nothing: "Nothing matches",
  nothingLine: "Try other words, another outcome or a longer time.",
  noAnswer: "No answer",
  answerBody: "Body of the answer",
  noBody: "The answer has no body that is text.",
  find: "Search the exchanges",
  again: "Send again...",
  gone: "Its connection was removed, so it can’t be sent again.",
  export: "Export as HAR...",
  clear: "Clear exchanges...",
} as const;

export const compareExchangeWords = {
  mark: "Compare with another...",
  marked: (row: ExchangeRow) => `To be compared: ${requestLine(row)}`,
  choose: "Choose another one.",
  unmark: "Not any more",
  compare: "Compare with the other",
  title: "Compared",
  lines: "Lines of both",
  next: "Next difference",
  previous: "Previous difference",
  back: "Back",
  same: "same",
  signs: { both: " ", one: "-", other: "+" },
  said: { both: "in both", one: "only in the first", other: "only in the second" },
  equal: "Both say the same.",
  summary: (at: number | null, places: number) => {
    const all = counted(places, "difference");
    return at === null ? all : `Difference ${number(at + 1)} of ${number(places)}`;
  },
} as const;

export const harWords = {
  title: "Export as HAR",
  line: "An HTTP Archive for browsers and other tools. It holds what the list shows, at most 10,000 of them.",
  whole: "With bodies and values",
  wholeOff:
    "Off: addresses, names of headers and parameters, statuses, times and sizes. Values and bodies are left out.",
  wholeOn:
    "On: also what was typed, sent and answered, with names, addresses and whatever else is in it. Tokens are masked all the same.",
  export: "Export",
  exported: (path: string) => `Exported to ${path}.`,
} as const;

export const clearExchangeWords = {
  all: "Clear all exchanges?",
  of: (label: string) => `Clear the exchanges of ${label}?`,
  line: "What was sent and what came is deleted from this machine. What happened stays in the activity.",
  confirm: "Clear exchanges",
  cleared: "Exchanges cleared.",
} as const;

/** What stands behind the server's name. */
export const addressOf = (url: string): string => url.replace(/^[a-z]+:\/\/[^/?#]+(?=[/?#])/i, "");

export const requestLine = ({ method, url }: Pick<ExchangeRow, "method" | "url">): string =>
  `${method} ${addressOf(url)}`;

/** "404", or why there was none. */
export const outcomeOf = ({ status, error }: Pick<ExchangeRow, "status" | "error">): string => {
  if (status !== null) return String(status);
  return error === null ? exchangeWords.noAnswer : errorWords[error].title;
};

/** "11:21:07", "Yesterday 11:21", "22 Nov 11:21" */
export function whenOf(at: string, now: number): string {
  const which = day(at, now);
  if (which === "Today") return clockSeconds(at);
  return `${which.replace(/ \d{4}$/, "")} ${clockTime(at)}`;
}

/** "212 ms, 14 KB" */
export const measuresOf = ({ duration_ms, size }: ExchangeRow): string =>
  [duration(duration_ms), ...(size === null ? [] : [bytes(size)])].join(", ");
