import type { ProviderView } from "../../../bindings";
import { field, login, redirectUri, secret } from "../field";

export const imageRelay: ProviderView = {
  id: "image-relay",
  name: "Image Relay",
  summary: "Log in with your browser, an API key, or a password",
  hue: 345,
  docs: null,
  own: false,
  parameters: [
    field("subdomain", "Your Image Relay address", {
      placeholder: "acme",
      hint: "The part before .imagerelay.com",
    }),
  ],
  logins: [
    login(
      "browser",
      "Browser",
      "With an app that you registered under My Account, Developers.",
      "authorization_code",
      [
        field("client_id", "Client identifier"),
        secret("client_secret", "Client secret"),
        redirectUri(
          "http://127.0.0.1:7316/callback",
          "Compared letter by letter. Where only https is taken, give that address and paste the one you end on.",
        ),
      ],
    ),
    login("api_key", "API key", "From My Account, Developers.", "paste", [
      secret("api_key", "API key", { hint: "It is shown there only once." }),
    ]),
    login(
      "basic",
      "Username and password",
      "Sent with every request.",
      "paste",
      [field("username", "Username"), secret("password", "Password")],
      "Image Relay advises against this for anything but a try: whoever holds it can do all that you can.",
    ),
  ],
};
