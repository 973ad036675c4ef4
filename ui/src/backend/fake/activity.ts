// What happened before the fake was opened.
import type { ActivityEntry, ActivityEvent } from "../../bindings";
import { at } from "./people";

const host = "https://all-main-pro-ibot.relaysvr.com";
const trigger = `${host}/ibot/workflow/wf_http_Y4xdLSLW8gJIpGaCjqOSp3`;

type Happened = {
  at: number;
  connection: string | null;
  event: ActivityEvent;
  run?: string;
  chain?: string;
  took?: number;
};

const sent = (target: string, replayed: boolean): ActivityEvent => ({
  kind: "request_sent",
  method: "POST",
  url: trigger,
  target,
  status: 200,
  replayed,
});
const finished: ActivityEvent = {
  kind: "run_finished",
  action: "Send trigger",
  total: 3,
  accepted: 3,
  failed: 0,
  stopped: false,
};

/** A login of two days ago. */
const login: Happened[] = [
  { at: -86400 * 2, connection: "c1", event: { kind: "connection_added" } },
  {
    at: -86400 * 2 + 4,
    connection: "c1",
    event: { kind: "login_started", receive_by: "loopback" },
  },
  {
    at: -86400 * 2 + 31,
    connection: "c1",
    event: { kind: "redirect_ignored", reason: "wrong_state" },
  },
  {
    at: -86400 * 2 + 44,
    connection: "c1",
    event: { kind: "login_completed", scope: "openid profile" },
  },
  { at: -86400 * 2 + 44, connection: "c1", event: { kind: "token_kept", kept_in: "keychain" } },
];

/** A renewal ahead of the end: an answer without a token, once more, and the login is over. */
const blank: Happened[] = [
  {
    at: -7300,
    connection: "c5",
    chain: "x1",
    took: 412,
    event: { kind: "renewal_failed", cause: "ahead", code: "blank_token" },
  },
  {
    at: -7290,
    connection: "c5",
    chain: "x1",
    took: 187,
    event: { kind: "renewal_failed", cause: "expired", code: "token_refused" },
  },
];

/** A run whose first request finds the token expired, and whose last one finds it refused. */
const run: Happened[] = [
  {
    at: -1090,
    connection: "c1",
    run: "r0",
    chain: "x2",
    took: 388,
    event: { kind: "token_renewed", cause: "expired", seconds: 7200, rotated: true },
  },
  {
    at: -1089.6,
    connection: "c1",
    run: "r0",
    chain: "x2",
    took: 12,
    event: { kind: "token_kept", kept_in: "keychain" },
  },
  {
    at: -1089.4,
    connection: "c1",
    run: "r0",
    chain: "x2",
    took: 212,
    event: sent("Front desk", false),
  },
  { at: -1089.2, connection: "c1", run: "r0", took: 198, event: sent("Porter 2", false) },
  {
    at: -1089.1,
    connection: "c1",
    run: "r0",
    chain: "x3",
    event: { kind: "token_refused", status: 401 },
  },
  {
    at: -1088.7,
    connection: "c1",
    run: "r0",
    chain: "x3",
    took: 402,
    event: { kind: "token_renewed", cause: "refused", seconds: 7200, rotated: true },
  },
  {
    at: -1088.6,
    connection: "c1",
    run: "r0",
    chain: "x3",
    took: 11,
    event: { kind: "token_kept", kept_in: "keychain" },
  },
  { at: -1088.4, connection: "c1", run: "r0", chain: "x3", took: 641, event: sent("Pool", true) },
  { at: -1088.3, connection: "c1", run: "r0", event: finished },
];

/** A program asks, and is given the token that is at hand. */
const handedOut: Happened[] = [
  {
    at: -244,
    connection: "c1",
    chain: "x4",
    event: { kind: "program_granted", program: "Backup script", grant_for: "hour" },
  },
  {
    at: -243.9,
    connection: "c1",
    chain: "x4",
    event: { kind: "token_at_hand", seconds_left: 6360 },
  },
  {
    at: -243.9,
    connection: "c1",
    chain: "x4",
    took: 3,
    event: { kind: "token_handed_out", program: "Backup script" },
  },
  {
    at: -200,
    connection: null,
    event: { kind: "token_not_handed_out", program: null, reason: "wrong_secret" },
  },
];

export function activity(): ActivityEntry[] {
  const all: Happened[] = [
    ...login,
    ...blank,
    { at: -3700, connection: "c2", event: { kind: "login_expired" } },
    ...run,
    ...handedOut,
    { at: -180, connection: "c1", event: { kind: "token_copied", form: "token" } },
    {
      at: -60,
      connection: "c3",
      event: {
        kind: "request_failed",
        method: "GET",
        url: `${host}/ibot/workflow`,
        target: null,
        code: "unreachable",
      },
    },
  ];
  return all.map(({ at: when, connection, event, run: ofRun, chain, took }, index) => ({
    id: index + 1,
    at: at(when),
    connection,
    run: ofRun ?? null,
    chain: chain ?? null,
    duration_ms: took ?? null,
    event,
  }));
}
