// How a program asks, written out for one program and one connection. Each can be pasted as it stands.
import type { BrokerView, ConnectionView, ProgramView } from "../../bindings";

export type RecipeKind = "socket" | "tcp" | "command" | "python";
export const recipeKinds: readonly RecipeKind[] = ["socket", "tcp", "command", "python"];
/** So much life the token has at least when the program gets it. */
const SECONDS = 60;

/** For a POSIX shell: nothing in it is read by the shell. */
export const shellQuoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** By its name, or by its id where several are called so. */
function called({ id, label }: ConnectionView, all: readonly ConnectionView[]): string {
  return all.filter((one) => one.label === label).length > 1 ? id : label;
}

const folder = (name: string) => `/connections/${encodeURIComponent(name)}`;
const rest = `/access-token?min_valid=${String(SECONDS)}`;
const path = (name: string) => `${folder(name)}${rest}`;

type Filled = {
  broker: BrokerView;
  program: ProgramView | undefined;
  connection: ConnectionView;
  connections: readonly ConnectionView[];
};

/** The text of a recipe; null where a part of it is not there yet. */
export function recipe(
  kind: RecipeKind,
  { broker, program, connection, connections }: Filled,
): string | null {
  const name = called(connection, connections);
  if (kind === "command")
    return `keydesk token ${shellQuoted(name)} --min-valid ${String(SECONDS)}`;
  const header = program?.header_file;
  const { socket, tcp } = broker;
  if (!header) return null;
  if (kind === "tcp") return tcp === null ? null : overTcp(tcp, header, name);
  if (socket === null) return null;
  return kind === "socket" ? overSocket(socket, header, name) : inPython(socket, header, name);
}

const overSocket = (socket: string, header: string, name: string): string =>
  [
    "curl --fail \\",
    `  --unix-socket ${shellQuoted(socket)} \\`,
    `  -H ${shellQuoted(`@${header}`)} \\`,
    `  ${shellQuoted(`http://localhost${path(name)}`)}`,
  ].join("\n");

const overTcp = (address: string, header: string, name: string): string =>
  [
    "curl --fail --noproxy '*' \\",
    `  -H ${shellQuoted(`@${header}`)} \\`,
    `  ${shellQuoted(`http://${address}${path(name)}`)}`,
  ].join("\n");

// A JSON string is a Python string.
const inPython = (socket: string, header: string, name: string): string =>
  `import http.client, json, socket

SOCKET = ${JSON.stringify(socket)}
HEADER = ${JSON.stringify(header)}
PATH = (${JSON.stringify(folder(name))}
        ${JSON.stringify(rest)})

class Keydesk(http.client.HTTPConnection):
    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(SOCKET)

with open(HEADER) as file:
    name, secret = file.read().strip().split(": ")
keydesk = Keydesk("localhost")
keydesk.request("GET", PATH, headers={name: secret})
answer = keydesk.getresponse()
body = json.load(answer)
if answer.status != 200:
    raise SystemExit(body["message"])
token = body["access_token"]`;
