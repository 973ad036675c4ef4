// Texts of runs: one action for many.
import type { ErrorCode, RunCounts, RunRow, RunState, RunView, TargetState } from "../bindings";
import { errorWords } from "./errors";
import { counted, inSentence, number } from "./label";
import { clockSeconds, countdown, moment, span } from "./time";
import type { Tone } from "./token";

export const runStates: Record<RunState, string> = {
  running: "Running",
  paused: "Paused",
  stopped: "Stopped",
  done: "Done",
  interrupted: "Interrupted",
};

/** How a run looks from afar: what failed in it counts, not that it is over. */
export function runTone({ state, counts }: RunView): Tone {
  if (state === "paused" || state === "interrupted") return "soon";
  if (counts.failed > 0) return "dead";
  if (counts.unknown > 0) return "soon";
  return state === "done" ? "fresh" : "quiet";
}

export const targetStates: Record<TargetState, string> = {
  waiting: "waiting",
  sending: "sending",
  accepted: "accepted",
  failed: "failed",
  unknown: "unknown",
};

export const targetTones: Record<TargetState, Tone> = {
  waiting: "quiet",
  sending: "quiet",
  accepted: "fresh",
  failed: "dead",
  unknown: "soon",
};

/** Those that have an answer, or will get none. */
export const overOf = ({ accepted, failed, unknown }: RunCounts): number =>
  accepted + failed + unknown;

/** "1,298 accepted, 14 failed": what there is of each. */
export const summary = (counts: RunCounts): string => {
  const named = (["accepted", "failed", "unknown", "waiting", "sending"] as const).filter(
    (state) => counts[state] > 0,
  );
  return named.map((state) => `${number(counts[state])} ${targetStates[state]}`).join(", ");
};

/** What a bar shows of it. */
export const partsOf = (counts: RunCounts) =>
  (["accepted", "failed", "unknown"] as const).map((state) => ({
    state,
    tone: targetTones[state],
    amount: counts[state],
  }));

/** "1 device", "3 devices": of what a provider's file names by its plural. */
export const countedPlural = (amount: number, plural: string): string =>
  counted(amount, plural.replace(/s$/, ""), plural);

const seconds = (ms: number) => (ms < 1000 ? "less than a second" : span(ms));

/** Under the title: what it does now, or how it ended. */
export function pace(run: RunView, now: number): string {
  const { state, rate, seconds_left, waits_until, began_at, ended_at, note } = run;
  if (state === "running" && waits_until !== null)
    return `Goes on at ${clockSeconds(waits_until)}, in ${countdown(Date.parse(waits_until) - now)}: the server asks for it or is not there`;
  if (state === "running") {
    if (rate === 0) return "Beginning";
    const speed = `${number(Math.max(1, Math.round(rate)))} a second`;
    return seconds_left === null ? speed : `${speed}, ${span(seconds_left * 1000)} left`;
  }
  if (state === "paused") {
    const reason = note === null ? "Paused" : `Paused: ${why(note)}`;
    return waits_until === null
      ? reason
      : `${reason}. The server takes requests again: ${moment(waits_until, now)}`;
  }
  if (state === "interrupted") return "Keydesk ended in the middle of it";
  const took = ended_at === null ? "" : seconds(Date.parse(ended_at) - Date.parse(began_at));
  return `${runStates[state]}${took ? ` after ${took}` : ""}`;
}

const why = (note: ErrorCode): string => inSentence(errorWords[note].title);

/** What went wrong with one target, in a line. */
export function noteOf({ error, state, attempts, replayed }: RunRow): string {
  const parts: string[] = [];
  if (error) parts.push(errorWords[error.code].title);
  if (state === "unknown") parts.push("the server may have done it");
  if (replayed) parts.push("sent once more with a new token");
  else if (attempts > 1) parts.push(`tried ${String(attempts)} times`);
  const [first, ...rest] = parts;
  if (first === undefined) return "";
  return [first.charAt(0).toUpperCase() + first.slice(1), ...rest].join(", ");
}

