import type { FieldView, ProviderView } from "../../../bindings";
import { choice, field, login, redirectUri, secret } from "../field";

const issuer = field("issuer", "Issuer", {
  placeholder: "https://login.example.com",
  hint: "Its endpoints are read from there.",
});
const clientId = field("client_id", "Client identifier");
const clientSecret = secret("client_secret", "Client secret", { required: false });
const scope = field("scope", "Scope", { required: false, placeholder: "openid profile" });
const account: FieldView[] = [
  field("username", "Username"),
  secret("password", "Password", { keep: "asked" }),
];
const key = secret("key", "API key");

export const anotherApi: ProviderView = {
  id: "another-api",
  name: "Another API",
  summary: "OAuth 2, an API key, or a username and password",
  hue: 265,
  docs: null,
  own: false,
  parameters: [
    field("base_url", "Address of the API", {
      required: false,
      placeholder: "https://api.example.com",
    }),
  ],
  logins: [
    login("browser", "Browser", "Authorization code with PKCE.", "authorization_code", [
      issuer,
      clientId,
      clientSecret,
      scope,
      redirectUri("http://127.0.0.1/callback", "Any free port is taken where none is named."),
    ]),
    login(
      "client_credentials",
      "Client credentials",
      "The client logs in for itself, without a person.",
      "request",
      [issuer, clientId, { ...clientSecret, required: true }, scope],
    ),
    login(
      "password",
      "Password",
      "Username and password go to the token endpoint.",
      "request",
      [issuer, clientId, clientSecret, ...account, scope],
      "OAuth 2.1 drops this way: use the browser where the provider offers it.",
    ),
    login(
      "device_code",
      "Device code",
      "You confirm a code on any device with a browser.",
      "device_code",
      [issuer, clientId, clientSecret, scope],
    ),
    login("api_key", "API key", "Sent in a header with every request.", "paste", [
      key,
      field("header", "Header", { initial: "Authorization" }),
      field("prefix", "Before the key", { initial: "Bearer", required: false }),
    ]),
    login(
      "api_key_query",
      "API key in the address",
      "Sent as a query parameter with every request.",
      "paste",
      [key, field("query_name", "Parameter", { initial: "api_key" })],
      "Addresses end up in logs and histories. Prefer a header where the API takes one.",
    ),
    login("basic", "Basic", "Username and password with every request.", "paste", [
      field("username", "Username"),
      secret("password", "Password"),
      field("charset", "Encoding", {
        kind: "choice",
        initial: "utf-8",
        choices: [choice("utf-8", "UTF-8"), choice("latin-1", "Latin-1")],
      }),
    ]),
  ],
};
