import type { FieldView, ProviderView } from "../../../bindings";
import { field, login, secret } from "../field";

const account: FieldView[] = [
  field("username", "Username", { hint: "Or a confirmed e-mail address." }),
  secret("password", "Password", { keep: "asked" }),
];

export const wazo: ProviderView = {
  id: "wazo",
  name: "Wazo Platform",
  summary: "Username and password, then a refresh token",
  hue: 45,
  docs: null,
  own: false,
  parameters: [
    field("host", "Your Wazo server", {
      placeholder: "pbx.example.com",
      hint: "Its name, and its port where it is not 443",
    }),
  ],
  logins: [
    login(
      "offline",
      "Stay logged in",
      "A refresh token is kept for this installation.",
      "request",
      [...account],
    ),
    login("online", "For a while", "One token, for as long as you say.", "request", [
      ...account,
      field("expiration", "Lasts", {
        kind: "number",
        initial: "7200",
        note: "seconds",
        hint: "1 second to 10 years.",
      }),
    ]),
  ],
};
