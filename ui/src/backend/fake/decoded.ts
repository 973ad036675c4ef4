// What the pretended tokens say.
import type {
  ClaimView,
  ConnectionView,
  DecodedToken,
  TokenDetails,
  TokenView,
} from "../../bindings";
import { at, noToken } from "./people";

const claim = (
  name: string,
  meaning: string | null,
  value: string,
  more: Partial<ClaimView> = {},
): ClaimView => ({ name, meaning, standard: null, value, instant: null, hints: [], ...more });

const seconds = (instant: string) => String(Math.floor(Date.parse(instant) / 1000));

/** Nothing is left out, and nothing is wrong. */
const whole = { left_out: 0, permissions: [], not_used: [], problem: null };

const CORE = "OpenID Connect Core";
const JWT = "RFC 7519";
const JWS = "RFC 7515";

export function jwt(token: TokenView, who: string): DecodedToken {
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
      claim("alg", "Algorithm", '"RS256"', { standard: JWS }),
      claim("typ", "Kind of token", '"JWT"', { standard: JWS }),
      claim("kid", "ID of the key", '"k1-2026"', { standard: JWS }),
    ],
    claims: [
      claim("sub", "Subject: whom it is about", '"f3a1c9d2-7c1e-4f0a-9a55-1b0d6f7e2c31"', {
        standard: JWT,
      }),
      claim("preferred_username", "Username", `"${who}"`, { standard: CORE }),
      claim("given_name", "Given name", '"Alice"', { standard: CORE }),
      claim("family_name", "Family name", '"Rodriguez"', { standard: CORE }),
      claim("iss", "Issuer: the server that made it", '"https://auth.relaypro.com/realms/Relay"', {
        standard: JWT,
      }),
      claim("iat", "Issued at", seconds(issued), { instant: issued, standard: JWT }),
      claim("exp", "Expires", seconds(expires), { instant: expires, standard: JWT }),
      claim("scope", "What it may be used for", '"openid profile offline_access"', {
        standard: "RFC 8693",
      }),
      claim(
        "resource_access",
        "Roles at each client",
        '{"ibot":{"roles":["trigger","device_read","workflow_read"]},"account":{"roles":["view-profile"]}}',
      ),
      claim("auth_time", "Logged in at", "1732266000000", {
        standard: CORE,
        instant: "2024-11-22T09:00:00Z",
        hints: ["milliseconds"],
      }),
    ],
    ...whole,
    permissions: [
      { at: "/scope", entries: ["openid", "profile", "offline_access"] },
      { at: "/resource_access/ibot/roles", entries: ["trigger", "device_read", "workflow_read"] },
      { at: "/resource_access/account/roles", entries: ["view-profile"] },
    ],
  };
}

function idToken(token: TokenView): DecodedToken {
  const usual = jwt(token, "alice");
  const claims = usual.claims
    .filter(({ name }) => name !== "resource_access" && name !== "scope")
    .concat(claim("aud", "Audience: whom it is for", '"keydesk"', { standard: JWT }));
  return { ...usual, claims, permissions: [] };
}

export const opaque = (length = 32): DecodedToken => ({
  kind: "opaque",
  length,
  masked: { header: "3c38••••••••••••••••••••••••••••", payload: "", signature: "" },
  algorithm: null,
  header: [],
  claims: [],
  ...whole,
});

/** With everything that is odd about it. */
function odd(): DecodedToken {
  const usual = jwt({ ...noToken, obtained_at: at(-600), expires_at: at(-60) }, "mallory");
  return {
    ...usual,
    algorithm: "none",
    header: [
      claim("alg", "Algorithm", '"none"', { standard: JWS, hints: ["repeated"] }),
      claim("alg", "Algorithm", '"HS256"', { standard: JWS, hints: ["repeated"] }),
      claim("jku", "Where the token says that its key is. Not used", '"https://evil.example/k"', {
        standard: JWS,
      }),
    ],
    not_used: ["jku"],
    claims: [
      claim("sub", "Subject: whom it is about", '"alice"', { standard: JWT, hints: ["repeated"] }),
      claim("sub", "Subject: whom it is about", '"admin"', { standard: JWT, hints: ["repeated"] }),
      claim("name", "Name", '"Alice\u202egpj.exe"', { hints: ["hidden_characters"] }),
      claim("html", null, '"<img src=x onerror=alert(1)>"'),
      claim("exp", "Expires", '"soon"', { standard: JWT, hints: ["not_a_time"] }),
      claim("nbf", "Not before", "1e400", { standard: JWT, hints: ["no_such_time"] }),
      claim("scope", "What it may be used for", '"' + "many ".repeat(300) + '"'),
    ],
    permissions: [
      {
        at: "/acl",
        entries: Array.from({ length: 260 }, (_, index) => `confd.line.${String(index)}.read`),
      },
    ],
  };
}

const jwe = (length: number): DecodedToken => ({
  ...opaque(length),
  kind: "jwe",
  algorithm: "RSA-OAEP",
  header: [
    claim("alg", "Algorithm", '"RSA-OAEP"', { standard: JWS }),
    claim("enc", "How its content is encrypted", '"A256GCM"', { standard: "RFC 7516" }),
  ],
});

/** Any token: its first wrong character is found for real, what it says is made up. */
export function decodePasted(token: string): DecodedToken {
  const parts = token.split(".");
  const length = Array.from(token).length;
  const wrong = Array.from(token).findIndex((one) => !/[\w.-]/.test(one));
  const place = { inside: null, found: null, parts: null };
  const starts = token.startsWith("eyJ");
  if (starts && parts.length !== 3 && parts.length !== 5) {
    const problem = { ...place, fault: "part_count", part: null, at: null } as const;
    return { ...opaque(length), problem: { ...problem, parts: parts.length } };
  }
  if (starts && wrong >= 0) {
    const found = JSON.stringify(Array.from(token)[wrong]).slice(1, -1);
    const problem = { ...place, fault: "character", part: "payload", at: wrong, found } as const;
    return { ...opaque(length), problem };
  }
  if (parts.length === 5) return jwe(length);
  if (parts.length !== 3) return opaque(length);
  return token.includes("odd") ? odd() : { ...jwt(noToken, "alice@hillside.example"), length };
}

export function details(of: ConnectionView): TokenDetails {
  const { token } = of;
  const has = token.has_access_token;
  const isOpaque = of.provider !== "relay" || of.id === "c3";
  const queryName = of.login === "api_key_query" ? "api_key" : null;
  const kept: TokenDetails["kept"] = [];
  if (has) kept.push({ what: "access_token", until: token.expires_at });
  if (token.has_refresh_token) kept.push({ what: "refresh_token", until: null });
  if (has && !isOpaque) kept.push({ what: "id_token", until: token.expires_at });
  return {
    token,
    access_token: has ? (isOpaque ? opaque() : jwt(token, "alice@hillside.example")) : null,
    id_token: has && !isOpaque ? idToken(token) : null,
    kept,
    header_name: queryName === null ? "Authorization" : "",
    header_prefix: queryName === null ? "Bearer" : null,
    query_name: queryName,
  };
}
