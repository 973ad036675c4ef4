// What a view of an answer does through the state: other forms, rows below rows, pictures.
import type { FieldValue, FieldView, ResultView, RowAction } from "../../bindings";
import { at, parseJson, type Json } from "../../components/json";
import { rowsOf, said, type ResultDoings } from "../../components/result";
import type { Branch } from "../../components/tree";
import type { App } from "../../state/app.svelte";

/** What a row fills a form with, each field in its own kind. */
function filled(
  fields: readonly FieldView[],
  { set = {} }: RowAction,
  row: Json,
): Record<string, FieldValue> {
  const values: Record<string, FieldValue> = {};
  for (const field of fields) {
    const pointer = set[field.id];
    const text = pointer === undefined ? "" : said(at(row, pointer));
    if (text !== "") values[field.id] = field.kind === "choices" ? [text] : text;
  }
  return values;
}

export function doingsOf(app: App, connection: string, action: string): ResultDoings {
  const list = app.actions.for(connection);
  const look = app.looks.for(`${connection}/${action}`);
  return {
    copy: async (text, what) => (await app.copyText(text, what)) === null,
    picture: (url) => app.looks.picture(connection, url),
    opened: look.opened,
    branches: look.branches,
    open: (opens, row) => {
      const wanted = list.find(opens.action);
      if (!wanted) return;
      app.drafts.for(`${connection}/${wanted.id}`).fill(filled(wanted.fields, opens, row));
      list.open(wanted.id);
    },
    below: async (opens, row): Promise<Branch> => {
      const wanted = list.find(opens.action);
      if (!wanted) return { state: "read", rows: [] };
      const values = filled(wanted.fields, opens, row);
      const answer = await app.looks.read({ connection, action: wanted.id, values });
      if ("error" in answer) return { state: "failed", error: answer.error };
      return { state: "read", rows: rowsIn(wanted.view, answer.body) };
    },
  };
}

function rowsIn(view: ResultView, body: string): Json[] {
  const json = parseJson(body) ?? undefined;
  return "rows_at" in view ? rowsOf(json, view.rows_at) : rowsOf(json, "");
}
