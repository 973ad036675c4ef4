// Runs of the fake, one target after the other.
import type { ActionRequest, RunRow, RunState, RunView } from "../../bindings";
import { BackendError, type Backend } from "../backend";
import { answer, targets } from "./answers";
import { actions } from "./catalogue";
import { pause, type Desk } from "./desk";
import { fault } from "./people";

const url = "https://all-main-pro-ibot.relaysvr.com/ibot/workflow";

function tell(desk: Desk, { connection }: ActionRequest, run: string, row: RunRow): void {
  const { target, label, status, replayed } = row;
  if (target === null || status === null) return;
  const sent = { kind: "request_sent", method: "POST", url } as const;
  desk.note(connection, { ...sent, target: label, status, replayed }, run);
}

/** A run as it stands after these rows. */
function view(id: string, request: ActionRequest, total: number, rows: RunRow[]): RunView {
  const accepted = rows.filter(({ state }) => state === "accepted").length;
  const failed = rows.length - accepted;
  const action_label = actions.find((action) => action.id === request.action)?.label;
  return {
    id,
    connection: request.connection,
    action: request.action,
    action_label: action_label ?? request.action,
    state: "running",
    counts: { total, waiting: total - rows.length, sending: 0, accepted, failed, unknown: 0 },
    began_at: new Date().toISOString(),
    ended_at: null,
    at_once: 8,
    per_second: null,
    rate: 0,
    seconds_left: null,
    waits_until: null,
    retry_of: null,
    note: null,
  };
}

type Does = Pick<Backend, "startRun" | "stopRun" | "readRun" | "readRunRow">;

export function running(desk: Desk): Does {
  const halted = new Set<string>();
  const kept = new Map<string, { run: RunView; rows: RunRow[] }>();
  const find = (run: string) => {
    const found = kept.get(run);
    if (!found) throw new BackendError(fault("invalid_input", run, { field: "run" }));
    return found;
  };
  return {
    startRun: async (request, _options, onEvent) => {
      desk.find(request.connection);
      const id = desk.id("r");
      const all = targets(request);
      const wanted = all.length > 0 ? all : [null];
      const rows: RunRow[] = [];
      const move = (state: RunState, changed: RunRow[]) => {
        const run = { ...view(id, request, wanted.length, rows), state };
        kept.set(id, { run, rows });
        onEvent({ kind: "moved", run, rows: changed });
        return run;
      };
      const carryOut = async () => {
        desk.note(request.connection, { kind: "token_at_hand", seconds_left: 6120 }, id);
        for (const [index, target] of wanted.entries()) {
          if (halted.has(id)) break;
          if (index > 0) await pause(desk.options.batchEvery ?? 0);
          const row = answer(request, target, index);
          rows.push(row);
          tell(desk, request, id, row);
          if (rows.length < wanted.length) move("running", [row]);
        }
        const stopped = rows.length < wanted.length;
        const { action_label: action, counts } = move(stopped ? "stopped" : "done", rows.slice(-1));
        const { total, accepted, failed, unknown } = counts;
        const end = {
          kind: "run_finished",
          action,
          total,
          accepted,
          failed,
          unknown,
          stopped,
        } as const;
        desk.note(request.connection, end, id);
      };
      const run = move("running", []);
      void carryOut();
      return run;
    },
    stopRun: async (run) => {
      halted.add(run);
      return find(run).run;
    },
    readRun: async (id, state, _search, offset, limit) => {
      const { run, rows } = find(id);
      const wanted = rows.filter((row) => state === null || row.state === state);
      return { run, rows: wanted.slice(offset, offset + limit), total: wanted.length };
    },
    readRunRow: async (id, number) => {
      const row = find(id).rows[number - 1];
      if (!row) throw new BackendError(fault("invalid_input", String(number), { field: "number" }));
      return row;
    },
  };
}
