// Forms and views as a provider file gives them, said shortly.
import type { ActionView, ResultView, ViewColumn, ViewSection } from "../../bindings";

type View<K extends ResultView["kind"]> = Extract<ResultView, { kind: K }>;

export function action(
  id: string,
  label: string,
  summary: string,
  icon: string,
  more: Partial<ActionView> = {},
): ActionView {
  return {
    id,
    label,
    summary,
    icon,
    group: null,
    submit: "Read",
    fields: [],
    target_field: null,
    changes: false,
    watch: false,
    transfer: null,
    view: { kind: "json" },
    ...more,
  };
}

export const form = (sections: ViewSection[], more: Partial<View<"form">> = {}): ResultView => ({
  kind: "form",
  sections,
  place: null,
  ...more,
});

export const table = (
  rows_at: string,
  columns: ViewColumn[],
  more: Partial<View<"table">> = {},
): ResultView => ({ kind: "table", rows_at, columns, chart: null, place: null, ...more });
