// Texts of checks: something that was saved, sent on a schedule, and what its answer must be.
import type { CheckView, Expectation, ExpectedValue, Finding, Found, Unmet } from "../bindings";
import { errorParticulars, errorWords } from "./errors";
import { counted, inSentence, number } from "./label";
import { duration, span } from "./time";
import type { Tone } from "./token";

/** As it is shown: what goes on with it, else what it found last. */
export type CheckState = "checking" | "paused" | "waiting" | Found;

export function stateOf({ running, on, finding }: CheckView): CheckState {
  if (running) return "checking";
  if (!on) return "paused";
  return finding?.found ?? "waiting";
}

/** It is sent on its schedule, and what came last is not as it should be. */
export const isAmiss = ({ on, finding }: CheckView): boolean =>
  on && finding !== null && finding.found !== "good";

export const checkStates: Record<CheckState, string> = {
  checking: "Checking...",
  paused: "Paused",
  waiting: "Waiting",
  good: "Good",
  bad: "Not as expected",
  failed: "Not reached",
};

export const checkTones: Record<CheckState, Tone> = {
  checking: "quiet",
  paused: "quiet",
  waiting: "quiet",
  good: "fresh",
  bad: "dead",
  failed: "soon",
};

const times = (count: number, one: string): string =>
  count === 1 ? one : `${number(count)} ${one}s`;

/** "every 5 minutes", "every hour", "every 90 seconds": in the largest unit that it is whole in. */
export function everyWords(seconds: number): string {
  if (seconds % 3600 === 0) return `every ${times(seconds / 3600, "hour")}`;
  if (seconds % 60 === 0) return `every ${times(seconds / 60, "minute")}`;
  return `every ${times(seconds, "second")}`;
}

/** A place in an answer; that of the whole has no letter. */
const placeOf = (pointer: string): string => (pointer === "" ? "the whole answer" : pointer);

const valueWords = (value: string): string => (value === "" ? "an empty text" : value);

function mustWords({ pointer, must }: ExpectedValue): string {
  const place = placeOf(pointer);
  if (must.kind === "be") return `${place} is ${valueWords(must.value)}`;
  if (must.kind === "stay") return `${place} stays as it is`;
  return pointer === "" ? "the answer is JSON" : `${place} is there`;
}

/** "Status 200; /state is running" */
export function expectedWords({ status, value }: Expectation): string {
  const first = status === null ? "Any good status" : `Status ${String(status)}`;
  return value === null ? first : `${first}; ${mustWords(value)}`;
}

function unmetWords(unmet: Unmet, pointer: string): string {
  switch (unmet.kind) {
    case "status": {
      const got = `Status ${String(unmet.got)}`;
      return unmet.expected === null ? got : `${got} in place of ${String(unmet.expected)}`;
    }
    case "missing":
      return pointer === "" ? "The answer is empty" : `There is no ${pointer} in the answer`;
    case "other": {
      const place = pointer === "" ? "The whole answer" : pointer;
      return `${place} is ${valueWords(unmet.got)} in place of ${valueWords(unmet.expected)}`;
    }
    case "not_json":
      return `The answer is not valid JSON, so ${placeOf(pointer)} cannot be read`;
    case "too_large":
      return `The answer is too large to look for ${placeOf(pointer)}`;
  }
}

/** What is known of a fault: at a status only what it means, else the particulars too. */
function faultWords({ error, unmet }: Finding): string {
  if (error === null) return unmet === null ? "No answer came" : "";
  const { title } = errorWords[error.code];
  const particulars = unmet === null ? errorParticulars(error).replace(/\.$/, "") : "";
  return particulars ? `${title}: ${particulars}` : title;
}

function goodWords({ expectation: { value: expected } }: CheckView, finding: Finding): string {
  const { status, value, took_ms } = finding;
  const said = status === null ? "Answered" : `Status ${String(status)}`;
  const parts = [`${said} in ${duration(took_ms)}`];
  if (expected && value !== null)
    parts.push(`${placeOf(expected.pointer)} is ${valueWords(value)}`);
  return parts.join("; ");
}

/** What came last, in a line: "Status 503 in place of 200: the server failed". */
export function foundWords(check: CheckView): string {
  const { finding } = check;
  if (finding === null) return checkWords.nothingFound;
  const whose = finding.target === null ? "" : `${finding.target}: `;
  if (finding.found === "good") return `${whose}${goodWords(check, finding)}`;
  const fault = faultWords(finding);
  if (finding.unmet === null) return `${whose}${fault}`;
  const unmet = unmetWords(finding.unmet, check.expectation.value?.pointer ?? "");
  return `${whose}${unmet}${fault ? `: ${inSentence(fault)}` : ""}`;
}

/** "12 s ago, next in 48 s" */
export function timesWords({ finding, next_at, on, running }: CheckView, now: number): string {
  const ago = finding === null ? null : now - Date.parse(finding.at);
  const last = ago === null ? "" : ago < 1000 ? "just now" : `${span(ago)} ago`;
  const left = next_at === null || running || !on ? null : Date.parse(next_at) - now;
  const next = left === null ? "" : left < 1000 ? "next now" : `next in ${span(left)}`;
  const both = [last, next].filter(Boolean).join(", ");
  return both === "" ? "" : both.charAt(0).toUpperCase() + both.slice(1);
}

