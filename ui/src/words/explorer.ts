// Texts of the explorer: the catalogue, a request, what is saved.
import type { BodyKind, RequestBody } from "../bindings";
import { counted, number } from "./label";

export const catalogueWords = {
  title: "Catalogue",
  filter: (amount: number) =>
    amount === 0 ? "Filter endpoints" : `Filter ${counted(amount, "endpoint")}`,
  found: (amount: number) => counted(amount, "endpoint"),
  nothing: "Nothing matches.",
  more: (rest: number) => `${number(rest)} more. Type to narrow the list.`,
  none: "No catalogue yet",
  noneLine: "Import the OpenAPI document of this API, or begin with an address.",
  reading: "Reading the catalogue...",
  keys: "Arrow keys walk the endpoints, Home and End go to the ends, Enter opens.",
  /** Of an imported one: what it was written for, and where its paths lead all the same. */
  sentTo: (base: string, [server, ...others]: readonly string[]) => {
    const more = others.length === 0 ? "" : ` and ${number(others.length)} more`;
    const named = server === undefined ? "" : `Describes ${server}${more}. `;
    return `${named}Requests go below ${base}.`;
  },
  saved: "Saved",
  menu: "More for the catalogue",
  remove: "Remove...",
  moreFor: (name: string) => `More for ${name}`,
  removeTitle: (name: string) => `Remove ${name}?`,
  removeLine: "Its endpoints go from the list. Requests made from them stay.",
  removed: (name: string) => `${name} removed.`,
} as const;

export const savedWords = {
  save: "Save",
  saveAs: "Save as...",
  saveTitle: "Save the request",
  saveLine: "Its answer is not saved with it.",
  renameTitle: (name: string) => `Rename or move ${name}`,
  rename: "Rename or move...",
  name: "Name",
  namePlaceholder: "Press kit files",
  nameMissing: "Give it a name.",
  folder: "Folder",
  folderHint: "A slash makes a folder in a folder: press/winter",
  keep: "Save",
  saved: (name: string) => `“${name}” saved.`,
  moved: (name: string) => `“${name}” is there now.`,
  open: "Open",
  remove: "Delete...",
  moreFor: (name: string) => `More for ${name}`,
  removeTitle: (name: string) => `Delete ${name}?`,
  removeLine: "What is open of it stays open.",
  removeConfirm: "Delete",
  removed: (name: string) => `${name} deleted.`,
} as const;

export const importWords = {
  title: "Import a catalogue",
  command: "Import a catalogue...",
  line: "An OpenAPI 3 or Swagger 2 document, as JSON or YAML. Nothing in it is run, and its requests go to this connection's own server.",
  ways: "Where the document is",
  way: { text: "Text", url: "Address" },
  text: "Document",
  file: "Choose a file",
  fileLabel: "Document",
  tooLarge: "That file is larger than 20 MB.",
  notText: "That file is no text.",
  textMissing: "Paste the document, or choose its file.",
  url: "Address of the document",
  urlPlaceholder: "https://api.example.com/openapi.json",
  urlWrong: "Give a whole address, like https://api.example.com/openapi.json",
  fetch: "Fetch it",
  confirm: (host: string) => `Fetch it from ${host}`,
  confirmTitle: (host: string) => `This asks ${host}`,
  confirmLine: "The document is fetched from there without any token.",
  import: "Import",
  imported: (name: string, amount: number) => `${name}: ${counted(amount, "endpoint")}.`,
} as const;

export const curlWords = {
  title: "Paste a cURL command",
  command: "Paste a cURL command...",
  line: "It becomes a request. Nothing is run, and nothing is sent yet.",
  text: "Command",
  placeholder: "curl https://api.example.com/items -H 'Accept: application/json'",
  missing: "Paste a command that begins with curl.",
  open: "Make a request",
  copy: "Copy as cURL",
  copied: "The cURL command",
  leftOut: "Not all of the command was taken",
  dismiss: "All right",
} as const;

export const variableWords = {
  title: "Variables",
  command: "Variables...",
  line: "{{name}} in a request stands for its value. They belong to this connection.",
  hint: "No secrets here: values are kept as plain text on this machine.",
  keep: "Save",
  saved: "Variables saved.",
} as const;

export const requestWords = {
  requests: "Open requests",
  untitled: "New request",
  create: "New request",
  close: (name: string) => `Close ${name}`,
  closeThis: "Close the request",
  reopen: "Open the request closed last",
  next: "Next request",
  previous: "Previous request",
  findEndpoint: "Find an endpoint",
  editAddress: "Edit the address",
  more: "More for this request",
  method: "Method",
  address: "Address",
  addressPlaceholder: "/path, a whole address, or a cURL command",
  base: (base: string) => `Below ${base}`,
  parameter: (name: string) => `Parameter ${name}`,
  send: "Send",
  cancel: "Cancel",
  docs: (host: string) => `Documentation at ${host}`,
  openDocs: "Open its documentation",
  copyDocs: "Copy the link to its documentation",
  docsCopied: "The link",
  parts: "Parts of the request",
  part: { path: "Path and query", headers: "Headers", body: "Body", response: "Response" },
  counted: (label: string, amount: number) => (amount === 0 ? label : `${label} ${number(amount)}`),
  noRequest: "No request is open",
  noRequestLine: "Choose an endpoint at the left, or begin with an address.",
  notSent: "Not sent yet",
  notSentLine: "What the server answers is shown here.",
  notKept: "What you typed is not kept on the disk yet",
  path: "Path",
  query: "Query",
  headers: "Headers",
  follow: "Follow redirects",
  followHint: "The token never goes to another server.",
  preview: "What will be sent",
  previewBody: "Body that will be sent",
} as const;

export const rowWords = {
  name: "Name",
  value: "Value",
  nameOf: (table: string, row: number) => `${table}: name ${String(row)}`,
  valueOf: (table: string, row: number, name: string) =>
    name === "" ? `${table}: value ${String(row)}` : `${table}: ${name}`,
  on: (name: string) => `Send ${name}`,
  remove: (name: string) => `Remove ${name}`,
  row: (row: number) => `row ${String(row)}`,
  pasted: (amount: number) => `${number(amount)} rows pasted.`,
} as const;

export const bodyWords = {
  kind: "What it carries",
  kinds: {
    none: "Nothing",
    json: "JSON",
    form: "Form",
    multipart: "Multipart",
    text: "Text",
    file: "File",
  } satisfies Record<BodyKind | "none", string>,
  none: "The request has no body.",
  json: "Body as JSON",
  text: "Body as text",
  form: "Form",
  parts: "Part",
  part: { value: "Text", file: "File" },
  partKind: (name: string) => `Kind of ${name}`,
  file: "File",
  mediaType: "Media type",
  format: "Format",
  wrong: (line: number, column: number) =>
    `This is not valid JSON: line ${String(line)}, column ${String(column)}.`,
  complete: "Ctrl Space completes",
} as const;

export const elsewhereWords = {
  title: (host: string) => `Send to ${host}?`,
  line: (host: string, label: string) =>
    `That is not the server of ${label}. The request goes to ${host} without the token.`,
  confirm: (host: string) => `Send to ${host}`,
} as const;

/** In the order in which one chooses. */
export const bodyKinds: readonly RequestBody["kind"][] = [
  "none",
  "json",
  "form",
  "multipart",
  "text",
  "file",
];
