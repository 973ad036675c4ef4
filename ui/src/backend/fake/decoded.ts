// What the pretended tokens say.
import type {
  ClaimView,
  ConnectionView,
  DecodedToken,
  TokenDetails,
  TokenView,
} from "../../bindings";
import { at } from "./people";

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
  const isOpaque = of.provider !== "relay" || of.id === "c3";
  const queryName = of.login === "api_key_query" ? "api_key" : null;
  const kept: TokenDetails["kept"] = [];
  if (has) kept.push({ what: "access_token", until: token.expires_at });
  if (token.has_refresh_token) kept.push({ what: "refresh_token", until: null });
  if (has && !isOpaque) kept.push({ what: "id_token", until: token.expires_at });
  return {
    token,
    access_token: has ? (isOpaque ? opaque() : jwt(token, "alice@hillside.example")) : null,
    id_token: has && !isOpaque ? jwt(token, "alice") : null,
    kept,
    header_name: queryName === null ? "Authorization" : "",
    header_prefix: queryName === null ? "Bearer" : null,
    query_name: queryName,
  };
}
