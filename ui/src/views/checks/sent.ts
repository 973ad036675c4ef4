// What a check sends, as the screen knows it: a saved request or a saved form.
import type { CheckOf } from "../../bindings";
import type { ActionList } from "../../state/actions.svelte";
import { amountOf } from "../../state/order";
import type { SavedRequests } from "../../state/saved-requests.svelte";
import type { Triggers } from "../../state/triggers.svelte";
import { checkWords as words } from "../../words/checks";

export type Sent = {
  name: string;
  /** Of a request. */
  method: string | null;
  /** It was removed, and nothing is sent. */
  gone: boolean;
};

/** None while that is being read. */
export function sentBy(of: CheckOf, saved: SavedRequests, triggers: Triggers): Sent | null {
  if (of.kind === "trigger") {
    const trigger = triggers.find(of.id);
    return { name: trigger?.name ?? words.goneTrigger, method: null, gone: trigger === undefined };
  }
  const found = saved.find(of.id);
  if (found) return { name: found.name, method: found.request.method, gone: false };
  return saved.loaded ? { name: words.goneRequest, method: null, gone: true } : null;
}

/** Methods that only read (RFC 9110 section 9.2.1). */
const SAFE: readonly string[] = ["GET", "HEAD", "OPTIONS", "TRACE"];

/** What changes something: of a request by its method, of a form as it says of itself. */
export type Sending = { kind: CheckOf["kind"]; name: string; changes: boolean; amount: number };

/** What sending it means for the server; none while that is being read. */
export function sendingOf(
  of: CheckOf,
  saved: SavedRequests,
  triggers: Triggers,
  actions: ActionList,
): Sending | null {
  const { kind } = of;
  if (kind === "saved_request") {
    const method = saved.find(of.id)?.request.method;
    if (method === undefined) return null;
    return { kind, name: method, changes: !SAFE.includes(method.toUpperCase()), amount: 1 };
  }
  const trigger = triggers.find(of.id);
  const action = trigger && actions.find(trigger.action);
  if (!action) return null;
  const { name } = trigger;
  return { kind, name, changes: action.changes, amount: amountOf(action, trigger) };
}
