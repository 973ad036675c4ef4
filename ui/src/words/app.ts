// Texts of the frame: sidebar, status bar, banner, palette, keys, common buttons.
import type { AppStatus, DamagedFile } from "../bindings";
import { counted, number } from "./label";

export const appWords = {
  name: "Keydesk",
  find: "Find or run...",
  connections: "Connections",
  overview: "Overview",
  addConnection: "Add connection",
  providers: "Providers",
  programs: "Programs",
  inspector: "Token inspector",
  activity: "Activity",
  settings: "Settings",
  pages: "Other pages",
  noConnections: "None yet",
  cancel: "Cancel",
  close: "Close",
  again: "Try again",
  refresh: "Refresh",
  loading: "Reading...",
  copied: (what: string) => `${what} copied.`,
  copiedCleared: (what: string, seconds: number) =>
    seconds > 0
      ? `${what} copied. The clipboard is cleared in ${String(seconds)} s.`
      : `${what} copied.`,
  dismiss: "Dismiss",
  messages: "Messages",
  starting: "Starting...",
  copy: "Copy",
} as const;

// "Production" goes on in the sentence; "QA" and a host name stay as they are.
function plainWord(text: string): string {
  return /^[A-Z][a-z]+$/.test(text) ? text.toLowerCase() : text;
}

export const tabNames = {
  actions: "Actions",
  explorer: "Explorer",
  token: "Token",
  activity: "Activity",
  settings: "Settings",
  live: "Live",
} as const;

export const headerWords = {
  loggedInAs: (who: string, where: string) =>
    `Logged in as ${who}${where ? `, ${plainWord(where)}` : ""}`,
  lastLoggedInAs: (who: string, where: string) =>
    `Last logged in as ${who}${where ? `, ${plainWord(where)}` : ""}`,
  token: "Token",
  more: "More for this connection",
  copyToken: "Copy token",
  copyHeader: "Copy as header",
  renew: "Renew now",
  logInAgain: "Log in again",
  logIn: "Log in",
  logOut: "Log out",
  waiting: "Waiting for the browser",
  waitingLine: (left: string) => `Gives up in ${left}`,
  waitingDevice: "Waiting for the code",
  showLogin: "Show",
  renewed: "Token renewed.",
  tabs: "Parts of this connection",
} as const;

export const statusWords = {
  region: "Status",
  openStore: "Where tokens are kept",
  openPrograms: "Tokens for other programs",
  sandbox: (url: string) => `Sandbox on ${url.replace(/^https?:\/\//, "").replace(/\/$/, "")}`,
  requests: ({ requests_last_hour: sent, failed_last_hour: failed }: AppStatus) =>
    `${counted(sent, "request")} in the last hour, ${number(failed)} failed`,
  unsaved: "Activity is not saved",
} as const;

/** Above all pages, where a file of Keydesk's own could not be understood. */
export const damagedWords = {
  region: "Damaged files",
  title: (count: number) =>
    count === 1 ? "A file was damaged" : `${number(count)} files were damaged`,
  /** What that means, and below it where each is. */
  lines: (files: readonly DamagedFile[]) => [
    files.length === 1
      ? `Keydesk could not read ${files[0]?.name ?? ""} and began a new one. What was in it is kept:`
      : "Keydesk could not read them and began new ones. What was in them is kept:",
    ...files.map(({ kept_as }) => kept_as),
  ],
  dismiss: "Dismiss",
} as const;

export const paletteWords = {
  title: "Find or run",
  placeholder: "Find a connection, an action, a page...",
  nothing: "Nothing of that name.",
  groups: {
    connection: "Connections",
    triggers: "One-click triggers",
    checks: "Checks",
    here: "This connection",
    endpoints: "Endpoints",
    providers: "Providers",
    app: "App",
  },
  openTab: (tab: string) => `Open ${tab.toLowerCase()}`,
  theme: {
    light: "Use the light theme",
    dark: "Use the dark theme",
    system: "Use the system theme",
  },
  checkSignature: "Check the token’s signature",
  compareToken: "Compare the token with another",
  compareTwo: "Compare two tokens",
  keys: "Show the keys",
  renewDue: "Renew all that are due",
  openPassphrase: "Give the passphrase of the file",
  lockFile: "Lock the passphrase file",
  tryKeychain: "Try the keychain again",
  programsOn: "Switch on tokens for other programs",
  programsOff: "Switch off tokens for other programs",
} as const;

/** Where a part of the window could not be loaded from the app's own files. */
export const lazyWords = {
  failed: "This part of Keydesk cannot be loaded",
  advice: "Open another page and come back to try again. If it stays away, install Keydesk anew.",
} as const;

