// Runs of the fake: some targets a step, as the real ones go.
import type * as T from "../../bindings";
import { BackendError, type Backend } from "../backend";
import { answer, nameOf, targets } from "./answers";
import { actions } from "./catalogue";
import { readCsv } from "./csv";
import { pause, type Desk } from "./desk";
import { at, fault } from "./people";

const url = "https://all-main-pro-ibot.relaysvr.com/ibot/workflow";
const AT_ONCE = 8;
/** From so many on, several go at a step and rows are not told. */
const MANY = 20;
type Hear = (event: T.RunEvent) => void;

type Does = Pick<
  Backend,
  | "startRun"
  | "watchRun"
  | "pauseRun"
  | "resumeRun"
  | "stopRun"
  | "retryRun"
  | "listRuns"
  | "readRun"
  | "readRunRow"
  | "exportRun"
  | "removeRun"
  | "previewCsv"
>;

function blank(target: string | null, index: number): T.RunRow {
  return {
    number: index + 1,
    target,
    label: target === null ? null : nameOf(target),
    state: "waiting",
    status: null,
    duration_ms: null,
    attempts: 0,
    replayed: false,
    error: null,
    body: null,
    truncated: false,
    refusal: null,
  };
}

function counted(rows: readonly T.RunRow[]): T.RunCounts {
  const of = (state: T.TargetState) => rows.filter((row) => row.state === state).length;
  return {
    total: rows.length,
    waiting: of("waiting"),
    sending: of("sending"),
    accepted: of("accepted"),
    failed: of("failed"),
    unknown: of("unknown"),
  };
}

/** One that is carried out. */
class FakeRun {
  rows: T.RunRow[];
  hears = new Set<Hear>();
  tried = new Set<string>();
  readonly request: T.ActionRequest;
  #head: Omit<T.RunView, "counts" | "rate" | "seconds_left">;
  #desk: Desk;

