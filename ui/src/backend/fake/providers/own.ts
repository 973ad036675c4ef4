// A provider the person added, and a file that could not be read.
import type { ProviderView, SetAside } from "../../../bindings";
import { field, login, secret } from "../field";

export const ownText = `# The booking API of Trans Elite.
id = "trans-elite"
name = "Trans Elite"
summary = "Bookings, with a username and password"
hue = 20

[[parameter]]
id = "host"
label = "Server"
initial = "api.transelite.example"

[api]
base_url = "https://{host}"

[[login]]
id = "user"
label = "Username and password"
summary = "Answers with a token for 20 minutes."
[login.grant.request]
method = "POST"
url = "https://{host}/auth"
`;

export const own: ProviderView = {
  id: "trans-elite",
  name: "Trans Elite",
  summary: "Bookings, with a username and password",
  hue: 20,
  docs: null,
  own: true,
  parameters: [field("host", "Server", { initial: "api.transelite.example" })],
  logins: [
    login("user", "Username and password", "Answers with a token for 20 minutes.", "request", [
      field("username", "Username"),
      secret("password", "Password", { keep: "asked" }),
    ]),
  ],
};

export const setAside: SetAside = {
  file: "harbour.toml",
  text: `id = "harbour"
name = "Harbour"
summary = "Berths and tides"
hue = 480

[api]
base_url = "https://harbour.example"

[[login]]
id = "key"
label = "API key"
summary = "From the harbour office."
[login.grant.past]
token = "access_token"
`,
  problems: [
    { line: 4, key: "hue", message: "480 is no angle: it goes from 0 to 359.", suggestion: null },
    {
      line: 13,
      key: "login.grant.past",
      message: "No grant is called “past”.",
      suggestion: "paste",
    },
  ],
};
