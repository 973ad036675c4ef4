// The explorer of the fake: what is open and kept, and requests that are sent to nobody.
import type {
  Catalogue,
  Draft,
  ExplorerPreview,
  ExplorerRequest,
  ReadCurl,
  SavedRequest,
  Variable,
} from "../../bindings";
import { blankRequest, type Backend } from "../backend";
import { fail, type Desk } from "./desk";
import { baseOf, catalogueOf, importedCatalogue } from "./endpoints";
import { fault } from "./people";
import type { SentAnswers } from "./sent";

type Commands = Pick<
  Backend,
  | "readCatalogues"
  | "importCatalogue"
  | "removeCatalogue"
  | "fetchDocument"
  | "openDocs"
  | "listDrafts"
  | "saveDraft"
  | "closeDraft"
  | "listSavedRequests"
  | "saveRequest"
  | "removeSavedRequest"
  | "listVariables"
  | "setVariables"
  | "previewExplorerRequest"
  | "copyAsCurl"
  | "readCurl"
  | "sendRequest"
>;

const pressKit: SavedRequest = {
  id: "s1",
  connection: "c6",
  folder: "",
  name: "Press kit files",
  endpoint: "GET /folders/{id}/files",
  request: {
    ...blankRequest(),
    url: "/folders/{id}/files",
    parameters: [{ name: "id", value: "1284331", on: true }],
    query: [{ name: "page", value: "2", on: true }],
  },
};
const winter: SavedRequest = {
  ...pressKit,
  id: "s2",
  folder: "press/winter",
  name: "Files of the winter",
};

/** With values in place of parameters and variables; one that nobody knows fails. */
function filled(request: ExplorerRequest, variables: readonly Variable[], base: string): string {
  const values = new Map(request.parameters.map(({ name, value }) => [name, value]));
  const known = new Map(variables.map(({ name, value }) => [name, value]));
  const put = (text: string): string =>
    text.replace(/\{\{\s*([^{}]*?)\s*\}\}/g, (_, name: string) => {
      const unknown = fault("invalid_input", `There is no variable {{${name}}}.`, { field: "url" });
      return known.get(name) ?? fail(unknown);
    });
  const path = request.url.replace(/\{\{[^{}]*\}\}|\{([^{}]+)\}/g, (whole, name?: string) => {
    if (name === undefined) return whole;
    const missing = fault("invalid_input", `${name} is needed.`, { field: "url" });
    return encodeURIComponent(put(values.get(name) || fail(missing)));
  });
  const rows = request.query.filter(({ name, on }) => on && name !== "");
  const query = rows.map(({ name, value }) => `${name}=${encodeURIComponent(put(value))}`);
  const address = put(path);
  const url = /^https?:/.test(address) ? address : `${base}${address}`;
  return query.length > 0 ? `${url}?${query.join("&")}` : url;
}

function bodyOf({ body }: ExplorerRequest): string | null {
  if (body.kind === "json" || body.kind === "text") return body.text;
  if (body.kind !== "form") return null;
  const rows = body.rows.filter(({ on }) => on);
  return rows.map(({ name, value }) => `${name}=${encodeURIComponent(value)}`).join("&");
}

/** Its address below `base` where it is there, and its query as rows, as the core does it. */
function parsedCurl(text: string, base: string): ReadCurl {
  const words = [...text.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, bare]) => single ?? double ?? bare ?? "",
  );
  if (words[0] !== "curl") fail(fault("invalid_input", "It begins with curl.", { field: "text" }));
  const request = blankRequest();
  const left_out: string[] = [];
  for (let at = 1; at < words.length; at += 1) {
    const word = words[at] ?? "";
    if (word === "-X") request.method = words[(at += 1)] ?? "GET";
    else if (word === "-d" || word === "--data") {
      request.body = { kind: "json", text: words[(at += 1)] ?? "" };
      if (request.method === "GET") request.method = "POST";
    } else if (word === "-H") {
      const [name = "", value = ""] = (words[(at += 1)] ?? "").split(/:\s*/);
      if (name.toLowerCase() === "authorization")
        left_out.push("Authorization was left out: the connection presents its own token.");
      else request.headers = [...request.headers, { name, value, on: true }];
    } else if (word.startsWith("-")) left_out.push(`${word} was left out.`);
    else request.url = word;
  }
  if (!URL.canParse(request.url))
    fail(fault("invalid_input", "The command names no address.", { field: "text" }));
  const { origin, pathname, searchParams } = new URL(request.url);
  const url = `${origin}${pathname}`;
  request.url = url.startsWith(`${base}/`) ? url.slice(base.length) : url;
  request.query = [...searchParams].map(([name, value]) => ({ name, value, on: true }));
  return { request, left_out, elsewhere: false };
}

