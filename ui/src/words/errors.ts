// ErrorCode to words: what happened, and what to do. Nobody matches the text of an error.
import type { ErrorCode, ErrorView } from "../bindings";

/** What a screen can offer next. */
export type ErrorAction =
  | "log_in"
  | "try_again"
  | "renew"
  | "paste_instead"
  | "another_place"
  | "give_passphrase"
  | "connection_settings"
  | "open_providers";
export type ErrorWords = { title: string; advice: string; action?: ErrorAction };

export const errorWords: Record<ErrorCode, ErrorWords> = {
  invalid_input: {
    title: "Something is missing or not right",
    advice: "Correct it and send again.",
  },
  other_origin: {
    title: "That is another server",
    advice: "The token of this connection stays here. Send it again to be asked.",
  },
  unknown_connection: {
    title: "This connection is gone",
    advice: "It was removed, perhaps in another window. Choose another one.",
  },
  unknown_provider: {
    title: "This API is not known here",
    advice: "Its provider file was removed. Add the file again, or remove the connection.",
    action: "open_providers",
  },
  port_busy: {
    title: "The port for the redirect is in use",
    advice: "Close the program that uses it, or log in and paste the address you end on.",
    action: "paste_instead",
  },
  broker_busy: {
    title: "Tokens for other programs cannot be served",
    advice: "Close what is in the way, or choose another port. What it is stands below.",
  },
  browser_failed: {
    title: "The browser could not be started",
    advice: "Copy the link and open it in a browser yourself.",
  },
  login_ended: {
    title: "This login is over",
    advice: "It was used, cancelled or waited too long. Start a new one.",
    action: "log_in",
  },
  not_our_redirect: {
    title: "That address does not belong to this login",
    advice: "Paste the whole address that the browser ended on, with code and state in it.",
  },
  login_denied: {
    title: "The login was declined",
    advice: "The authorization server says access was denied. Log in again and allow it.",
    action: "log_in",
  },
  authorization_refused: {
    title: "The authorization server refused the login",
    advice: "What it said is below. Check the parameters of the connection, then log in again.",
    action: "log_in",
  },
  login_needed: {
    title: "You are not logged in",
    advice: "Log in, then do this again.",
    action: "log_in",
  },
  token_refused: {
    title: "The login is no longer valid",
    advice: "The authorization server does not take the refresh token any more. Log in again.",
    action: "log_in",
  },
  renewal_in_doubt: {
    title: "The answer to the last renewal was lost",
    advice:
      "The server may have taken the refresh token for used, so it isn’t sent again by itself. Renew now; where that is refused, log in.",
    action: "renew",
  },
  client_refused: {
    title: "The client registration was refused",
    advice:
      "The authorization server does not accept the client identifier or its secret. Check them in Settings.",
  },
  not_a_token_answer: {
    title: "The token endpoint gave no token",
    advice: "Its answer was not what OAuth asks for. Check the environment, then try again.",
    action: "try_again",
  },
  blank_token: {
    title: "The token endpoint gave a blank token",
    advice: "The token before it was kept. Try again; if it stays blank, ask who runs the API.",
    action: "try_again",
  },
  token_type_unknown: {
    title: "The token is of a kind this app can’t present",
    advice: "Nothing was kept. Ask the provider for bearer tokens.",
  },
  keychain_absent: {
    title: "No keychain on this machine",
    advice: "Install or start one, such as GNOME Keyring, or choose another place for tokens.",
    action: "another_place",
  },
  keychain_locked: {
    title: "The keychain is locked",
    advice: "Unlock it and try again, or choose another place for tokens.",
    action: "another_place",
  },
  keychain_silent: {
    title: "The keychain does not answer",
    advice:
      "It may be asking for a password in another window. Try again, or choose another place for tokens.",
    action: "another_place",
  },
  keychain_failed: {
    title: "The keychain refused",
    advice: "The token was not kept. Try again.",
    action: "try_again",
  },
  passphrase_needed: {
    title: "The passphrase file is locked",
    advice: "Give its passphrase, then do this again.",
    action: "give_passphrase",
  },
  passphrase_wrong: {
    title: "That is not its passphrase",
    advice: "Nothing was changed. Give it again.",
    action: "give_passphrase",
  },
  store_failed: {
    title: "The passphrase file could not be read or written",
    advice: "Check the disk and who may write to its folder, then try again.",
    action: "try_again",
  },
  unreachable: {
    title: "The server could not be reached",
    advice: "Check the network and the address, then try again.",
    action: "try_again",
  },
  no_reply: {
    title: "No answer came",
    advice:
      "The connection ended after the request was sent: it may have been done. Check before you send again.",
    action: "try_again",
  },
  tls_failed: {
    title: "The connection is not secure",
    advice:
      "The server’s certificate could not be checked, so nothing was sent. Ask who runs the server.",
  },
  timed_out: {
    title: "The server took too long",
    advice: "It may still have done what you asked. Check before you send again.",
    action: "try_again",
  },
  refused: {
    title: "The token was refused twice",
    advice:
      "A new token was refused too. Log in again; if that doesn’t help, the account may lack access.",
    action: "log_in",
  },
  no_permission: {
    title: "You may not do this",
    advice: "The token is good but lacks the permission. Ask an administrator of the account.",
  },
  not_found: {
    title: "Not found",
    advice: "The server does not know it. Refresh the list and choose again.",
  },
  rate_limited: {
    title: "Too many requests",
    advice: "Wait a little, then try again.",
    action: "try_again",
  },
  daily_limit: {
    title: "The limit of the day is reached",
    advice:
      "The server takes no more requests today. Nothing is sent again by itself: go on when it takes requests again.",
  },
  not_written: {
    title: "The file could not be written",
    advice: "Make room on the disk, or look whether the folder can be written to. Then go on.",
    action: "try_again",
  },
  server_failed: {
    title: "The server failed",
    advice: "The fault is on its side. Try again in a while.",
    action: "try_again",
  },
  bad_request: {
    title: "The server did not accept the request",
    advice: "Its answer says why. Correct the form and send again.",
  },
  unexpected_answer: {
    title: "The answer could not be read",
    advice: "It is shown as it came. If it is a web page, the address may be wrong.",
  },
  credentials_refused: {
    title: "What you logged in with was not accepted",
    advice: "Check the user name, the password or the key, then log in again.",
    action: "log_in",
  },
  id_token_wrong: {
    title: "The ID token does not fit this login",
    advice: "It may be meant for another client or another login. No token was kept. Log in again.",
    action: "log_in",
  },
  issuer_wrong: {
    title: "Another issuer answered",
    advice:
      "The server calls itself otherwise than the address that was asked. No token was kept. Check the issuer, letter by letter.",
    action: "connection_settings",
  },
  discovery_failed: {
    title: "The issuer’s endpoints could not be read",
    advice: "Check the issuer’s address, then try again.",
    action: "try_again",
  },
  tls_untrusted: {
    title: "The server’s certificate is not known here",
    advice:
      "Nothing was sent. If the server has a certificate of its own, give its authority in the connection’s settings.",
    action: "connection_settings",
  },
  provider_in_use: {
    title: "Connections still use this provider",
    advice: "Nothing was removed.",
  },
  confirm_needed: {
    title: "This goes to many",
    advice: "Nothing was sent. Look at what will be sent, and say that it may go to all of them.",
  },
  provider_faulty: {
    title: "The provider file has mistakes",
    advice: "Open it under Providers and correct what is marked.",
    action: "open_providers",
  },
  sandbox_failed: {
    title: "The sandbox could not be started",
    advice: "Try again. If it fails again, restart the app.",
    action: "try_again",
  },
  clipboard_failed: {
    title: "Could not copy",
    advice: "The clipboard did not take it. Try again.",
  },
  not_saved: {
    title: "It could not be saved",
    advice:
      "What can’t be written down is not sent. Check whether the disk is full and who may write to it, then go on.",
    action: "try_again",
  },
  internal: {
    title: "Something went wrong in the app",
    advice: "Try again. If it happens again, restart the app.",
    action: "try_again",
  },
};

export const errorActions: Record<ErrorAction, string> = {
  log_in: "Log in again",
  try_again: "Try again",
  renew: "Renew now",
  paste_instead: "Log in and paste the address instead",
  another_place: "Keep tokens elsewhere...",
  give_passphrase: "Give the passphrase...",
  connection_settings: "Open addresses and certificate",
  open_providers: "Open Providers",
};

/** Under a field: what the core said of it; of a refusal, what was refused. */
export function fieldProblem(error: ErrorView): string {
  const particulars = errorParticulars(error);
  if (error.code === "invalid_input" && particulars) return particulars;
  const { title } = errorWords[error.code];
  return particulars ? `${title}: ${particulars}` : `${title}.`;
}

/** The particulars, under the title: what the core said, and the server's own words as plain text. */
export function errorParticulars(error: ErrorView): string {
  const { message, oauth } = error;
  const said = oauth ? [oauth.error, oauth.error_description] : [];
  // The core may have quoted it.
  const more = said.filter((part) => part && !message.includes(part)).join(": ");
  return [message, more].filter(Boolean).join(" · ");
}
