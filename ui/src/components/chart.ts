// Events counted over time: spans of one length, and in each how many of what.
import { clockTime } from "../words/time";

export type ChartEvent = { at: number | null; by: string };
export type Span = { from: number; to: number; counts: number[]; all: number };
export type Counted = { kinds: string[]; spans: Span[]; highest: number; step: number };

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
const STEPS = [
  MINUTE,
  5 * MINUTE,
  15 * MINUTE,
  HOUR,
  3 * HOUR,
  6 * HOUR,
  DAY,
  2 * DAY,
  7 * DAY,
  14 * DAY,
  28 * DAY,
  91 * DAY,
  364 * DAY,
];
const MOST_SPANS = 42;
/** So many kinds have a colour each; the rest are one. */
const MOST_KINDS = 5;

/** Counts by kind; the most frequent first, the rest as `other`. */
export function counted(events: readonly ChartEvent[], other: string): Counted {
  const timed = events.flatMap(({ at, by }) => (at === null ? [] : [{ at, by }]));
  if (timed.length === 0) return { kinds: [], spans: [], highest: 0, step: 0 };
  const amounts = new Map<string, number>();
  for (const { by } of timed) amounts.set(by, (amounts.get(by) ?? 0) + 1);
  const order = [...amounts].sort(([, one], [, more]) => more - one).map(([kind]) => kind);
  const few = order.length > MOST_KINDS + 1 ? order.slice(0, MOST_KINDS) : order;
  const kinds = few.length < order.length ? [...few, other] : few;

  const from = timed.reduce((least, { at }) => Math.min(least, at), Infinity);
  const to = timed.reduce((most, { at }) => Math.max(most, at), -Infinity);
  const step = STEPS.find((one) => (to - from) / one < MOST_SPANS) ?? (to - from) / MOST_SPANS;
  const edges = edgesOf(from, to, step);
  const spans = edges.slice(0, -1).map((edge, index) => ({
    from: edge,
    to: edges[index + 1] ?? edge,
    counts: kinds.map(() => 0),
    all: 0,
  }));
  for (const { at, by } of timed) {
    const span = spans[edges.findLastIndex((edge) => edge <= at)];
    const kind = Math.max(0, few.includes(by) ? few.indexOf(by) : kinds.length - 1);
    if (!span) continue;
    span.counts[kind] = (span.counts[kind] ?? 0) + 1;
    span.all += 1;
  }
  return { kinds, spans, highest: Math.max(...spans.map(({ all }) => all)), step };
}

/** Where spans begin, by the clock of this place: at full hours, at midnight. */
function edgesOf(from: number, to: number, step: number): number[] {
  const midnight = new Date(from);
  midnight.setHours(0, 0, 0, 0);
  const edges: number[] = [];
  if (step >= DAY) {
    // Days are counted, not added up: one of them may have 23 hours.
    const days = Math.round(step / DAY);
    for (const day = midnight; day.getTime() <= to; day.setDate(day.getDate() + days))
      edges.push(day.getTime());
    const last = new Date(edges.at(-1) ?? from);
    last.setDate(last.getDate() + days);
    return [...edges, last.getTime()];
  }
  let edge = midnight.getTime() + Math.floor((from - midnight.getTime()) / step) * step;
  for (; edge <= to; edge += step) edges.push(edge);
  return [...edges, edge];
}

/** Round numbers for the axis, from 0 to at least the highest. */
export function ticks(highest: number): number[] {
  const rough = Math.max(1, highest / 4);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((one) => one * power).find((one) => one >= rough) ?? rough;
  const count = Math.ceil(highest / step);
  return Array.from({ length: count + 1 }, (_, at) => at * step);
}

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
const dayOf = (at: number): string => {
  const date = new Date(at);
  return `${String(date.getDate())} ${MONTHS[date.getMonth()] ?? ""}`;
};

/** "14:00", "21 Nov", as fine as the spans are. */
export const edgeLabel = (at: number, step: number): string =>
  step >= DAY
    ? dayOf(at)
    : new Date(at).getHours() + new Date(at).getMinutes() === 0
      ? dayOf(at)
      : clockTime(at);

/** "21 Nov 14:00 to 15:00", "21 Nov", "21 Nov to 28 Nov" */
export function spanLabel({ from, to }: { from: number; to: number }, step: number): string {
  if (step < DAY) return `${dayOf(from)} ${clockTime(from)} to ${clockTime(to)}`;
  return step === DAY ? dayOf(from) : `${dayOf(from)} to ${dayOf(to - 1)}`;
}
