// Connections of the fake, one for each state a token can be in.
import type {
  ActivityEntry,
  ActivityEvent,
  ClaimView,
  ConnectionView,
  DecodedToken,
  ErrorCode,
  ErrorView,
  TokenDetails,
  TokenView,
} from "../../bindings";

export const at = (secondsFromNow: number): string =>
  new Date(Date.now() + secondsFromNow * 1000).toISOString();

export function fault(code: ErrorCode, message: string, more: Partial<ErrorView> = {}): ErrorView {
  return { code, message, field: null, status: null, oauth: null, retryable: false, ...more };
}

export const noToken: TokenView = {
  state: "none",
  obtained_at: null,
  expires_at: null,
  renews_at: null,
  renewable: false,
  has_access_token: false,
  has_refresh_token: false,
  scope: null,
  scope_differs: false,
  kept_in: null,
  last_error: null,
};

export function freshToken(minutesLeft = 102, of = 120): TokenView {
  return {
    ...noToken,
    state: minutesLeft > 15 ? "fresh" : "soon",
    obtained_at: at((minutesLeft - of) * 60),
    expires_at: at(minutesLeft * 60),
    renews_at: at((minutesLeft - 2) * 60),
    renewable: true,
    has_access_token: true,
    has_refresh_token: true,
    scope: "openid profile offline_access",
    kept_in: "keychain",
  };
}

function connection(
  id: string,
  label: string,
  detail: string,
  token: TokenView,
  more: Partial<ConnectionView> = {},
): ConnectionView {
  return {
    id,
    provider: "relay",
    provider_name: "Relay",
    hue: 255,
    label,
    detail,
    login: "browser",
    parameters: { environment: "pro" },
    sandbox: false,
    identity: "Alice Rodriguez",
    token,
    ...more,
  };
}

export const connections = (): ConnectionView[] => [
  connection("c1", "Hillside Hotel", "Production", freshToken()),
  connection("c2", "Hillside QA", "QA", freshToken(9, 60), { parameters: { environment: "qa" } }),
  connection("c3", "Relay sandbox", "Sandbox", freshToken(58), { sandbox: true }),
  connection("c4", "Front office", "Production", {
    ...freshToken(-14),
    state: "expired",
    renewable: false,
    has_refresh_token: false,
    renews_at: null,
  }),
  connection(
    "c5",
    "Night shift",
    "Production",
    {
      ...noToken,
      state: "login_needed",
      last_error: fault("token_refused", "auth.relaypro.com", {
        status: 400,
        oauth: { error: "invalid_grant", error_description: "Session not active" },
      }),
    },
    { identity: "Bob Okafor" },
  ),
  connection(
    "c6",
    "Press office",
    "acme.imagerelay.com",
    {
      ...freshToken(),
      expires_at: null,
      renews_at: null,
      renewable: false,
      has_refresh_token: false,
      scope: null,
    },
    {
      provider: "image-relay",
      provider_name: "Image Relay",
      hue: 345,
      login: "key",
      parameters: { subdomain: "acme" },
      identity: "press@acme.example",
    },
  ),
  connection("c7", "Conference wing", "Production", noToken, { identity: null, login: null }),
];

const claim = (
  name: string,
  meaning: string | null,
  value: string,
  more: Partial<ClaimView> = {},
): ClaimView => ({ name, meaning, value, instant: null, hint: null, ...more });

const seconds = (instant: string) => String(Math.floor(Date.parse(instant) / 1000));

function jwt(token: TokenView, who: string): DecodedToken {
  const issued = token.obtained_at ?? at(-600);
  const expires = token.expires_at ?? at(600);
  return {
    kind: "jws",
    length: 1184,
    masked: {
      header: "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9",
      payload: "eyJleHAiOjE3MzIyNzMyMDAsImlhdCI6MTczMjI2NjAwMCwiaXNzIjoiaHR0cHM6Ly9hdXRo••••••••",
      signature: "••••••••••••",
    },
    algorithm: "RS256",
    header: [
      { name: "alg", value: '"RS256"' },
      { name: "typ", value: '"JWT"' },
      { name: "kid", value: '"k1-2026"' },
    ],
    claims: [
      claim("sub", "Subject", '"f3a1c9d2-7c1e-4f0a-9a55-1b0d6f7e2c31"'),
      claim("preferred_username", "Username", `"${who}"`),
      claim("given_name", "Given name", '"Alice"'),
      claim("family_name", "Family name", '"Rodriguez"'),
      claim("iss", "Issuer", '"https://auth.relaypro.com/realms/Relay"'),
      claim("iat", "Issued at", seconds(issued), { instant: issued }),
      claim("exp", "Expires", seconds(expires), { instant: expires }),
      claim("scope", "Scope", '"openid profile offline_access"'),
      claim(
        "resource_access",
        null,
        '{"ibot":{"roles":["trigger","device_read","workflow_read"]},"account":{"roles":["view-profile"]}}',
      ),
      claim("auth_time", "Logged in at", "1732266000000", {
        instant: "2024-11-22T09:00:00Z",
        hint: "looks like milliseconds",
      }),
    ],
    problem: null,
  };
}

export const opaque = (length = 32): DecodedToken => ({
  kind: "opaque",
  length,
  masked: { header: "3c38••••••••••••••••••••••••••••", payload: "", signature: "" },
  algorithm: null,
  header: [],
  claims: [],
  problem: null,
});

export function details(of: ConnectionView): TokenDetails {
  const { token } = of;
  const has = token.has_access_token;
  const isOpaque = of.provider === "image-relay" || of.id === "c3";
  const kept: TokenDetails["kept"] = [];
  if (has) kept.push({ what: "access_token", until: token.expires_at });
  if (token.has_refresh_token) kept.push({ what: "refresh_token", until: null });
  if (has && !isOpaque) kept.push({ what: "id_token", until: token.expires_at });
  return {
    token,
    access_token: has ? (isOpaque ? opaque() : jwt(token, "alice@hillside.example")) : null,
    id_token: has && !isOpaque ? jwt(token, "alice") : null,
    kept,
    header_name: "Authorization",
    header_prefix: "Bearer",
  };
}

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
