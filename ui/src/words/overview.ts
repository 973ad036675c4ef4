// Texts of the overview: every connection, who needs the person, what ends next.
import type { TokenView } from "../bindings";
import { errorParticulars, errorWords } from "./errors";
import { counted } from "./label";
import { moment, span } from "./time";
import { canRenew, liveState } from "./token";

export const overviewWords = {
  title: "Overview",
  emptyPage: "What you are logged in to, and for how long.",
  empty: "No connections yet",
  emptyLine: "Add one, log in, and how long its token holds is shown here.",
  columns: {
    connection: "Connection",
    state: "State",
    left: "Time left",
    renews: "Next renewal",
    kept: "Kept in",
    next: "To do",
  },
  line: (all: number, needing: number, endsNext: number | null): string => {
    const parts = [counted(all, "connection")];
    parts.push(needing === 0 ? "none needs you" : counted(needing, "needs you", "need you"));
    if (endsNext !== null) parts.push(`the next token ends in ${span(endsNext)}`);
    return `${parts.join(", ")}.`;
  },
  needsYou: (count: number) => counted(count, "needs you", "need you"),
  renewDue: (count: number) =>
    count === 1 ? "Renew the one that is due" : `Renew ${String(count)} that are due`,
  renewedAll: (good: number, all: number) =>
    good === all
      ? counted(all, "token renewed.", "tokens renewed.")
      : `${String(good)} of ${String(all)} renewed. What failed is said at its connection.`,
  ended: (ms: number) => `${span(ms)} ago`,
  show: "Show login",
  more: (label: string) => `More for ${label}`,
  doOf: (what: string, label: string) => `${what}: ${label}`,
} as const;

/** In the sidebar: when the next renewal is, and what went wrong with the last. */
export function renewalDetail(token: TokenView, now: number): string {
  const { last_error: error } = token;
  const next = nextRenewal(token, now);
  const parts = [next === "" ? "" : `${overviewWords.columns.renews}: ${next}.`];
  if (error !== null) parts.push(`${errorWords[error.code].title}. ${errorParticulars(error)}`);
  return parts.filter((part) => part !== "").join(" ");
}

/** When a new one is got without anybody asking. */
export function nextRenewal(token: TokenView, now: number): string {
  const state = liveState(token, now);
  if (state === "none" || state === "login_needed") return "";
  if (!canRenew(token, now)) return token.expires_at === null ? "" : "Not possible";
  if (token.need === "renew") return "When you say so";
  if (token.renews_at !== null && Date.parse(token.renews_at) > now)
    return moment(token.renews_at, now);
  if (token.renewable_until !== null) return `Until ${moment(token.renewable_until, now)}`;
  return "When needed";
}
