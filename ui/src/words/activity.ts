// ActivityEvent to a sentence. The strong part is what the eye should catch.
import type { ActivityEvent, GrantFor, NotHandedOut, ReceiveBy } from "../bindings";
import { errorWords } from "./errors";
import { counted, number } from "./label";
import { grantNames } from "./programs";
import { placesInText } from "./store";
import { span } from "./time";
import { revocable } from "./token";

export type Sentence = { strong: string; rest: string; tone: "plain" | "good" | "bad" };

const plain = (strong: string, rest = ""): Sentence => ({ strong, rest, tone: "plain" });
const good = (strong: string, rest = ""): Sentence => ({ strong, rest, tone: "good" });
const bad = (strong: string, rest = ""): Sentence => ({ strong, rest, tone: "bad" });

const ways: Record<ReceiveBy, string> = {
  loopback: "waiting for the browser",
  uri_scheme: "waiting for dev.keydesk:/callback",
  paste: "waiting for the pasted address",
};

const ignored = {
  wrong_state: "it belongs to no waiting login",
  already_used: "it was used before",
  expired: "it came too late",
  malformed: "it was not well formed",
  no_login_waiting: "no login was waiting",
} as const;

const causes = {
  expired: "Token had expired",
  refused: "Token was refused",
  asked: "You asked for a new token",
  ahead: "It was nearly over",
} as const;

/** Why a program got none. */
const withheld: Record<NotHandedOut, string> = {
  malformed: "its request can’t be understood",
  wrong_host: "its request names another host",
  from_a_page: "a page in a browser asked",
  wrong_method: "its request is no GET",
  wrong_secret: "its secret is missing or wrong",
  too_many: "too many such requests",
  unknown_route: "nothing is offered at that path",
  unknown_connection: "no connection has that name",
  ambiguous: "several connections have that name",
  refused: "you said no",
  not_answered: "nobody answered in time",
  locked: "the place where tokens are kept is locked",
  no_token: "there is none that holds long enough",
};

const grantSpans: Record<GrantFor, string> = {
  once: "this once",
  hour: `for ${lower(grantNames.hour)}`,
  day: `for ${lower(grantNames.day)}`,
  month: `for ${lower(grantNames.month)}`,
};

const lasting = (seconds: number | null, before: string) =>
  seconds === null ? "" : `${before}${span(seconds * 1000)}`;
const path = (url: string): string => {
  try {
    return new URL(url).pathname;
  } catch {
    return url;
  }
};

export function sentence(event: ActivityEvent): Sentence {
  switch (event.kind) {
    case "connection_added":
      return plain("Connection added");
    case "connection_removed":
      return plain("Connection removed");
    case "login_started":
      return plain("Login started", `, ${ways[event.receive_by]}`);
    case "device_login_started":
      return plain("Login started", ", waiting for the code to be entered");
    case "login_completed":
      return good("Logged in", event.scope ? `, may use ${event.scope}` : "");
    case "login_failed":
      return bad("Login failed", `: ${lower(errorWords[event.code].title)}`);
    case "login_cancelled":
      return plain("Login cancelled");
    case "login_expired":
      return bad("Login waited too long", " and was given up");
    case "redirect_ignored":
      return plain("A redirect was ignored", `: ${ignored[event.reason]}`);
    case "token_imported":
      return good("Token pasted", " and taken");
    case "token_at_hand":
      return plain("Token at hand", lasting(event.seconds_left, ", good for "));
    case "token_renewed":
      return good(
        causes[event.cause],
        `, got a new one${lasting(event.seconds, " for ")}${event.rotated ? ", refresh token changed too" : ""}`,
      );
    case "renewal_failed":
      return bad(causes[event.cause], `, no new one: ${lower(errorWords[event.code].title)}`);
    case "token_kept":
      return event.kept_in === "memory"
        ? plain("Token kept", " in memory only")
        : good("Token kept", ` in ${placesInText[event.kept_in]}`);
    case "token_not_kept":
      return bad("Token not kept", `: ${lower(errorWords[event.code].title)}`);
    case "token_refused":
      return bad("Token refused", ` with ${String(event.status)}`);
    case "request_sent":
      return request(event);
    case "request_failed":
      return bad(
        event.target ?? `${event.method} ${path(event.url)}`,
        ` failed: ${lower(errorWords[event.code].title)}`,
      );
    case "run_finished":
      return finished(event);
    case "token_copied":
      return plain("Token copied", event.form === "header" ? " as a header" : "");
    case "token_revealed":
      return plain("Token shown", " for a moment");
    case "token_revoked":
      return plain("Ended at the server", `: the ${revocable[event.what]}`);
    case "token_not_revoked":
      return plain(
        "Not ended at the server",
        `: the ${revocable[event.what]} may still be good there`,
      );
    case "logged_out":
      return plain("Logged out", ", tokens deleted");
    case "token_handed_out":
      return plain("Token handed out", ` to ${event.program}`);
    case "token_not_handed_out":
      return bad(
        "Token not handed out",
        `${event.program === null ? "" : ` to ${event.program}`}: ${withheld[event.reason]}`,
      );
    case "program_granted":
      return plain(event.program, ` may have the token ${grantSpans[event.grant_for]}`);
    case "grant_revoked":
      return plain(event.program, " may no longer have the token");
    case "mqtt_connected":
      return good("Live messages", ` from ${event.server}`);
    case "mqtt_refused":
      return bad(
        "No live messages",
        ` from ${event.server}: ${lower(errorWords[event.code].title)}`,
      );
    case "mqtt_disconnected":
      return event.code === null
        ? plain("Live messages ended", ` from ${event.server}`)
        : bad(
            "Live messages cut off",
            ` by ${event.server}: ${lower(errorWords[event.code].title)}`,
          );
  }
}

type Of<K extends ActivityEvent["kind"]> = Extract<ActivityEvent, { kind: K }>;

function request(event: Of<"request_sent">): Sentence {
  const what = event.target ?? `${event.method} ${path(event.url)}`;
  const status = String(event.status);
  const rest = event.replayed
    ? ` refused the token, retried once, answered ${status}`
    : ` answered ${status}`;
  return event.status < 400 ? plain(what, rest) : bad(what, rest);
}

function finished(event: Of<"run_finished">): Sentence {
  const parts = [`${number(event.accepted)} of ${counted(event.total, "request")} accepted`];
  if (event.failed > 0) parts.push(`${number(event.failed)} failed`);
  if (event.unknown) parts.push(`${number(event.unknown)} unknown`);
  if (event.stopped) parts.push("stopped by you");
  const tell = event.failed > 0 || event.unknown ? bad : event.stopped ? plain : good;
  return tell(event.action, `: ${parts.join(", ")}`);
}

function lower(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