  constructor(desk: Desk, request: T.ActionRequest, wanted: (string | null)[], of: string | null) {
    this.#desk = desk;
    this.request = request;
    this.rows = wanted.map(blank);
    const label = actions.find((action) => action.id === request.action)?.label;
    this.#head = {
      id: desk.id("r"),
      connection: request.connection,
      action: request.action,
      action_label: label ?? request.action,
      state: "running",
      began_at: at(0),
      ended_at: null,
      at_once: AT_ONCE,
      per_second: null,
      waits_until: null,
      retry_of: of,
      note: null,
    };
  }

  get view(): T.RunView {
    const counts = counted(this.rows);
    const moves = this.#head.state === "running" && counts.total > counts.waiting;
    const rate = moves ? AT_ONCE * (1000 / (this.#desk.options.batchEvery || 50)) : 0;
    const left = counts.waiting + counts.sending;
    return { ...this.#head, counts, rate, seconds_left: moves ? Math.ceil(left / rate) : null };
  }

  /** A past of its own, for looking at. */
  become(change: Partial<T.RunView>, upTo: number): void {
    this.rows = this.rows.map((row, index) => (index < upTo ? this.#answer(index) : row));
    if (change.state === "interrupted")
      this.rows = this.rows.map((row, index) =>
        index >= upTo && index < upTo + AT_ONCE ? { ...row, state: "unknown", attempts: 1 } : row,
      );
    this.#head = { ...this.#head, ...change };
  }

  move(state: T.RunState, changed: T.RunRow[] = []): T.RunView {
    const was = this.#head.state;
    const ended_at = state === "done" || state === "stopped" ? at(0) : null;
    this.#head = { ...this.#head, state, ended_at };
    const { view } = this;
    for (const hear of this.hears) hear({ kind: "moved", run: view, rows: changed });
    if (was !== state || changed.length === 0) this.#desk.emit("runChanged", { run: view.id });
    return view;
  }

  async carryOut(): Promise<void> {
    const step = this.rows.length > MANY ? AT_ONCE : 1;
    let first = true;
    while (this.#head.state === "running") {
      if (!first) await pause(this.#desk.options.batchEvery ?? 0);
      first = false;
      if ((this.#head.state as T.RunState) !== "running") return;
      const next = this.rows.filter(({ state }) => state === "waiting").slice(0, step);
      const changed = next.map(({ number }) => this.#send(number - 1));
      const isLast = !this.rows.some(({ state }) => state === "waiting");
      this.move(isLast ? "done" : "running", changed);
    }
    const { id, action_label: action, counts } = this.view;
    const { total, accepted, failed, unknown } = counts;
    const stopped = this.#head.state === "stopped";
    const end = {
      kind: "run_finished",
      action,
      total,
      accepted,
      failed,
      unknown,
      stopped,
    } as const;
    if (this.#head.state !== "paused") this.#desk.note(this.request.connection, end, id);
  }

  #send(index: number): T.RunRow {
    const row = this.#answer(index);
    this.rows[index] = row;
    const { target, label, status, replayed } = row;
    if (target !== null && status !== null && this.rows.length <= MANY) {
      const sent = { kind: "request_sent", method: "POST", url } as const;
      const { connection } = this.request;
      this.#desk.note(connection, { ...sent, target: label, status, replayed }, this.view.id);
    }
    return row;
  }

  #answer(index: number): T.RunRow {
    return answer(this.request, this.rows[index]?.target ?? null, index);
  }
}

export function running(desk: Desk): Does {
  const kept = new Map<string, FakeRun>();
  const find = (id: string): FakeRun => {
    const found = kept.get(id);
    if (!found) throw new BackendError(fault("invalid_input", id, { field: "run" }));
    return found;
  };
  const begin = (run: FakeRun, hear: Hear): T.RunView => {
    kept.set(run.view.id, run);
    run.hears.add(hear);
    desk.note(run.request.connection, { kind: "token_at_hand", seconds_left: 6120 }, run.view.id);
    const view = run.move("running");
    void run.carryOut();
    return view;
  };
  if (desk.options.pastRuns) for (const run of past(desk)) kept.set(run.view.id, run);
  return {
    startRun: async (request, options, onEvent) => {
      desk.find(request.connection);
      const all = targets(request);
      if (all.length > desk.settings.ask_above && !options?.confirmed)
        throw new BackendError(fault("confirm_needed", `${String(all.length)} targets.`));
      return begin(new FakeRun(desk, request, all.length > 0 ? all : [null], null), onEvent);
    },
    watchRun: async (id, onEvent) => {
      const run = find(id);
      run.hears.add(onEvent);
      return run.view;
    },
    pauseRun: async (id) => find(id).move("paused"),
    resumeRun: async (id) => {
      const run = find(id);
      const view = run.move("running");
      void run.carryOut();
      return view;
    },
    stopRun: async (id) => find(id).move("stopped"),
    retryRun: async (id, which, onEvent) => {
      const { request, rows, tried } = find(id);
      const again = rows.filter(
        ({ state, target }) => which.includes(state) && !tried.has(target ?? ""),
      );
      if (again.length === 0)
        throw new BackendError(fault("invalid_input", "Nothing is left.", { field: "which" }));
      for (const { target } of again) tried.add(target ?? "");
      return begin(
        new FakeRun(
          desk,
          request,
          again.map(({ target }) => target),
          id,
        ),
        onEvent,
      );
    },
    listRuns: async (connection) =>
      [...kept.values()]
        .map(({ view }) => view)
        .filter((view) => isKept(view) && (connection === null || view.connection === connection))
        .toReversed(),
    readRun: async (id, state, search, offset, limit) => {
      const { view, rows } = find(id);
      const text = search?.toLowerCase() ?? "";
      const wanted = rows.filter(
        (row) =>
          (state === null || row.state === state) &&
          `${row.label ?? ""} ${row.target ?? ""} ${row.error?.message ?? ""}`
            .toLowerCase()
            .includes(text),
      );
      return { run: view, rows: wanted.slice(offset, offset + limit), total: wanted.length };
    },
    readRunRow: async (id, number) => {
      const row = find(id).rows[number - 1];
      if (!row) throw new BackendError(fault("invalid_input", String(number), { field: "number" }));
      return row;
    },
    exportRun: async (id, format) => {
      const { action, began_at } = find(id).view;
      return { file: `/home/alice/Downloads/${action}-${began_at.slice(0, 10)}.${format}` };
    },
    removeRun: async (id) => {
      kept.delete(id);
      desk.emit("runChanged", { run: id });
    },
    previewCsv: async (_connection, action, text, mapping) => readCsv(action, text, mapping),
  };
}

/** A look that changes nothing is in no list. */
const isKept = ({ action, counts }: T.RunView): boolean =>
  counts.total > 1 || actions.find(({ id }) => id === action)?.changes === true;

/** What was sent before: one that was cut off in the middle, one with failures, one that waits for a login. */
function past(desk: Desk): FakeRun[] {
  const all = desk.devices.map(({ value }) => value);
  const values = { workflow: "wf_drill_Q1pZ7cKdR4sHgY9tMwJa", devices: all };
  const request: T.ActionRequest = { connection: "c1", action: "send_trigger", values };
  const make = (count: number, change: Partial<T.RunView>, upTo = count): FakeRun => {
    const run = new FakeRun(desk, request, all.slice(0, count), null);
    run.become(change, upTo);
    return run;
  };
  const over = (from: number, to: number): Partial<T.RunView> => ({
    state: "done",
    began_at: at(from),
    ended_at: at(to),
  });
  return [
    make(3, over(-86_400, -86_398)),
    make(all.length, over(-7300, -7281)),
    make(40, { state: "paused", note: "login_needed", began_at: at(-5400) }, 12),
    make(all.length, { state: "interrupted", began_at: at(-900) }, Math.floor(all.length / 2)),
  ];
}
