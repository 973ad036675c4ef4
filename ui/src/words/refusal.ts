// “Why was I refused”: what is likely, in a sentence, and what to do.
import type { Reason, Refusal } from "../bindings";
import { distance } from "./time";

/** What a screen can offer. */
export type RefusalAction = "log_in" | "renew" | "settings";
export type Why = { sentence: string; advice: string; action?: RefusalAction };

const list = (texts: readonly string[]): string => texts.join(", ");
const apart = (one: string, other: string) => distance(Date.parse(one) - Date.parse(other));

/** One reason. What is quoted in it is text from outside: whoever shows it makes it visible. */
export function reasonWords(reason: Reason, status: number): Why {
  switch (reason.kind) {
    case "other_server":
      return {
        sentence: `The token was not made for ${reason.server}.`,
        advice: "Check the addresses of the connection, or log in again for this one.",
        action: "settings",
      };
    case "refresh_token_used":
      return {
        sentence: "A refresh token was sent where an access token belongs.",
        advice: "Log in by another way, or paste the access token.",
        action: "log_in",
      };
    case "id_token_used":
      return {
        sentence: "An ID token was sent, which only says who logged in.",
        advice: "An access token belongs here. Log in by another way, or paste the access token.",
        action: "log_in",
      };
    case "expired": {
      const ago = apart(reason.at, reason.ended);
      const clock = reason.by_server ? " by the server’s clock" : "";
      const advice = "Renew it. If it looks good here, the clocks differ: check this machine’s.";
      return { sentence: `The token had ended ${ago} before${clock}.`, advice, action: "renew" };
    }
    case "not_yet_valid": {
      const ahead = apart(reason.begins, reason.at);
      const clock = reason.by_server ? " by the server’s clock" : "";
      return {
        sentence: `The token begins only ${ahead} later${clock}: one of the clocks is wrong.`,
        advice: "Set this machine’s clock, or tell who runs the server.",
      };
    }
    case "other_scheme":
      return {
        sentence: `The server wants ${list(reason.wanted)}, and ${reason.used} was sent.`,
        advice: "It takes the token in another form. Log in by another way.",
        action: "log_in",
      };
    case "missing_scope":
      return {
        sentence:
          reason.missing.length === 0
            ? "The token does not permit this."
            : `The token lacks ${list(reason.missing)}.`,
        advice: "Log in again and allow it, or ask an administrator of the account for it.",
        action: "log_in",
      };
    case "missing_header":
      return {
        sentence: `The header ${reason.name} was not sent, and this API wants it.`,
        advice: "Send it along. Keydesk does so by itself.",
      };
    case "other_issuer":
      return {
        sentence: `The token is by ${reason.issuer}; this connection logs in at ${reason.expected}.`,
        advice: "It may be of another environment or tenant. Log in again here.",
        action: "log_in",
      };
    case "other_audience":
      return {
        sentence: `The token is for ${list(reason.audience)}, not for ${reason.server}.`,
        advice: "Check the addresses of the connection, or log in for this API.",
        action: "settings",
      };
    case "wrong_tenant":
      return {
        sentence: `The server says that the tenant is wrong (${list(reason.headers)}), or that the permission is missing.`,
        advice: "Check the tenant in the settings of the connection.",
        action: "settings",
      };
    case "no_permission":
      return {
        sentence: "The token is good, and does not permit this.",
        advice: "Ask an administrator of the account for the permission.",
      };
    case "dead_token":
      return {
        sentence: "The server does not take this token any more: it may have been ended early.",
        advice: "Log in again.",
        action: "log_in",
      };
    case "server_says": {
      const said = [reason.error, reason.description].filter((text) => text !== null);
      return {
        sentence: `The server says ${said.join(": ")}.`,
        advice: "More is not known. Ask who runs the API if that does not help.",
      };
    }
    case "unknown":
      return status === 401
        ? {
            sentence: "The server does not say why it does not take the token.",
            advice: "Log in again. If that doesn’t help, ask who runs the API.",
            action: "log_in",
          }
        : {
            sentence: "The server does not say why you may not do this.",
            advice: "Ask an administrator of the account whether you may.",
          };
  }
}

/** The likeliest. */
export const why = ({ reasons: [first], status }: Refusal): Why =>
  reasonWords(first ?? { kind: "unknown" }, status);

export const refusalWords = {
  details: "Why was I refused?",
  ask: "Why?",
  askOf: (target: string) => `Why was ${target} refused?`,
  also: "Found beside it",
  sides: "Server and token side by side",
  server: "The server",
  token: "The token",
  answered: (status: number) => `It answered ${String(status)}.`,
  noChallenge: "It sent no WWW-Authenticate, so it does not say what it wants.",
  wants: "WWW-Authenticate",
  scheme: "Presented as",
  scope: "Permissions",
  time: "Time",
  issuer: "Issuer",
  audience: "Audience",
  headers: "Headers",
  was: (at: string, byServer: boolean) => `${at}${byServer ? " by its clock" : ""}`,
  ended: (at: string) => `ended ${at}`,
  begins: (at: string) => `begins ${at}`,
  ends: (at: string) => `ends ${at}`,
  misfit: "does not fit",
  more: (rest: number) => `and ${String(rest)} more`,
  none: "says nothing of it",
  actions: {
    log_in: "Log in again",
    renew: "Renew now",
    settings: "Open the settings",
  } satisfies Record<RefusalAction, string>,
  explain: "I was refused...",
  explainTitle: "Why was I refused?",
  explainLine:
    "Another program, such as curl, was answered 401 or 403 with this token. Nobody is asked.",
  answer: "Answer",
  challenge: "Its WWW-Authenticate",
  challengeHint: "As it stands in the answer, one on each line.",
  url: "Where the request went",
  urlHint: "Left empty: the address of the API.",
  body: "Its body",
  explainDo: "Explain",
  refusedWith: (status: number) => `Refused with ${String(status)}`,
  openToken: "Open the token",
  now: "What is not quoted from the answer is of the token that there is now.",
} as const;