export function exploring(desk: Desk, sent: SentAnswers): Commands {
  const drafts = new Map<string, Draft>();
  const imported = new Map<string, Catalogue[]>();
  const variables = new Map<string, Variable[]>([["c6", [{ name: "folder", value: "1284331" }]]]);
  let saved: SavedRequest[] = [pressKit, winter];
  const ownOf = (connection: string): Catalogue => catalogueOf(desk.find(connection).provider);
  const variablesOf = (connection: string): Variable[] => variables.get(connection) ?? [];

  const preview = (connection: string, request: ExplorerRequest): ExplorerPreview => {
    const base = baseOf(desk.find(connection).provider);
    const url = filled(request, variablesOf(connection), base);
    const { origin } = new URL(url);
    const elsewhere = origin === new URL(base).origin ? null : origin;
    const own = request.headers.filter(({ name, on }) => on && name !== "");
    const token = elsewhere !== null ? [] : [{ name: "Authorization", value: "Bearer •••" }];
    return {
      method: request.method,
      url,
      headers: [...token, { name: "Accept", value: "*/*" }, ...own],
      body: bodyOf(request),
      elsewhere,
    };
  };

  return {
    readCatalogues: async (connection) => [ownOf(connection), ...(imported.get(connection) ?? [])],
    importCatalogue: async (connection, text) => {
      if (!/openapi|swagger/i.test(text))
        fail(fault("invalid_input", "This is not an OpenAPI document.", { field: "text" }));
      const made = importedCatalogue(desk.id("catalogue"));
      imported.set(connection, [...(imported.get(connection) ?? []), made]);
      return made;
    },
    removeCatalogue: async (connection, catalogue) => {
      const rest = (imported.get(connection) ?? []).filter(({ id }) => id !== catalogue);
      imported.set(connection, rest);
    },
    fetchDocument: async () => '{"openapi":"3.0.3"}',
    openDocs: async () => undefined,
    listDrafts: async (connection) =>
      [...drafts.values()].filter((draft) => draft.connection === connection),
    saveDraft: async (draft) => void drafts.set(draft.id, draft),
    closeDraft: async (draft) => void drafts.delete(draft),
    listSavedRequests: async (connection) => saved.filter((one) => one.connection === connection),
    saveRequest: async (wanted) => {
      saved = [...saved.filter(({ id }) => id !== wanted.id), wanted];
      return wanted;
    },
    removeSavedRequest: async (id) => {
      saved = saved.filter((one) => one.id !== id);
    },
    listVariables: async (connection) => variablesOf(connection),
    setVariables: async (connection, wanted) => {
      variables.set(connection, wanted);
      return wanted;
    },
    previewExplorerRequest: async (connection, request) => preview(connection, request),
    copyAsCurl: async (connection, request) => {
      const { method, url } = preview(connection, request);
      const { label } = desk.find(connection);
      return `curl -X ${method} '${url}' -H "Authorization: Bearer $(keydesk token '${label}')"`;
    },
    readCurl: async (connection, text) => parsedCurl(text, baseOf(desk.find(connection).provider)),
    sendRequest: async (connection, draft, request, elsewhere) => {
      const { method, url, elsewhere: origin } = preview(connection, request);
      if (origin !== null && origin !== elsewhere)
        fail(fault("other_origin", new URL(url).host, { field: "url" }));
      return sent.begin(connection, draft, method, url);
    },
  };
}
