// Folders and files of the fake, and what their pictures look like.
import { BackendError } from "../backend";
import { field } from "./field";
import { action, form } from "./forms";
import { fault } from "./people";

const below = { action: "subfolders", label: "Folders in it", set: { folder: "/id" } };
const opens = [{ action: "files", label: "Show the files", set: { folder: "/id" } }];
const aFolder = field("folder", "Folder", { kind: "choice", list: "folders" });
const folders = {
  kind: "tree",
  rows_at: "",
  label: "/name",
  children: below,
  opens,
} as const;

export const pictureActions = [
  action("folders", "Folders", "All folders, from the top.", "folder", {
    group: "Library",
    view: folders,
  }),
  action("subfolders", "Folders in a folder", "What lies below a folder.", "folder", {
    group: "Library",
    fields: [aFolder],
    view: folders,
  }),
  action("files", "Files", "The files of a folder as pictures.", "file", {
    group: "Library",
    fields: [aFolder, field("page", "Page", { kind: "number", initial: "1" })],
    view: {
      kind: "grid",
      rows_at: "",
      image: "/thumbnail",
      label: "/name",
      columns: [{ label: "Size", at: "/size", format: "size" }],
      opens: [{ action: "file", label: "Show the file", set: { file: "/id" } }],
    },
  }),
  action("file", "File details", "What is known of a file.", "file", {
    group: "Library",
    fields: [field("file", "Number")],
    view: form([{ title: "File", rows: [{ label: "Result", at: ["/result"] }] }]),
  }),
];

/** A small picture drawn for its address. One is not there. */
export async function picture(url: string): Promise<string> {
  if (url.endsWith("gone.jpg")) throw new BackendError(fault("not_found", url, { status: 404 }));
  const seed = Number(/(\d+)\.jpg$/.exec(url)?.[1] ?? 0);
  const [sky, land] = [(seed * 47) % 360, (seed * 47 + 150) % 360];
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="160" height="110"><rect width="160" height="110" fill="hsl(${String(sky)} 45% 72%)"/><circle cx="${String(30 + ((seed * 23) % 100))}" cy="34" r="15" fill="hsl(${String(sky)} 70% 88%)"/><path d="M0 110V${String(64 + (seed % 20))}L60 ${String(48 + (seed % 30))}L110 82L160 ${String(58 + (seed % 24))}V110Z" fill="hsl(${String(land)} 32% 46%)"/></svg>`;
  return Promise.resolve(`data:image/svg+xml;utf8,${encodeURIComponent(svg)}`);
}
