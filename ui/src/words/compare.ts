// Two tokens side by side, and what a server says of one.
import type { Difference } from "../bindings";
import type { Tone } from "./token";

export const differences: Record<Difference, { label: string; tone: Tone }> = {
  same: { label: "Same", tone: "quiet" },
  changed: { label: "Changed", tone: "soon" },
  only_first: { label: "Only in the first", tone: "dead" },
  only_second: { label: "Only in the second", tone: "fresh" },
};

export const compareWords = {
  open: "Compare with...",
  tabs: "What to do",
  read: "Read one",
  compare: "Compare two",
  first: "First token",
  second: "Second token",
  from: (side: string) => `${side} from`,
  pasted: "Pasted here",
  pastedOf: (side: string) => `${side}, pasted`,
  kept: (label: string, what: string) => `${label}: ${what}`,
  header: "Header",
  claims: "Claims",
  columns: { name: "Claim", first: "First", second: "Second", difference: "Difference" },
  onlyDifferent: "Differences only",
  waiting: "Nothing to compare yet",
  waitingLine: "Paste a token on each side, or choose the one of a connection.",
  equal: "Both say the same.",
  nothing: "Neither can be read: opaque and encrypted tokens say nothing that could be compared.",
  summary: (counts: Record<Difference, number>) =>
    [
      [counts.same, "the same"],
      [counts.changed, "changed"],
      [counts.only_first, "only in the first"],
      [counts.only_second, "only in the second"],
    ]
      .filter(([count]) => count !== 0)
      .map(([count, words]) => `${String(count)} ${String(words)}`)
      .join(", "),
  added: "New:",
  removed: "Gone:",
  absent: "not there",
} as const;

export const introspectWords = {
  ask: "Ask the server...",
  title: "What the server says",
  active: "Active",
  inactive: "Not active",
  activeLine: "The server says that this token is good.",
  inactiveLine:
    "The server says that this token is not good: ended, unknown to it, or not for who asked. It says no more than that.",
  asked: (endpoint: string) => `Asked ${endpoint}`,
  members: "What it says of the token",
  notOffered: "This server can’t be asked",
} as const;
