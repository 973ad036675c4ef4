// Texts of adding a connection and logging in.
import type { LoginState, ReceiveBy } from "../bindings";
import { inSentence } from "./label";

export const loginWords = {
  title: "Add connection",
  line: "Choose an API. Nothing is sent until you log in.",
  apis: "APIs",
  noAccount: "No account yet?",
  addProvider: "Add a provider from a file...",
  useSandbox: "Use the built-in sandbox",
  sandboxRest: ": the same logins and calls, on this machine.",
  sandboxRuns: (url: string) => `The sandbox runs on ${url.replace(/^https?:\/\//, "")}`,
  onThisMachine: "On this machine",
  ways: "Ways in",
  browser: "Log in with browser",
  device: "Get a code",
  request: "Log in",
  /** "Use this refresh token", "Use this API key". */
  paste: (what: string) => `Use this ${inSentence(what)}`,
  pasteSeveral: "Use these",
  cancel: "Cancel",
  advanced: "How the redirect comes back",
  receive: {
    loopback: "To this machine",
    uri_scheme: "By a private-use URI scheme",
    paste: "I paste the address",
  } satisfies Record<ReceiveBy, string>,
  httpsOnly:
    "The redirect URI is an https address. This machine can’t listen there: you paste the address the browser ends on.",
  warning: "Before you use this",
  demo: "Filled in with the demo values of the sandbox.",
  certificate: "Certificate",
  receiveHints: {
    loopback: "The app listens on a local port while it waits.",
    uri_scheme: "Only where dev.keydesk:/callback is registered for this client identifier.",
    paste: "Copy the address the browser ends on, even if the page shows an error.",
  } satisfies Record<ReceiveBy, string>,
  waiting: "Waiting for you in the browser",
  exchanging: "Getting the token",
  exchangingLine: "The browser is done. You can close its page.",
  nothingOpened: "Nothing opened?",
  openAgain: "Open it again",
  copyLink: "Copy the link",
  or: "or",
  pasteLink: "paste the address you were sent to",
  givesUp: "Gives up in",
  link: "The link",
  noBrowser: "The browser could not be started",
  noBrowserLine: "Open this link in a browser yourself. The app is still waiting.",
  pasteLabel: "Address you were sent to",
  pasteHint: "The whole address, even if the page could not be shown.",
  pastePlaceholder: (redirect: string) => `${redirect}?code=...&state=...`,
  finish: "Finish the login",
  pasteRefused: "The server did not take it. Copy it again, or choose another way in.",
  pasteMissing: "Paste the address first.",
  pasteInstead: "Log in and paste the address instead",
  tryAgain: "Try again",
  loggedIn: (who: string) => `Logged in as ${who}.`,
  loggedInPlain: "Logged in.",
  nothingTitle: "Choose an API",
  nothingLine: "Then choose how to log in.",
  logInTo: (label: string) => `Log in to ${label}`,
  deviceWaiting: "Waiting for you to enter the code",
  deviceLine: (host: string) =>
    `Open ${host} and enter this code. Go on only if the page shows the same code.`,
  code: "The code",
  copyCode: "Copy the code",
  copyTheCode: "Copy",
  openPageAgain: "Open the login page again",
  cancelLogin: "Cancel the login",
  openPage: "Open in browser",
  qr: (address: string) => `QR code of ${address}`,
  orScan: "Or scan this with a phone.",
  noWays: "This API offers no way to log in that this version knows.",
} as const;

export const endedWords: Record<
  Exclude<LoginState, "waiting" | "exchanging" | "done">,
  { title: string; advice: string }
> = {
  failed: { title: "The login failed", advice: "No token was kept. Log in once more." },
  cancelled: {
    title: "Login cancelled",
    advice: "No token was kept. The connection stays in the list.",
  },
  expired: {
    title: "The login waited too long",
    advice: "A late answer is ignored. Log in once more.",
  },
};
