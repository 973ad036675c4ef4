// Files on their way, as the fake has them: they move by the clock, and end well.
import type { ActionRequest, ChosenFile, TransferView } from "../../bindings";
import type { Backend } from "../backend";
import { fail, type Desk } from "./desk";
import { at, fault } from "./people";
import { assets, transferActions } from "./transfer-actions";

type Commands = Pick<
  Backend,
  | "chooseFile"
  | "startTransfer"
  | "listTransfers"
  | "pauseTransfer"
  | "resumeTransfer"
  | "stopTransfer"
  | "removeTransfer"
>;
const STEP_MS = 150;
const MB = 1_000_000;

const file: ChosenFile = { id: "f1", name: "garden-winter-2026.mp4", size: 96 * MB };

function transfer(id: string, more: Partial<TransferView>): TransferView {
  return {
    id,
    connection: "c6",
    action: "upload_file",
    action_label: "Upload a file",
    kind: "upload",
    name: file.name,
    size: file.size,
    done: 0,
    rate: null,
    seconds_left: null,
    state: "preparing",
    tries: 0,
    waits_until: null,
    error: null,
    began_at: at(0),
    ended_at: null,
    file: null,
    result: null,
    ...more,
  };
}

const result = JSON.stringify({
  id: 88121007,
  name: "garden-winter-2026.mp4",
  content_type: "video/mp4",
  size: 96 * MB,
  finished: true,
});

/** One in each state, for looking at them. */
export const everyState = (): TransferView[] => {
  const download = {
    kind: "download",
    action: "download_file",
    action_label: "Download a file",
  } as const;
  const half = { size: 310 * MB, done: 121 * MB, name: "garden-drone.mp4", ...download };
  return [
    transfer("t1", { state: "running", done: 41.2 * MB, rate: 3.2 * MB, seconds_left: 17 }),
    transfer("t2", { ...half, state: "running", tries: 2, rate: 11 * MB, seconds_left: 17 }),
    transfer("t3", {
      state: "waiting",
      name: "lobby.tif",
      size: 20 * MB,
      done: 5 * MB,
      waits_until: at(252),
      error: fault("rate_limited", "acme.imagerelay.com", { status: 429 }),
    }),
    transfer("t4", { state: "paused", name: "menu-winter.pdf", size: 1.2 * MB, done: 0.6 * MB }),
    transfer("t5", { state: "processing", name: "suite-204.tif", size: 92 * MB, done: 92 * MB }),
    transfer("t6", {
      ...half,
      state: "failed",
      tries: 5,
      error: fault("unreachable", "acme.imagerelay.com", { retryable: true }),
    }),
    transfer("t7", {
      ...half,
      state: "done",
      name: "A rather long name of a file that somebody gave to the season’s photographs.tar.gz",
      done: 310 * MB,
      began_at: at(-180),
      ended_at: at(-90),
      file: "/home/alice/Downloads/A rather long name of a file that somebody gave to the season’s photographs.tar.gz",
    }),
    transfer("t8", {
      state: "done",
      done: file.size,
      began_at: at(-400),
      ended_at: at(-370),
      result,
    }),
    transfer("t9", { state: "preparing", name: "", size: null, ...download }),
    transfer("t10", { ...half, state: "stopped", name: "suite-204.tif", ended_at: at(-500) }),
  ];
};

export function transferring(desk: Desk): Commands {
  const find = (id: string) =>
    desk.transfers.find((one) => one.id === id) ?? fail(fault("invalid_input", id));
  const set = (id: string, change: Partial<TransferView>): TransferView => {
    desk.transfers = desk.transfers.map((one) => (one.id === id ? { ...one, ...change } : one));
    desk.emit("transferChanged", { transfer: id });
    return find(id);
  };
  const pieces = desk.options.pieces ?? 12;
  const step = (id: string): void => {
    const now = desk.transfers.find((one) => one.id === id);
    if (!now || (now.state !== "running" && now.state !== "preparing")) return;
    const size = now.size ?? 0;
    const done = Math.min(size, now.done + size / pieces);
    if (done >= size) {
      const upload = now.kind === "upload";
      const came = upload ? { result } : { file: `/home/alice/Downloads/${now.name}` };
      set(id, {
        state: "done",
        done: size,
        rate: null,
        seconds_left: null,
        ended_at: at(0),
        ...came,
      });
      return;
    }
    const rate = size / pieces / (STEP_MS / 1000);
    set(id, { state: "running", done, rate, seconds_left: (size - done) / rate });
    setTimeout(() => step(id), STEP_MS);
  };
  const begin = (request: ActionRequest, given: string | null): TransferView => {
    desk.find(request.connection);
    const action = transferActions.find(({ id }) => id === request.action);
    const asset = assets.find(({ value }) => value === request.values["file"]);
    const upload = action?.transfer === "upload";
    if (upload && given === null) fail(fault("invalid_input", "File", { field: "file" }));
    return transfer(desk.id("t"), {
      connection: request.connection,
      action: request.action,
      action_label: action?.label ?? request.action,
      kind: action?.transfer ?? "upload",
      name: upload ? file.name : (asset?.label ?? "file"),
      size: upload ? file.size : 92 * MB,
    });
  };
  return {
    chooseFile: async () => file,
    startTransfer: async (request, given) => {
      const made = begin(request, given);
      desk.transfers = [made, ...desk.transfers];
      desk.emit("transferChanged", { transfer: made.id });
      setTimeout(() => step(made.id), STEP_MS);
      return made;
    },
    listTransfers: async (connection) =>
      desk.transfers.filter((one) => connection === null || one.connection === connection),
    pauseTransfer: async (id) => set(id, { state: "paused", rate: null, seconds_left: null }),
    resumeTransfer: async (id) => {
      const view = set(id, { state: "running", error: null, waits_until: null });
      setTimeout(() => step(id), STEP_MS);
      return view;
    },
    stopTransfer: async (id) => set(id, { state: "stopped", rate: null, ended_at: at(0) }),
    removeTransfer: async (id) => {
      desk.transfers = desk.transfers.filter((one) => one.id !== id);
      desk.emit("transferChanged", { transfer: id });
    },
  };
}
