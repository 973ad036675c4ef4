// Texts of files: choosing one, sending and fetching it, and the list of transfers.
import type { ErrorView, TransferState, TransferView } from "../bindings";
import { errorWords } from "./errors";
import { counted } from "./label";
import { bytes } from "./size";
import { countdown, distance, atMoment, span } from "./time";
import type { Tone } from "./token";

export const fileWords = {
  choose: "Choose a file...",
  another: "Choose another...",
  take: "Take it out",
  none: "No file chosen.",
  needed: (label: string) => `${label}: choose a file.`,
} as const;

export const transferWords = {
  title: "Transfers",
  line: "Files sent and fetched since the app was started, newest first.",
  empty: "No transfers yet",
  emptyLine: "An action that sends or fetches a file is listed here while it goes on, and after.",
  region: "File",
  nothingUpload: "Nothing sent yet",
  nothingUploadLine: "How far it is, and what the server answers, is shown here.",
  nothingDownload: "Nothing fetched yet",
  nothingDownloadLine: "How far it is, and where the file lies, is shown here.",
  progress: (name: string) => `Progress of ${name}`,
  pause: "Pause",
  resume: "Go on",
  stop: "Stop",
  remove: "Remove",
  removeOver: "Remove what is over",
  copyPath: "Copy its place",
  path: "Place of the file",
  liesAt: "The file lies at",
  answer: "Answer of the server",
  open: "Transfers of this session",
  earlier: "Earlier",
  of: (what: string, name: string) => `${what}: ${name}`,
  under: (count: number, part: number | null) =>
    `${counted(count, "transfer")}${part === null ? "" : `, ${percent(part)}`}`,
  halted: (count: number) => `${counted(count, "transfer waits", "transfers wait")} for you`,
  over: (count: number) => counted(count, "transfer"),
} as const;

const times = (count: number): string => (count === 1 ? "once" : `${String(count)} times`);

/** That of a download is known only when the server has said it. */
export const nameOf = ({ name, action_label }: TransferView): string => name || action_label;

/** Never "100 %" before it is whole. */
export const percent = (part: number): string => `${String(Math.floor(part * 100))} %`;

/** How much of it is there; none where its size is not known. */
export const part = ({ done, size, state }: TransferView): number | null => {
  if (state === "done" || state === "processing") return 1;
  return size === null || size === 0 ? null : Math.min(1, done / size);
};

/** Sends or fetches, or will by itself. */
export const isMoving = ({ state }: TransferView): boolean =>
  state === "preparing" || state === "running" || state === "waiting" || state === "processing";

export const isOver = ({ state }: TransferView): boolean => state === "done" || state === "stopped";

/** Only the person can go on with it. */
export const isHalted = ({ state }: TransferView): boolean =>
  state === "paused" || state === "failed";

export const transferTones: Record<TransferState, Tone> = {
  preparing: "quiet",
  running: "quiet",
  waiting: "soon",
  paused: "soon",
  processing: "quiet",
  done: "fresh",
  failed: "dead",
  stopped: "quiet",
};

/** In a word or two. */
export function stateWord({ state, kind }: TransferView): string {
  switch (state) {
    case "preparing":
      return "Preparing";
    case "running":
      return kind === "upload" ? "Sending" : "Fetching";
    case "waiting":
      return "Waiting";
    case "paused":
      return "Paused";
    case "processing":
      return "Processing";
    case "done":
      return "Done";
    case "failed":
      return "Failed";
    case "stopped":
      return "Stopped";
  }
}

/** What it does now, where the word alone does not say it. */
export function stateLine(transfer: TransferView, now: number): string | null {
  const { state, kind, waits_until, tries, error } = transfer;
  switch (state) {
    case "preparing":
      return kind === "upload"
        ? "The server is asked to take the file."
        : "The server is asked for the file.";
    case "running":
      return tries === 0 ? null : `It was cut ${times(tries)}, and goes on where it was.`;
    case "waiting":
      return waitLine(waits_until, error, now);
    case "paused":
      return "What is there stays. It goes on where it was.";
    case "processing":
      return kind === "upload"
        ? "All is sent. The server is still at work on it."
        : "The server is making the file ready.";
    case "failed":
      return "What is there stays. Go on takes it up where it was.";
    case "stopped":
      return kind === "upload" ? "It was not sent whole." : "What was fetched of it is deleted.";
    case "done":
      return null;
  }
}

function waitLine(until: string | null, error: ErrorView | null, now: number): string {
  const why =
    error === null || error.code === "rate_limited"
      ? "The server lets no more through for now."
      : `${errorWords[error.code].title}.`;
  if (until === null) return `${why} It goes on by itself.`;
  const left = Date.parse(until) - now;
  if (left < 1000) return `${why} It goes on now.`;
  const when = left < 600_000 ? `in ${countdown(left)}` : atMoment(until, now);
  return `${why} It goes on by itself ${when}.`;
}

/** "12.4 MB of 96 MB" */
export function amount({ done, size, state }: TransferView): string {
  if (state === "done") return bytes(size ?? done);
  return size === null ? bytes(done) : `${bytes(done)} of ${bytes(size)}`;
}

/** "3.2 MB a second, 26 s left"; after the end how long it took. */
export function pace({ state, rate, seconds_left, began_at, ended_at }: TransferView): string {
  if (state === "done" && ended_at !== null)
    return `took ${distance(Math.max(1000, Date.parse(ended_at) - Date.parse(began_at)))}`;
  if (state !== "running" || rate === null) return "";
  const left = seconds_left === null ? "" : `, ${span(seconds_left * 1000)} left`;
  return `${bytes(rate)} a second${left}`;
}