/** "for 3 h 12 m": how long it stands so. Where another thing is said of it, with what it stands as. */
export function sinceWords(check: CheckView, now: number): string {
  const { finding, changed_at } = check;
  if (finding === null || changed_at === null) return "";
  const stands = inSentence(checkStates[finding.found]);
  const since = `for ${span(now - Date.parse(changed_at))}`;
  const state = stateOf(check);
  if (state === "paused") return `was ${stands}`;
  return state === "checking" ? `${stands} ${since}` : since;
}

/** The strip in words: "The last 40: 36 good, 3 not as expected, 1 not reached." */
export function recentWords(recent: readonly Found[]): string {
  if (recent.length === 0) return checkWords.nothingFound;
  const named = (["good", "bad", "failed"] as const).flatMap((found) => {
    const amount = recent.filter((one) => one === found).length;
    return amount === 0 ? [] : [`${number(amount)} ${inSentence(checkStates[found])}`];
  });
  return `The last ${recent.length === 1 ? "one" : number(recent.length)}: ${named.join(", ")}.`;
}

export const checkWords = {
  title: "Checks",
  line: "What is saved, sent on a schedule while Keydesk is open. You are told when what comes of it changes.",
  list: "All checks",
  amiss: (count: number) => counted(count, "check is not good", "checks are not good"),
  empty: "No checks yet",
  emptyLine:
    "A check sends a saved request or a saved form again and again, and tells you when its answer is no longer as you expect: the server is down, a device went offline, a value is another one. It begins at the menu of what is saved, or here.",
  add: "Add check",
  addCommand: "Add a check",
  door: "Check on a schedule...",
  checkNow: "Check now",
  checkNowOf: (name: string) => `Check now: ${name}`,
  onOf: (name: string) => `On its schedule: ${name}`,
  more: (name: string) => `More for ${name}`,
  edit: "Edit...",
  remove: "Remove...",
  removeTitle: (name: string) => `Remove ${name}?`,
  removeLine: "It is not sent any more, and what it found is forgotten. What it sends stays saved.",
  removed: (name: string) => `${name} removed.`,
  expects: "Expects",
  found: "Found",
  nothingFound: "Nothing yet",
  /** Said where what it sends is about to go. */
  senders: (checks: readonly CheckView[]) => {
    const [first] = checks;
    if (!first) return "";
    return checks.length === 1
      ? ` The check “${first.name}” sends it, and fails from then on.`
      : ` ${number(checks.length)} checks send it, and fail from then on.`;
  },
  goneRequest: "A saved request that is gone",
  goneTrigger: "A saved form that is gone",
  where: (label: string, every: string) => `${label}, ${every}`,
  ran: (check: CheckView): string => {
    const state = inSentence(checkStates[check.finding?.found ?? "waiting"]);
    const more = check.finding?.found === "good" ? "" : ` ${foundWords(check)}.`;
    return `“${check.name}”: ${state}.${more}`;
  },
} as const;

export const checkFormWords = {
  addTitle: "Add a check",
  editTitle: (name: string) => `Edit ${name}`,
  addLine: "It is sent at once, and then on its schedule while Keydesk is open.",
  editLine: "A change of what is sent or expected forgets what was found.",
  connection: "Connection",
  of: "What is sent",
  ofMissing: "Choose what is sent.",
  choose: "A saved request or form",
  nothingSaved: "Nothing is saved here yet",
  nothingSavedLine:
    "Save a request in the explorer, or a filled form with “Save as one-click”. Then it can be checked.",
  openExplorer: "Open the explorer",
  ofTrigger: "Saved form",
  name: "Name",
  namePlaceholder: "The pool answers",
  nameMissing: "Give it a name.",
  every: "Every",
  everyHint: "From 30 seconds to 24 hours.",
  everyWrong: "A whole number, from 30 seconds to 24 hours.",
  unit: "Unit of time",
  units: { seconds: "seconds", minutes: "minutes", hours: "hours" },
  status: "Status",
  statusHint: "Empty: any good one.",
  statusWrong: "A whole number from 100 to 599, or nothing.",
  value: "A value in the answer",
  values: { none: "None", exist: "Is there", be: "Is this", stay: "Stays as it is" },
  valueHints: {
    exist: "The answer is JSON, and there is something at this place.",
    be: "What stands at this place is this value.",
    stay: "You are told when what stands at this place changes. A change is no fault.",
  },
  pointer: "Place",
  pointerNote: "JSON Pointer",
  pointerPlaceholder: "/items/0/state",
  pointerHint: "/items/0/state (RFC 6901). Empty: the whole answer.",
  pointerWrong: "It begins with “/”, as /items/0/state. “~” is written ~0, and “/” in a name ~1.",
  mustBe: "Value",
  mustBeHint: "A text without quotes, anything else as JSON: running, 42, true.",
  changesForm: (name: string) => `“${name}” changes something at the server`,
  changesRequest: (method: string) => `${method} may change something at the server`,
  changesLine: (amount: number) =>
    `The check really sends it, each time${amount > 1 ? `, to ${number(amount)} targets` : ""}. Better is one that only reads.`,
  toMany: (amount: number) => `It is sent to ${number(amount)} targets each time`,
  toManyLine: "The check is good when all of them answer as expected.",
  keep: "Save",
  added: (name: string) => `“${name}” is checked from now on.`,
  changed: (name: string) => `“${name}” saved.`,
} as const;
