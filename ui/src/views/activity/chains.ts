// Entries of one operation belong together: a request, and the look at the token, its renewal, its keeping that it caused.
import type { ActivityEntry, ActivityEvent } from "../../bindings";

/** What stands in a line of its own, and below it, in the order of time, what belongs to it. */
export type Chain = { head: ActivityEntry; steps: ActivityEntry[] };

/** What causes the rest: somebody wanted this. Else what came first names the chain. */
const CAUSES: readonly ActivityEvent["kind"][] = [
  "token_handed_out",
  "token_not_handed_out",
  "request_sent",
  "request_failed",
  "login_completed",
  "login_failed",
];

/** The newest first, as they are read; a chain stands where its newest entry stands. */
export function chains(entries: readonly ActivityEntry[]): Chain[] {
  const members = new Map<string, ActivityEntry[]>();
  for (const entry of entries) {
    if (entry.chain === null) continue;
    members.set(entry.chain, [...(members.get(entry.chain) ?? []), entry]);
  }
  const told = new Set<string>();
  return entries.flatMap((entry) => {
    if (entry.chain === null) return [{ head: entry, steps: [] }];
    if (told.has(entry.chain)) return [];
    told.add(entry.chain);
    return [joined((members.get(entry.chain) ?? []).toReversed())];
  });
}

function joined(inTime: ActivityEntry[]): Chain {
  const head = inTime.findLast(({ event }) => CAUSES.includes(event.kind)) ?? inTime[0];
  if (!head) throw new Error("a chain has an entry");
  return { head, steps: inTime.filter((entry) => entry !== head) };
}
