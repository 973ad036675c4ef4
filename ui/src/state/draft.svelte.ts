import type { ErrorView, FieldValue, ReceiveBy, TriggerView } from "../bindings";
import { csvOf, type Csv } from "./csv";
import { Keyed } from "./keyed";

const without = <T>(record: Record<string, T>, key: string): Record<string, T> =>
  Object.fromEntries(Object.entries(record).filter(([name]) => name !== key));

/** What was typed in one form. It outlives the form: no error and no change of view loses it. */
export class Draft {
  values = $state<Record<string, FieldValue>>({});
  errors = $state.raw<Record<string, string>>({});
  /** Choices of the form itself, not sent as fields. */
  connection = $state<string | null>(null);
  login = $state<string | null>(null);
  receiveBy = $state<ReceiveBy>("loopback");
  /** What the last try said, kept with what was typed. */
  error = $state.raw<ErrorView | null>(null);
  /** Which secrets the person wants kept. */
  keep = $state<Record<string, boolean>>({});
  previewOpen = $state<boolean | null>(null);
  pasted = $state("");
  /** Targets of a table, in place of those that are chosen. */
  csv = $state.raw<Csv | null>(null);
  /** The saved form that it was filled with. */
  trigger = $state<string | null>(null);

  /** Kept under `key` where two forms of one draft have fields of the same name. */
  set(field: string, value: FieldValue, key = field): void {
    this.values[key] = value;
    this.errors = without(this.errors, field);
  }

  /** Fills it with a saved form. */
  take({ id, values, rows }: TriggerView): void {
    this.values = { ...values };
    this.errors = {};
    this.trigger = id;
    this.csv = rows ? csvOf(rows) : null;
  }

  /** From a row of an answer: these, and nothing of what stood there. */
  fill(values: Record<string, FieldValue>): void {
    this.values = values;
    this.errors = {};
    this.trigger = null;
    this.csv = null;
  }

  /** A secret is dropped as soon as it was taken. */
  forget(keys: readonly string[]): void {
    for (const key of keys) this.values = without(this.values, key);
  }
}

export class Drafts extends Keyed<Draft> {
  constructor() {
    super(() => new Draft());
  }

  /** The form that added this connection has done its work. */
  dropAdded(connection: string): void {
    this.dropWhere((_key, draft) => draft.connection === connection);
  }
}
