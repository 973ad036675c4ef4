// Instants and spans as people say them. Everything takes `now`, so that one clock moves all of them.
import { counted } from "./label";
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

const two = (value: number): string => String(value).padStart(2, "0");

/** "3 d 4 h", "1 h 42 m", "9 m", "42 s" */
export function span(ms: number): string {
  const size = Math.max(0, ms);
  const part = (unit: number, of: number) => Math.floor((size % of) / unit);
  if (size >= DAY) return join(`${String(Math.floor(size / DAY))} d`, part(HOUR, DAY), "h");
  if (size >= HOUR) return join(`${String(Math.floor(size / HOUR))} h`, part(MINUTE, HOUR), "m");
  if (size >= MINUTE) return `${String(Math.floor(size / MINUTE))} m`;
  return `${String(Math.floor(size / SECOND))} s`;
}

const join = (first: string, rest: number, unit: string) =>
  rest === 0 ? first : `${first} ${String(rest)} ${unit}`;

/** "4:12", for a wait that is counted down */
export function countdown(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / SECOND));
  return `${String(Math.floor(seconds / 60))}:${two(seconds % 60)}`;
}

/** A life that is counted down: "3 d 4 h", "1 h 42 m"; its last ten minutes by the second. */
export function timeLeft(ms: number): string {
  return ms < 10 * MINUTE ? countdown(ms) : span(ms);
}

/** "in 1 hour 41 minutes", "51 minutes ago", "now": as fine as one can follow while it counts down. */
export function relative(at: string | number, now: number): string {
  const distance = new Date(at).getTime() - now;
  const size = Math.abs(distance);
  if (size < SECOND) return "now";
  const words = inWords(size);
  return distance > 0 ? `in ${words}` : `${words} ago`;
}

/** "51 minutes": between two instants. */
export const distance = (ms: number): string => inWords(Math.abs(ms));

function inWords(size: number): string {
  const both = (unit: number, name: string, part: number, partName: string): string => {
    const whole = Math.floor(size / unit);
    const rest = Math.floor((size % unit) / part);
    return rest === 0 ? counted(whole, name) : `${counted(whole, name)} ${counted(rest, partName)}`;
  };
  if (size >= 365 * DAY) return counted(Math.floor(size / (365 * DAY)), "year");
  if (size >= 3 * DAY) return counted(Math.floor(size / DAY), "day");
  if (size >= DAY) return both(DAY, "day", HOUR, "hour");
  if (size >= HOUR) return both(HOUR, "hour", MINUTE, "minute");
  if (size >= 10 * MINUTE) return counted(Math.floor(size / MINUTE), "minute");
  if (size >= MINUTE) return both(MINUTE, "minute", SECOND, "second");
  return counted(Math.floor(size / SECOND), "second");
}

/** "11:21" */
export function clockTime(at: string | number): string {
  const date = new Date(at);
  return `${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** "11:21:07" */
export function clockSeconds(at: string | number): string {
  return `${clockTime(at)}:${two(new Date(at).getSeconds())}`;
}

/** "11:21:07.2" */
export function clockTenths(at: string | number): string {
  return `${clockSeconds(at)}.${String(Math.floor(new Date(at).getMilliseconds() / 100))}`;
}

/** "Today", "Yesterday", "22 Nov 2026" */
export function day(at: string | number, now: number): string {
  const date = new Date(at);
  const midnight = new Date(now).setHours(0, 0, 0, 0);
  const start = new Date(at).setHours(0, 0, 0, 0);
  const days = Math.round((midnight - start) / DAY);
  if (days === 0) return "Today";
  if (days === 1) return "Yesterday";
  if (days === -1) return "Tomorrow";
  return `${String(date.getDate())} ${MONTHS[date.getMonth()] ?? ""} ${String(date.getFullYear())}`;
}

/** "Today 10:40:00, in 9 minutes" */
export function instant(at: string, now: number): string {
  if (Number.isNaN(Date.parse(at))) return at;
  return `${day(at, now)} ${clockSeconds(at)}, ${relative(at, now)}`;
}

/** "212 ms", "1.02 s" */
export function duration(ms: number): string {
  return ms < 1000 ? `${String(Math.round(ms))} ms` : `${(ms / 1000).toFixed(2)} s`;
}

/** As the core writes it. */
export const instantBefore = (now: number, ms: number): string => new Date(now - ms).toISOString();

/** The same in a sentence: "at 15:47", "tomorrow at 15:47", "on 29 Nov 2026 at 15:47". */
export function atMoment(at: string, now: number): string {
  const which = day(at, now);
  const clock = `at ${clockTime(at)}`;
  if (which === "Today") return clock;
  return /^\d/.test(which) ? `on ${which} ${clock}` : `${which.toLowerCase()} ${clock}`;
}

/** When it will be, as a clock reading; with its day unless that is today. */
export function moment(at: string, now: number): string {
  const which = day(at, now);
  return which === "Today" ? clockTime(at) : `${which} ${clockTime(at)}`;
}
