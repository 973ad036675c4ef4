// A filled form that is to be sent, as a person is asked about it.
import type { ActionRequest, ActionView } from "../bindings";

export type Order = {
  request: ActionRequest;
  action: ActionView;
  /** How it is called: the action, or the button that was pressed. */
  name: string;
  amount: number;
  /** Begins it; answered when it is over. */
  start: (confirmed: boolean) => Promise<unknown>;
};

/** How many requests it makes. */
export function amountOf({ target_field }: ActionView, { values, rows }: ActionRequest): number {
  if (rows) return rows.length;
  const chosen = target_field === null ? undefined : values[target_field];
  return Array.isArray(chosen) ? chosen.length : 1;
}

/** The same for the first of its targets only: enough to show what will be sent. */
export function firstOf({ target_field }: ActionView, request: ActionRequest): ActionRequest {
  if (request.rows) return { ...request, rows: request.rows.slice(0, 1) };
  const chosen = target_field === null ? undefined : request.values[target_field];
  if (target_field === null || !Array.isArray(chosen)) return request;
  const first = chosen.filter((one) => typeof one === "string").slice(0, 1);
  return { ...request, values: { ...request.values, [target_field]: first } };
}
