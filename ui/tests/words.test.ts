import { describe, expect, it } from "vitest";
import bindings from "../src/bindings.ts?raw";
import type { ActivityEvent, TokenState } from "../src/bindings";
import { sentence } from "../src/words/activity";
import { errorActions, errorParticulars, errorWords } from "../src/words/errors";
import {
  isDue,
  lifeLeft,
  liveState,
  needOf,
  needsLogin,
  renewalCloses,
  stateLine,
  stateShort,
  stateWord,
} from "../src/words/token";
import { fault, freshToken, noToken } from "../src/backend/fake/people";

describe("the table of errors", () => {
  it("has words for every code of the contract, and no other", () => {
    const withoutComments = bindings.replace(/\/\*[\s\S]*?\*\//g, "");
    const union = /export type ErrorCode =([\s\S]*?);/.exec(withoutComments)?.[1] ?? "";
    const codes = [...union.matchAll(/"(\w+)"/g)].map((found) => found[1]);
    expect(codes.length).toBeGreaterThan(20);
    expect(Object.keys(errorWords).sort()).toEqual([...new Set(codes)].sort());
  });

  it.each(Object.entries(errorWords))("%s says what happened and what to do", (_code, words) => {
    expect(words.title).toMatch(/^[A-Z][^.]*$/);
    expect(words.advice).toMatch(/^[A-Z].*\.$/);
    if (words.action) expect(errorActions[words.action]).toMatch(/^[A-Z]/);
  });

  it("shows the server's own words as plain text beside ours", () => {
    const oauth = { error: "invalid_grant", error_description: "<img src=x onerror=alert(1)>" };
    const view = fault("token_refused", "auth.example", { oauth });
    expect(errorParticulars(view)).toBe(
      "auth.example · invalid_grant: <img src=x onerror=alert(1)>",
    );
  });
});

describe("the words of activity", () => {
  const url = "https://api.example/ibot/workflow?subscriber_id=1";
  const samples: { [K in ActivityEvent["kind"]]: Extract<ActivityEvent, { kind: K }> } = {
    connection_added: { kind: "connection_added" },
    connection_removed: { kind: "connection_removed" },
    login_started: { kind: "login_started", receive_by: "loopback" },
    device_login_started: { kind: "device_login_started" },
    login_completed: { kind: "login_completed", scope: "openid" },
    login_failed: { kind: "login_failed", code: "login_denied" },
    login_cancelled: { kind: "login_cancelled" },
    login_expired: { kind: "login_expired" },
    redirect_ignored: { kind: "redirect_ignored", reason: "wrong_state" },
    token_imported: { kind: "token_imported" },
    token_at_hand: { kind: "token_at_hand", seconds_left: 6120 },
    token_renewed: { kind: "token_renewed", cause: "expired", seconds: 7200, rotated: true },
    renewal_failed: { kind: "renewal_failed", cause: "refused", code: "unreachable" },
    token_kept: { kind: "token_kept", kept_in: "keychain" },
    token_not_kept: { kind: "token_not_kept", code: "keychain_failed" },
    token_refused: { kind: "token_refused", status: 401 },
    request_sent: {
      kind: "request_sent",
      method: "POST",
      url,
      target: "Pool",
      status: 200,
      replayed: true,
    },
    request_failed: {
      kind: "request_failed",
      method: "GET",
      url,
      target: null,
      code: "timed_out",
    },
    run_finished: {
      kind: "run_finished",
      action: "Send trigger",
      total: 3,
      accepted: 2,
      failed: 1,
      stopped: false,
    },
    token_copied: { kind: "token_copied", form: "header" },
    token_revealed: { kind: "token_revealed" },
    token_revoked: { kind: "token_revoked", what: "refresh_token" },
    token_not_revoked: { kind: "token_not_revoked", what: "session", code: "server_failed" },
    logged_out: { kind: "logged_out" },
    token_handed_out: { kind: "token_handed_out", program: "Backup" },
    token_not_handed_out: {
      kind: "token_not_handed_out",
      program: null,
      reason: "wrong_secret",
    },
    program_granted: { kind: "program_granted", program: "Backup", grant_for: "month" },
    grant_revoked: { kind: "grant_revoked", program: "Backup" },
    mqtt_connected: { kind: "mqtt_connected", server: "io.example:8883" },
    mqtt_refused: { kind: "mqtt_refused", server: "io.example:8883", code: "login_needed" },
    mqtt_disconnected: { kind: "mqtt_disconnected", server: "io.example:8883", code: null },
  };
  const text = (event: ActivityEvent) => {
    const { strong, rest } = sentence(event);
    return strong + rest;
  };

  it.each(Object.values(samples))("$kind reads as a sentence", (event) => {
    expect(text(event)).toMatch(/^[A-Z].{6,}/);
    expect(text(event)).not.toMatch(/undefined|null|_|NaN/);
  });

  it("tells a renewal, a retry and a run as the pictures do", () => {
    expect(text(samples.token_renewed)).toBe(
      "Token had expired, got a new one for 2 h, refresh token changed too",
    );
    expect(text(samples.request_sent)).toBe("Pool refused the token, retried once, answered 200");
    expect(text(samples.run_finished)).toBe("Send trigger: 2 of 3 requests accepted, 1 failed");
  });

  it("says which program got a token, which got none and why, and for how long one may have it", () => {
    expect(text(samples.token_handed_out)).toBe("Token handed out to Backup");
    expect(text(samples.token_not_handed_out)).toBe(
      "Token not handed out: its secret is missing or wrong",
    );
    const refused = { ...samples.token_not_handed_out, program: "Backup", reason: "refused" };
    expect(text(refused as ActivityEvent)).toBe("Token not handed out to Backup: you said no");
    expect(text(samples.program_granted)).toBe("Backup may have the token for 30 days");
  });

  it("says where a token was kept", () => {
    expect(text({ kind: "token_kept", kept_in: "file" })).toBe("Token kept in the passphrase file");
  });

  it("leaves the query out of an address", () => {
    expect(text(samples.request_failed)).toBe(
      "GET /ibot/workflow failed: the server took too long",
    );
  });
});

describe("the words of a token", () => {
  const now = Date.now();
  it("has a word for every state", () => {
    const states: TokenState[] = ["fresh", "soon", "expired", "login_needed", "none"];
    const words = states.map((state) => stateWord({ ...freshToken(60), state }, now));
    expect(new Set(words).size).toBe(states.length);
  });

  it("counts a fresh token as expired once its time is over, before anybody says so", () => {
    const token = freshToken(10);
    const later = Date.parse(token.expires_at ?? "") + 1;
    expect(liveState(token, later)).toBe("expired");
    expect(stateLine(token, later)).toBe("Renewed when it is next needed");
    expect(lifeLeft(token, later)).toBe(0);
  });

  it("warns before the time to renew closes: in its last quarter, or its last 3 hours", () => {
    const hours = (left: number) => new Date(now + left * 3_600_000).toISOString();
    const token = { ...freshToken(60), expires_at: hours(-2), state: "expired" as const };
    const closes = (until: number, end = -2) =>
      renewalCloses({ ...token, expires_at: hours(end), renewable_until: hours(until) }, now);
    expect(closes(2.9)).toBe(true);
    expect(closes(3.1)).toBe(false);
    expect(closes(24, -100)).toBe(true);
    expect(closes(48, -100)).toBe(false);
    expect(closes(-1)).toBe(false);
    expect(renewalCloses(token, now)).toBe(false);
  });

  it("asks for a login once a token can be renewed no more", () => {
    const over = new Date(now - 1000).toISOString();
    const token = { ...freshToken(-60), state: "expired" as const, renewable_until: over };
    expect(needsLogin(token, now)).toBe(true);
    expect(stateLine(token, now)).toBe("Log in again to go on");
  });

  it("knows who needs a person now, who soon, and who nobody", () => {
    const lost = fault("token_refused", "auth.example");
    const fresh = freshToken(60);
    expect(needOf(fresh, now)).toBeNull();
    expect(needOf({ ...fresh, last_error: lost }, now)).toBe("soon");
    expect(needOf({ ...fresh, last_error: fault("unreachable", "") }, now)).toBeNull();
    expect(needOf({ ...freshToken(-5), state: "expired" }, now)).toBeNull();
    expect(needOf({ ...freshToken(-5), state: "expired", need: "renew" }, now)).toBe("now");
    expect(needOf({ ...freshToken(-5), state: "expired", renewable: false }, now)).toBe("now");
    expect(needOf(noToken, now)).toBeNull();
  });

  it("counts as due what is over, nearly over or failed, and leaves to the person what is in doubt", () => {
    const over = { ...freshToken(-5), state: "expired" as const };
    expect(isDue(over, now)).toBe(true);
    expect(isDue(freshToken(9), now)).toBe(true);
    expect(isDue(freshToken(60), now)).toBe(false);
    expect(isDue({ ...freshToken(60), last_error: fault("unreachable", "") }, now)).toBe(true);
    expect(isDue({ ...over, need: "renew" }, now)).toBe(false);
    expect(isDue({ ...over, renewable: false }, now)).toBe(false);
    expect(stateShort({ ...over, need: "renew" }, now)).toBe("Renew");
    expect(stateShort({ ...over, renewable: false }, now)).toBe("Log in");
  });

  it("does not invent an expiry", () => {
    const token = { ...freshToken(60), expires_at: null, renews_at: null };
    expect(stateShort(token, now)).toBe("No expiry");
    expect(stateShort({ ...token, renewable: false }, now)).toBe("No expiry");
    expect(stateWord(token, now)).toBe("Logged in");
    expect(lifeLeft(token, now)).toBeNull();
    expect(stateLine(noToken, now)).toBe("Log in to get a token");
  });
});
