import type { ProviderView } from "../../../bindings";
import { choice, field, login, secret } from "../field";

export const worldOfWorkflows: ProviderView = {
  id: "world-of-workflows",
  name: "World of Workflows",
  summary: "A request that answers with a token, as you describe it",
  hue: 300,
  docs: null,
  own: false,
  parameters: [
    field("base_url", "Address of the API", { placeholder: "https://api.example.com" }),
    field("token_path", "Path of the token request", { initial: "/auth" }),
    field("method", "Method", {
      kind: "choice",
      initial: "POST",
      choices: [choice("POST", "POST"), choice("GET", "GET"), choice("PUT", "PUT")],
    }),
    field("body", "Body", {
      kind: "json",
      lines: true,
      required: false,
      initial:
        '{\n  "username": "{username}",\n  "password": "{password}",\n  "accounNumber": 12000\n}',
      hint: "{username} and {password} are filled in from below.",
    }),
    field("token_pointer", "Where the token stands", {
      initial: "/authToken",
      hint: "A JSON Pointer into the answer.",
    }),
    field("expiry_pointer", "Where its end stands", {
      initial: "/expiresInMinutes",
      required: false,
    }),
    field("expiry_unit", "What the end is given in", {
      kind: "choice",
      initial: "minutes",
      choices: [
        choice("seconds", "Seconds from now"),
        choice("minutes", "Minutes from now"),
        choice("epoch", "Seconds since 1970"),
        choice("instant", "A date and time"),
      ],
    }),
    field("header", "Header", { initial: "Authorization" }),
    field("prefix", "Before the token", { initial: "Bearer", required: false }),
  ],
  logins: [
    login("request", "Token request", "Sends the request you describe here.", "request", [
      field("username", "Username"),
      secret("password", "Password", { keep: "asked" }),
    ]),
  ],
};
