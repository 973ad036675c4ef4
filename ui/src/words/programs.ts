// Texts of tokens for other programs: the page, the recipes, the question that comes up.
import type { BrokerView, GrantFor } from "../bindings";
import { counted } from "./label";
import { span } from "./time";

export const grantNames: Record<GrantFor, string> = {
  once: "This once",
  hour: "An hour",
  day: "A day",
  month: "30 days",
};

/** In the status bar, while it is on. */
export function brokerLine({ listening, programs, tcp, asks }: BrokerView): string {
  if (!listening) return "Programs can’t ask: not listening";
  if (asks.length > 0) return `${counted(asks.length, "program")} waiting for you`;
  const where = tcp === null ? "" : `, also on ${tcp}`;
  return `Tokens for ${counted(programs.length, "program")}${where}`;
}

export const programWords = {
  title: "Programs",
  line: "Scripts and programs on this machine may ask Keydesk for a token. You say which, and for how long.",
  on: "Tokens for other programs",
  offTitle: "Off",
  offLine:
    "Nothing listens. Switched on, programs that you name here can ask for a token that is still good; the first time you are asked.",
  switchOn: "Switch on",
  failed: "It does not listen",
  again: "Try again",
  where: "Where it listens",
  socket: "Socket",
  socketHint: "Only programs of your user can open it.",
  copySocket: "Copy the socket’s path",
  socketPath: "Path",
  tcp: "Also on 127.0.0.1",
  tcpLine: "For programs that can’t open a socket.",
  port: "Port",
  portNote: "empty: any free one",
  portPlaceholder: "any free one",
  portWrong: "Give a whole number from 1024 to 65535, or nothing.",
  usePort: "Use it",
  copyAddress: "Copy the address",
  address: "Address",
  list: "Programs that may ask",
  name: "Name of a program",
  namePlaceholder: "Backup script",
  nameHint: "You will be asked by this name.",
  nameMissing: "Give it a name.",
  nameTaken: "One is called so already.",
  add: "Add",
  added: (name: string) => `${name} added.`,
  none: "No programs yet",
  noneLine: "Add one by its name. It is given a file with a secret, which says who asks.",
  remove: "Remove",
  removeOf: (name: string) => `Remove ${name}`,
  removeTitle: (name: string) => `Remove ${name}?`,
  removeLine: "What it was granted ends at once, and its secret is deleted.",
  removed: (name: string) => `${name} removed.`,
  headerFile: "Header file",
  headerMissing: "made while this is switched on",
  copyHeader: (name: string) => `Copy the path of the header file of ${name}`,
  lastUsed: (ms: number) => `last used ${span(ms)} ago`,
  neverUsed: "not used yet",
  grantsOf: (name: string) => `What ${name} was granted`,
  noGrants: "Nothing granted. You are asked when it first wants a token.",
  tokenOf: "Token of",
  gone: "a connection that was removed",
  left: (ms: number) => `${span(ms)} left`,
  revoke: "Revoke",
  revokeOf: (connection: string) => `Revoke ${connection}`,
  revoked: (connection: string) => `The token of ${connection} is not handed out any more.`,
} as const;

export const recipeWords = {
  title: "How a program asks",
  program: "Program",
  connection: "Connection",
  which: "Which recipe",
  kinds: {
    socket: "curl",
    tcp: "curl, TCP",
    command: "keydesk",
    python: "Python",
  },
  lines: {
    socket: "Over the socket. The answer is JSON with access_token in it.",
    tcp: "For programs that know TCP only.",
    command: "The command line reads the tokens itself: it needs neither this page nor a grant.",
    python: "With what comes with Python, nothing to install.",
  },
  copy: "Copy",
  what: "Recipe",
  needsTcp: "It does not listen on 127.0.0.1 yet.",
  switchTcp: "Switch that on",
  needsProgram: "Add a program: its header file is part of the recipe.",
  needsOn: "Switch this on first: the files in the recipe are made then.",
  needsConnection: "Add a connection first.",
  first: "The first time the program waits up to a minute, while you are asked here.",
} as const;

export const askWords = {
  title: (program: string) => `${program} asks for a token`,
  line: (connection: string) =>
    `It wants the access token of ${connection}. With it the program can do there what you can.`,
  howLong: "For how long",
  refuse: "Refuse",
  allow: "Allow",
  ends: "Without an answer it is refused in",
  more: (count: number) =>
    count === 1 ? "One more program is waiting." : `${String(count)} more are waiting.`,
  allowed: (program: string, connection: string, grant: GrantFor) =>
    grant === "once"
      ? `${program} got the token of ${connection}, this once.`
      : `${program} may have the token of ${connection} for ${grantNames[grant].toLowerCase()}.`,
  refused: (program: string) => `${program} was refused.`,
  over: (program: string) => `${program} waits no more. It may ask again.`,
} as const;