const all = "All";
export const runWords = {
  title: "Runs",
  line: "Everything that was sent to many, or changed something. Also what the command line began.",
  empty: "No runs yet",
  emptyLine: "Send a form, and what came of each target is kept here.",
  toAmount: (amount: number, noun: string, where: string) =>
    `to ${countedPlural(amount, noun)}${where ? `, ${where}` : ""}`,
  targets: "targets",
  backToRuns: "All runs",
  backToForm: "Back to the form",
  columns: {
    run: "Run",
    connection: "Connection",
    state: "State",
    came: "What came of it",
    began: "Began",
  },
  again: "tries another run again",
  needsYou: (count: number) => counted(count, "run waits for you", "runs wait for you"),
  progress: "Progress",
  done: (over: number, total: number) => `${number(over)} of ${number(total)} done`,
  ofDone: (total: number) => `of ${number(total)} done`,
  said: (run: RunView) => {
    const { total } = run.counts;
    const tenth = total === 0 ? 0 : Math.floor((overOf(run.counts) / total) * 10) * 10;
    return `${runStates[run.state]}, ${String(tenth)} percent done`;
  },
  percent: ({ counts }: RunView) =>
    `${String(Math.floor((overOf(counts) / Math.max(1, counts.total)) * 100))} %`,
  pause: "Pause",
  goOn: "Go on",
  stop: "Stop",
  retryFailed: (amount: number) =>
    amount === 1 ? "Retry the one that failed" : `Retry the ${number(amount)} that failed`,
  retryUnknown: (amount: number) =>
    amount === 1 ? "Retry the one that is unknown" : `Retry the ${number(amount)} that are unknown`,
  sendWaiting: (amount: number) =>
    amount === 1 ? "Send the one that waits" : `Send the ${number(amount)} that wait`,
  retried: (amount: number, noun: string) =>
    `Another run was begun, over ${countedPlural(amount, noun)}.`,
  unknownTitle: (amount: number) =>
    amount === 1 ? "Send this one once more?" : `Send these ${number(amount)} once more?`,
  unknownLine:
    "They were sent, and no answer is known. The server may have done it already: then it is done twice.",
  unknownConfirm: "Send once more",
  more: "More for this run",
  exportCsv: "Export CSV",
  exportJson: "Export JSON",
  exported: (file: string) => `Written to ${file}`,
  exportedTitle: "The results are in a file",
  copyPath: "Copy the path",
  path: "Path",
  remove: "Remove",
  removeTitle: "Remove this run?",
  removeLine: "What came of it is deleted from this machine. Nothing is sent.",
  removed: "Run removed.",
  results: "Results",
  filter: "Which are shown",
  filters: { all, accepted: "Accepted", failed: "Failed", unknown: "Unknown", waiting: "Waiting" },
  search: "Search the results",
  searchPlaceholder: "Name, number or error",
  rowColumns: { label: "Name", target: "Target", status: "Status", time: "Time", note: "Note" },
  noTarget: "No target",
  answered: (status: number) => `answered ${String(status)}`,
  answerOf: (label: string) => `Answer of ${label}`,
  noRows: "Nothing matches",
  noRowsLine: "Take another word or state.",
  range: (from: number, to: number, total: number) =>
    `${number(from)} to ${number(to)} of ${number(total)}`,
  pages: "Pages",
  first: "First page",
  back: "Page before",
  next: "Next page",
  last: "Last page",
  noAnswer: "There is no answer to show.",
  noAnswerKept: "Its answer is not kept: of older runs only states and errors are.",
  reading: "Reading...",
  stillRunning: "It goes on, and is found among the runs.",
} as const;

/** What a run that was cut off came to. */
export function cutOff({ action_label, counts }: RunView): { title: string; line: string } {
  const { total, accepted, failed, unknown, waiting, sending } = counts;
  const parts = [`${counted(accepted + failed, "was", "were")} sent`];
  const unsent = waiting + sending;
  parts.push(`${counted(unsent, "was", "were")} not`);
  if (unknown > 0) parts.push(`of ${number(unknown)} it is not known`);
  return {
    title: `A run was interrupted: ${inSentence(action_label)} to ${counted(total, "target")}`,
    line: `${parts.join(", ")}. Nothing more is sent before you say so.`,
  };
}
export const bannerWords = {
  region: "A run that was interrupted",
  goOn: (amount: number) => `Go on with ${number(amount)}`,
  look: "Look",
  leave: "Leave it",
  left: "Nothing more is sent. What waits can still be sent, under Runs.",
  others: (count: number) => (count === 1 ? "and 1 more" : `and ${String(count)} more`),
} as const;

export const confirmWords = {
  title: (name: string, amount: number, noun: string) => `${name}: ${countedPlural(amount, noun)}?`,
  line: (amount: number) =>
    `${counted(amount, "request")} will be made, each like the first one below.`,
  firstTo: (label: string) => `The first goes to ${label}`,
  first: "The first",
  body: "Body of the first",
  send: (submit: string, amount: number, noun: string) =>
    `${submit} to ${countedPlural(amount, noun)}`,
} as const;
