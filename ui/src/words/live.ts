// Texts of live messages: the line to the broker, what is heard, what is published, where things are.
import type { MessageRow, MqttState, MqttView } from "../bindings";
import { number } from "./label";
import { bytes } from "./size";
import { clockTime, countdown } from "./time";
import type { Tone } from "./token";

export const liveWords = {
  title: "Live messages",
  session: "Line to the broker",
  broker: "Broker",
  connect: "Connect",
  again: "Connect again",
  now: "Try now",
  disconnect: "Disconnect",
  logInFirst: "Log in first",
  logInFirstLine: "The broker is shown the token of this connection.",
  states: {
    off: "Not connected",
    connecting: "Connecting",
    connected: "Connected",
    waiting: "Waiting",
    failed: "Not connected",
  } satisfies Record<MqttState, string>,
  subscriptions: "Heard",
  filter: "Topic filter",
  filterHint: "+ stands for one level, # for all that follow.",
  filterPlaceholder: "a/+/b or a/#",
  subscribe: "Subscribe",
  subscribeTo: (label: string, filter: string) => `Subscribe to ${label}: ${filter}`,
  unsubscribe: (filter: string) => `Unsubscribe from ${filter}`,
  suggestions: "Worth hearing",
  only: (filter: string) => `Show only ${filter}`,
  subscriptionStates: { asked: "asked", granted: "heard", refused: "refused" },
  noSubscriptions: "Nothing is heard yet.",
  refusedLine: "This token may not hear what was refused.",
  publish: "Publish",
  publishTitle: "Publish",
  topic: "Topic",
  topicPlaceholder: "the rest",
  prefixNote: "under your own prefix",
  payload: "Message",
  retain: "Retain: the broker keeps it for those who come later",
  published: (topic: string) => `Published to ${topic}.`,
  messages: "Messages",
  filterView: "Show topics",
  filterViewPlaceholder: "a/+/b",
  search: "Search in messages",
  searchPlaceholder: "Search",
  pause: "Pause",
  resume: "Go on",
  paused: (fresh: number) =>
    fresh === 0
      ? "Paused. What comes in is kept."
      : `Paused. ${number(fresh)} new since then, and kept.`,
  clear: "Clear",
  amount: (shown: number, { received, kept }: MqttView, narrowed: boolean) =>
    [
      narrowed ? `${number(shown)} of ${number(kept)} kept` : `${number(kept)} kept`,
      received > kept ? `${number(received)} came in` : "",
    ]
      .filter(Boolean)
      .join(", "),
  none: "No messages yet",
  noneOff: "Connect, subscribe, and what the broker sends is listed here as it comes.",
  noneOn: "Subscribe to a topic. What the broker sends is listed here as it comes.",
  noneYet: "What the broker sends is listed here as it comes.",
  nothing: "No message is like that",
  nothingLine: "Change the topics or the search.",
  retained: "retained",
  retainedLine: "The broker had kept it from before.",
  own: "own",
  ownLine: "Published from here.",
  binary: "binary",
  columns: { time: "Time", topic: "Topic", payload: "Message" },
  newest: "Newest",
  choose: "Choose a message to read it.",
  message: "Message",
  detail: "What a message says",
  at: "Came",
  size: "Size",
  place: "Place",
  marks: "Marked",
  payloadHex: "Message as bytes",
  cut: (size: number) => `Only its first 64 KB are shown, of ${bytes(size)}.`,
  empty: "It is empty.",
  copy: "Copy message",
  copyTopic: "Copy topic",
  places: "Where things are",
  coordinates: "Coordinates",
  badFilter: "This is not a topic filter. + stands alone for a level, # alone at the end.",
  badTopic: "A topic to publish to has no + and no #.",
  noTopic: "Give a topic.",
} as const;

export const liveTones: Record<MqttState, Tone> = {
  off: "quiet",
  connecting: "quiet",
  connected: "fresh",
  waiting: "soon",
  failed: "dead",
};

/** What the word alone does not say. */
export function stateLine({ state, since, waits_until }: MqttView, now: number): string {
  if (state === "connected") return since === null ? "" : `since ${clockTime(since)}`;
  if (state !== "waiting") return "";
  const left = waits_until === null ? 0 : Date.parse(waits_until) - now;
  return left <= 0 ? "tries again now" : `tries again in ${countdown(left)}`;
}

/** Whether it may be subscribed to (MQTT 3.1.1 section 4.7). */
export function isFilter(text: string): boolean {
  const levels = text.split("/");
  const isGood = (level: string, at: number): boolean =>
    level === "+" || (level === "#" ? at === levels.length - 1 : !/[+#]/.test(level));
  return text !== "" && levels.every(isGood);
}

/** "mrs/d/417/mon/location" as the map says it: what is the same in all topics tells nothing. */
export function shortTopics(topics: readonly string[]): string[] {
  const split = topics.map((topic) => topic.split("/"));
  const [first = []] = split;
  const differs = (at: number): boolean => split.some((levels) => levels[at] !== first[at]);
  const longest = Math.max(0, ...split.map(({ length }) => length));
  const telling = Array.from({ length: longest }, (_, at) => at).filter(differs);
  return split.map((levels, at) => {
    const short = telling.flatMap((level) => levels[level] ?? []).join("/");
    return short === "" ? (topics[at] ?? "") : short;
  });
}

const COMPASS = "N NE E SE S SW W NW".split(" ");

/** "48.2082, 16.3738, to the NE, 13.4" */
export function placeLine({ place }: MessageRow): string {
  if (place?.lat == null || place.long === null) return "";
  const { lat, long, heading, speed } = place;
  const parts = [`${String(lat)}, ${String(long)}`];
  if (heading !== null) parts.push(`to ${String(Math.round(heading))}° ${compass(heading)}`);
  // In the unit that the server measures in: nobody says which.
  if (speed !== null) parts.push(`speed ${String(speed)}`);
  return parts.join(", ");
}

const compass = (degrees: number): string =>
  COMPASS[Math.round((((degrees % 360) + 360) % 360) / 45) % 8] ?? "";
