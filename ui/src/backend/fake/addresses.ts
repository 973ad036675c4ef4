// Where the pretended connections go, and what a person put in place of it.
import type { AddressView } from "../../bindings";

const auth = "https://auth.relaypro.com/realms/Relay/protocol/openid-connect";
const usual: Record<string, [id: string, label: string, url: string][]> = {
  relay: [
    ["authorization_endpoint", "Authorization endpoint", `${auth}/auth`],
    ["token_endpoint", "Token endpoint", `${auth}/token`],
    ["api_url", "API", "https://all-main-pro-ibot.relaysvr.com"],
  ],
  "image-relay": [["api_url", "API", "https://acme.imagerelay.com/api/v2"]],
  "spoke-zone": [
    ["login_url", "Login", "https://api.spoke.zone/login"],
    ["api_url", "API", "https://api.spoke.zone"],
  ],
  wazo: [
    ["token_endpoint", "Token endpoint", "https://pbx.hillside.example/api/auth/0.1/token"],
    ["api_url", "API", "https://pbx.hillside.example/api"],
  ],
};

export const addressesOf = (
  provider: string,
  parameters: Record<string, string | undefined>,
): AddressView[] =>
  (usual[provider] ?? []).map(([id, label, url]) => ({
    id,
    label,
    value: parameters[id] ?? url,
    usual: url,
  }));
