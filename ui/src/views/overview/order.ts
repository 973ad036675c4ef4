// Who comes first in the overview: whoever needs a person, then what ends first; what never ends comes last.
import type { ConnectionView } from "../../bindings";
import { isDue, needOf } from "../../words/token";

/** 0: it stands still; 1: nobody has logged in; 2: it will stand still; 3: all is well. */
function rank({ token }: ConnectionView, now: number): number {
  if (token.state === "none") return 1;
  const need = needOf(token, now);
  return need === "now" ? 0 : need === "soon" ? 2 : 3;
}

const end = ({ token }: ConnectionView): number =>
  token.expires_at === null ? Infinity : Date.parse(token.expires_at);

export function inOrder(connections: readonly ConnectionView[], now: number): ConnectionView[] {
  const byRank = (one: ConnectionView, other: ConnectionView) => rank(one, now) - rank(other, now);
  const byEnd = (one: ConnectionView, other: ConnectionView) =>
    end(one) === end(other) ? 0 : end(one) - end(other);
  return connections.toSorted((one, other) => byRank(one, other) || byEnd(one, other));
}

export const needing = (connections: readonly ConnectionView[], now: number): ConnectionView[] =>
  connections.filter(({ token }) => needOf(token, now) !== null);

export const due = (connections: readonly ConnectionView[], now: number): ConnectionView[] =>
  connections.filter(({ token }) => isDue(token, now));

/** How long until the next of those that still hold ends. */
export function nextEnd(connections: readonly ConnectionView[], now: number): number | null {
  const left = connections.map((one) => end(one) - now).filter((ms) => ms > 0 && ms < Infinity);
  return left.length === 0 ? null : Math.min(...left);
}
