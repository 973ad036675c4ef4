// Runs of the fake, one target after the other.
import type { ActionRequest, TargetResult } from "../../bindings";
import type { Backend } from "../backend";
import { answer, targets } from "./answers";
import { actions } from "./catalogue";
import { pause, type Desk } from "./desk";

const url = "https://all-main-pro-ibot.relaysvr.com/ibot/workflow";

function tell(desk: Desk, { connection }: ActionRequest, run: string, result: TargetResult): void {
  const { target, label, status, replayed } = result;
  if (target === null || status === null) return;
  const sent = { kind: "request_sent", method: "POST", url } as const;
  desk.note(connection, { ...sent, target: label, status, replayed }, run);
}

export function running(desk: Desk): Pick<Backend, "startRun" | "stopRun"> {
  const halted = new Set<string>();
  return {
    startRun: async (request, onEvent) => {
      desk.find(request.connection);
      const run = desk.id("r");
      const all = targets(request);
      const wanted = all.length > 0 ? all : [null];
      const total = wanted.length;
      onEvent({ kind: "started", run, total });
      desk.note(request.connection, { kind: "token_at_hand", seconds_left: 6120 }, run);
      const results: TargetResult[] = [];
      for (const [index, target] of wanted.entries()) {
        if (halted.has(run)) break;
        if (index > 0) await pause(desk.options.batchEvery ?? 0);
        const result = answer(request, target, index);
        results.push(result);
        tell(desk, request, run, result);
        onEvent({ kind: "results", results: [result] });
      }
      const stopped = results.length < total;
      const accepted = results.filter(({ error }) => error === null).length;
      const failed = results.length - accepted;
      const action = actions.find(({ id }) => id === request.action)?.label ?? request.action;
      const end = { kind: "run_finished", action, total, accepted, failed, stopped } as const;
      desk.note(request.connection, end, run);
      return { id: run, action: request.action, total, stopped, results };
    },
    stopRun: async (run) => void halted.add(run),
  };
}
