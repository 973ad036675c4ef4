// Actions of the fake that send or fetch a file.
import type { ActionView, Choice } from "../../bindings";
import { choice, field } from "./field";

export const folders: Choice[] = [
  choice("1284331", "Press kit"),
  choice("1284332", "Winter campaign"),
  choice("1284340", "Menus", "Press kit"),
];
export const assets: Choice[] = [
  choice("88120431", "lobby-evening.jpg", "4.1 MB"),
  choice("88120460", "garden-drone.mp4", "310 MB"),
  choice("88120458", "suite-204.tif", "92 MB"),
];

const both = {
  group: null,
  watch: false,
  target_field: null,
  view: { kind: "json" },
} satisfies Partial<ActionView>;

export const transferActions: ActionView[] = [
  {
    id: "upload_file",
    label: "Upload a file",
    summary: "Sends a file into a folder, in pieces. A cut is made up for.",
    icon: "package",
    submit: "Upload",
    fields: [
      field("folder", "Folder", { kind: "choice", list: "folders" }),
      field("file", "File", { kind: "file" }),
      field("prefix", "Name begins with", { required: false }),
    ],
    changes: true,
    transfer: "upload",
    ...both,
  },
  {
    id: "download_file",
    label: "Download a file",
    summary: "Fetches a file into your downloads. It goes on where it was after a cut.",
    icon: "file",
    submit: "Download",
    fields: [field("file", "File", { kind: "choice", list: "files" })],
    changes: false,
    transfer: "download",
    ...both,
  },
];
