// What the pretended sandbox plays, and the demo values it takes.
import type { SandboxOffer, SandboxView } from "../../bindings";

const url = "http://127.0.0.1:7316";
const user = { username: "alice", password: "demo-password" };
const client = { issuer: `${url}/oauth`, client_id: "demo", client_secret: "demo-secret" };
const device = { cpu_id: "4A0090001051", uuid: "7d0f2c9e-demo", token: "demo-device-token" };

const offer = (
  provider: string,
  label: string,
  parameters: SandboxOffer["parameters"],
  logins: SandboxOffer["logins"],
): SandboxOffer => ({ provider, label, parameters, logins });

export const sandboxView = (): SandboxView => ({
  url,
  offers: [
    offer(
      "relay",
      "Relay sandbox",
      { environment: "sandbox" },
      { api_key: { api_key: "demo-key" } },
    ),
    offer(
      "image-relay",
      "Image Relay sandbox",
      { subdomain: "acme", base_url: `${url}/image-relay` },
      {
        browser: { client_id: "demo", client_secret: "demo-secret" },
        api_key: { api_key: "demo-key" },
        basic: user,
      },
    ),
    offer(
      "spoke-zone",
      "Spoke Zone sandbox",
      { base_url: `${url}/spoke-zone` },
      { user, device, device_secrets: { ...user, device_id: "417" } },
    ),
    offer("wazo", "Wazo sandbox", { host: "127.0.0.1:7316" }, { online: user, offline: user }),
    offer(
      "world-of-workflows",
      "World of Workflows sandbox",
      { base_url: `${url}/workflows` },
      { request: user },
    ),
    offer(
      "another-api",
      "OAuth sandbox",
      { base_url: `${url}/oauth` },
      {
        browser: client,
        client_credentials: client,
        password: { ...client, ...user },
        device_code: client,
      },
    ),
  ],
});
