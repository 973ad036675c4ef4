import type { ProviderView } from "../../../bindings";
import { choice, field, login, secret } from "../field";

export const relay: ProviderView = {
  id: "relay",
  name: "Relay",
  summary: "Log in with your browser, or paste a refresh token",
  hue: 255,
  docs: "https://developer.relaypro.com/docs/auth",
  own: false,
  parameters: [
    field("environment", "Environment", {
      kind: "choice",
      initial: "pro",
      choices: [choice("pro", "Production"), choice("qa", "QA")],
    }),
  ],
  logins: [
    login(
      "browser",
      "Browser",
      "Relay’s current authorization server opens in your browser.",
      "authorization_code",
    ),
    login(
      "browser_legacy",
      "Browser, legacy",
      "The authorization server behind “token generate” and the SDKs.",
      "authorization_code",
    ),
    login("refresh_token", "Refresh token", "Paste what “relay token generate” prints.", "paste", [
      secret("refresh_token", "Refresh token", {
        hint: "It is exchanged for an access token at once.",
      }),
    ]),
    login(
      "access_token",
      "Access token",
      "For a quick look. It can’t be renewed when it expires.",
      "paste",
      [secret("access_token", "Access token")],
    ),
    login("api_key", "API key", "From Relay’s staff. It has no end.", "paste", [
      secret("api_key", "API key"),
    ]),
  ],
};