export type KeyRow = { keys: string[]; does: string };
export const keyWords = {
  title: "Keys",
  line: "Everything can be done without a mouse.",
  rows: [
    { keys: ["Ctrl", "K"], does: "Find or run" },
    { keys: ["Ctrl", "Enter"], does: "Send or save the form" },
    { keys: ["T"], does: "Copy the token" },
    { keys: ["Ctrl", "N"], does: "Add a connection" },
    { keys: ["Ctrl", "P"], does: "Providers" },
    { keys: ["Ctrl", "J"], does: "Transfers" },
    { keys: ["Alt", "R"], does: "Runs" },
    { keys: ["Alt", "C"], does: "Checks" },
    { keys: ["Alt", "0"], does: "Overview of all connections" },
    { keys: ["Alt", "1–9"], does: "Choose a connection" },
    { keys: ["Ctrl", "1–6"], does: "Actions, Explorer, Token, Activity, Settings, Live" },
    {
      keys: ["Ctrl", "T"],
      does: "Explorer: a new request; W closes it, Shift T opens it again, S saves it",
    },
    { keys: ["Ctrl", "F"], does: "Explorer: find an endpoint; L goes to the address" },
    {
      keys: ["Ctrl", "PageDown"],
      does: "Explorer: the next request; PageUp goes to the one before",
    },
    { keys: ["Ctrl", "."], does: "Explorer: cancel the request that is on its way" },
    { keys: ["Ctrl", "D"], does: "Exchanges: compare; G goes to the next difference, E exports" },
    { keys: ["Ctrl", "Shift", "Delete"], does: "Exchanges: clear them" },
    { keys: ["↑", "↓"], does: "Walk through the overview or the catalogue" },
    { keys: ["Alt", "A"], does: "Allow what a program asks for" },
    { keys: ["Esc"], does: "Cancel, close or refuse" },
    { keys: ["?"], does: "Show these keys" },
  ] satisfies KeyRow[],
} as const;

export const settingsWords = {
  title: "Settings",
  line: "Kept on this machine.",
  theme: "Theme",
  themes: { system: "System", light: "Light", dark: "Dark" },
  numbers: {
    minutes: {
      label: "A login waits",
      hint: "How long the app waits for you in the browser. 1 to 30 minutes.",
      note: "minutes",
    },
    seconds: {
      label: "Clear the clipboard after",
      hint: "After a token was copied, if it is still there. 0 leaves it.",
      note: "seconds",
    },
    targets: {
      label: "Ask before it goes to more than",
      hint: "What is sent to more targets is shown first. 0 to 100,000.",
      note: "targets",
    },
    days: {
      label: "Keep exchanges for",
      hint: "What was sent and what came, in the activity. 1 to 3,650 days.",
      note: "days",
    },
    megabytes: {
      label: "Keep at most",
      hint: "Beyond that the oldest exchanges go first. 1 to 100,000 MB.",
      note: "MB of exchanges",
    },
  },
  save: "Save",
  saved: "Settings saved.",
  notify: "Tell me when I am needed",
  notifyHint: "Your system notifies you when a login has ended and only you can go on.",
  range: (low: number, high: number) =>
    `Give a whole number from ${String(low)} to ${String(high)}.`,
  version: (version: string) => `Keydesk ${version}`,
} as const;

export const connectionSettings = {
  title: "This connection",
  name: "Name",
  nameHint: "How it is called in this app. Nothing is sent.",
  save: "Save",
  saved: "Connection saved.",
  nameMissing: "Give it a name.",
  removeTitle: "Remove",
  removeLine: "Deletes its tokens, its settings and its form entries from this machine.",
  remove: "Remove connection",
  confirmTitle: (label: string) => `Remove ${label}?`,
  confirmLine: "Its tokens are deleted from this machine. This can’t be undone.",
  removed: (label: string) => `${label} removed.`,
  changedNote: "A change holds from the next login.",
  addresses: "Addresses and certificate",
  useUsual: "Use the usual one",
  useUsualOf: (label: string) => `Use the usual one for ${label}`,
  usual: (url: string) => `Usual: ${url}`,
  ca: "Authority of the certificate",
  caNote: "PEM",
  caHint:
    "Only for a server with a certificate of its own. It is trusted for this connection only, beside those that this machine trusts.",
  caPlaceholder: "-----BEGIN CERTIFICATE-----",
  caWrong:
    "This is not a certificate in PEM. It begins with -----BEGIN CERTIFICATE----- and ends with -----END CERTIFICATE-----.",
  badAddress: "Give a whole address, like https://api.example.com",
} as const;

export const activityWords = {
  title: "Activity",
  line: "What happened, newest first. Tokens are never written here.",
  filter: "Filter the activity",
  filterPlaceholder: "Filter",
  more: "Load more",
  clear: "Clear activity",
  clearTitle: (label: string) => `Clear the activity of ${label}?`,
  clearAllTitle: "Clear all activity?",
  clearLine: "What happened is deleted from this machine. Connections and tokens stay.",
  empty: "Nothing has happened yet",
  emptyLine: "Logins, renewals and requests are listed here as they happen.",
  nothing: "Nothing matches",
  nothingLine: "Try another word.",
  steps: (count: number) => counted(count, "step"),
  columns: { time: "Time", what: "What happened", connection: "Connection", took: "Took" },
} as const;

export const inspectorWords = {
  title: "Token inspector",
  line: "Paste any token to read it. It is read on this machine, sent nowhere and not kept.",
  label: "Token",
  placeholder: "eyJ...",
  clear: "Clear",
  empty: "Nothing to read yet",
  emptyLine:
    "A JWT is shown with its claims in words. Other tokens are described as far as they can be.",
  spaces: "This is not a token: a token has no spaces.",
  tooLong: "That is more than a million characters, so it is no token. Paste the token alone.",
} as const;
