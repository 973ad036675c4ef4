// Connections of the fake, one for each state a token can be in.
import type { ConnectionView, ErrorCode, ErrorView, TokenView } from "../../bindings";
import { addressesOf } from "./addresses";

export const at = (secondsFromNow: number): string =>
  new Date(Date.now() + secondsFromNow * 1000).toISOString();

export function fault(code: ErrorCode, message: string, more: Partial<ErrorView> = {}): ErrorView {
  return {
    code,
    message,
    field: null,
    status: null,
    oauth: null,
    retryable: false,
    retry_after: null,
    ...more,
  };
}

export const noToken: TokenView = {
  state: "none",
  obtained_at: null,
  expires_at: null,
  renews_at: null,
  renewable: false,
  renewable_until: null,
  renewal: "none",
  has_access_token: false,
  has_refresh_token: false,
  scope: null,
  scope_differs: false,
  kept_in: null,
  last_error: null,
  need: null,
};

export function freshToken(minutesLeft = 102, of = 120): TokenView {
  return {
    ...noToken,
    state: minutesLeft > 15 ? "fresh" : "soon",
    obtained_at: at((minutesLeft - of) * 60),
    expires_at: at(minutesLeft * 60),
    renews_at: at((minutesLeft - 2) * 60),
    renewable: true,
    renewal: "refresh",
    has_access_token: true,
    has_refresh_token: true,
    scope: "openid profile offline_access",
    kept_in: "keychain",
  };
}

/** Never ends, and nothing brings a new one: a key. */
export const endlessToken: TokenView = {
  ...noToken,
  state: "fresh",
  obtained_at: at(-86400),
  has_access_token: true,
  kept_in: "keychain",
};

function connection(
  id: string,
  label: string,
  detail: string,
  token: TokenView,
  more: Partial<ConnectionView> = {},
): ConnectionView {
  const made = {
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
    kept: [],
    ca: null,
    token,
    ...more,
  };
  return { ...made, addresses: addressesOf(made.provider, made.parameters) };
}

const spokeZone = { provider: "spoke-zone", provider_name: "Spoke Zone", hue: 155 };

export const connections = (): ConnectionView[] => [
  connection("c1", "Hillside Hotel", "Production", freshToken()),
  connection("c2", "Hillside QA", "QA", freshToken(9, 60), { parameters: { environment: "qa" } }),
  connection("c3", "Relay sandbox", "Sandbox", freshToken(58), { sandbox: true }),
  connection("c4", "Front office", "Production", {
    ...freshToken(-14),
    state: "expired",
    renewable: false,
    renewal: "none",
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
      need: "log_in",
      last_error: fault("token_refused", "auth.relaypro.com", {
        status: 400,
        oauth: { error: "invalid_grant", error_description: "Session not active" },
      }),
    },
    { identity: "Bob Okafor" },
  ),
  connection("c6", "Press office", "acme.imagerelay.com", endlessToken, {
    provider: "image-relay",
    provider_name: "Image Relay",
    hue: 345,
    login: "api_key",
    parameters: { subdomain: "acme" },
    identity: "press@acme.example",
  }),
  connection("c7", "Conference wing", "Production", noToken, { identity: null, login: null }),
  connection(
    "c8",
    "Gateway 0417",
    "Device",
    {
      ...noToken,
      state: "expired",
      obtained_at: at(-7 * 86400 - 7200),
      expires_at: at(-7200),
      renewable: true,
      renewable_until: at(2.5 * 3600),
      renewal: "request",
      need: "renew_soon",
      has_access_token: true,
      kept_in: "keychain",
    },
    {
      ...spokeZone,
      login: "device",
      parameters: { cpu_id: "4A0090001051", uuid: "7d0f2c9e-55aa-4c1b" },
      identity: null,
      kept: ["token"],
    },
  ),
  connection(
    "c9",
    "Switchboard",
    "pbx.hillside.example",
    { ...freshToken(58, 120), renewal: "repeat", has_refresh_token: false, scope: null },
    {
      provider: "wazo",
      provider_name: "Wazo Platform",
      hue: 45,
      login: "online",
      parameters: {
        host: "pbx.hillside.example",
        username: "alice",
        expiration: "7200",
        api_url: "https://10.0.0.7/api",
      },
      kept: ["password"],
      ca: "-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIUHillsideDemoAuthority0wCgYIKoZIzj0EAwIw\n-----END CERTIFICATE-----\n",
    },
  ),
  connection("c10", "Weather", "api.weather.example", endlessToken, {
    provider: "another-api",
    provider_name: "Another API",
    hue: 265,
    login: "api_key_query",
    parameters: { base_url: "https://api.weather.example", query_name: "api_key" },
    identity: null,
  }),
];
