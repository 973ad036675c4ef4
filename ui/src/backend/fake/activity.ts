// What happened before the fake was opened.
import type { ActivityEntry, ActivityEvent } from "../../bindings";
import { at } from "./people";

const host = "https://all-main-pro-ibot.relaysvr.com";
const trigger = `${host}/ibot/workflow/wf_http_Y4xdLSLW8gJIpGaCjqOSp3`;

export function activity(): ActivityEntry[] {
  const events: [number, string, string | null, ActivityEvent][] = [
    [-86400 * 2, "c1", null, { kind: "connection_added" }],
    [-86400 * 2 + 4, "c1", null, { kind: "login_started", receive_by: "loopback" }],
    [-86400 * 2 + 31, "c1", null, { kind: "redirect_ignored", reason: "wrong_state" }],
    [-86400 * 2 + 44, "c1", null, { kind: "login_completed", scope: "openid profile" }],
    [-86400 * 2 + 44, "c1", null, { kind: "token_kept", kept_in: "keychain" }],
    [-7300, "c5", null, { kind: "renewal_failed", cause: "expired", code: "token_refused" }],
    [-3700, "c2", null, { kind: "login_expired" }],
    [-1090, "c1", "r0", { kind: "token_renewed", cause: "expired", seconds: 7200, rotated: true }],
    [-1089, "c1", "r0", { kind: "token_kept", kept_in: "keychain" }],
    ...["Front desk", "Porter 2", "Pool"].map((target): [number, string, string, ActivityEvent] => [
      -1088,
      "c1",
      "r0",
      {
        kind: "request_sent",
        method: "POST",
        url: trigger,
        target,
        status: 200,
        replayed: target === "Pool",
      },
    ]),
    [
      -1087,
      "c1",
      "r0",
      {
        kind: "run_finished",
        action: "Send trigger",
        total: 3,
        accepted: 3,
        failed: 0,
        stopped: false,
      },
    ],
    [-240, "c1", null, { kind: "token_copied", form: "token" }],
    [
      -60,
      "c3",
      null,
      {
        kind: "request_failed",
        method: "GET",
        url: `${host}/ibot/workflow`,
        target: null,
        code: "unreachable",
      },
    ],
  ];
  return events.map(([when, connectionId, run, event], index) => ({
    id: index + 1,
    at: at(when),
    connection: connectionId,
    run,
    duration_ms: event.kind === "request_sent" ? 212 : null,
    event,
  }));
}
