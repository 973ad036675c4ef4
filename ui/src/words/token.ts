// The state of a token, in a word and a line; used by the sidebar, the capsule and the token view.
import type {
  DecodedToken,
  KeptIn,
  KeptItem,
  LoginGrant,
  Revocations,
  Revoked,
  TokenState,
  TokenView,
} from "../bindings";
import { errorWords } from "./errors";
import { atMoment, moment, span } from "./time";

export type Tone = "fresh" | "soon" | "dead" | "quiet";

/** What a server can end. */
export const revocable: Record<Revoked, string> = {
  access_token: "access token",
  refresh_token: "refresh token",
  session: "session",
};

export const tones: Record<TokenState, Tone> = {
  fresh: "fresh",
  soon: "soon",
  expired: "dead",
  login_needed: "dead",
  none: "quiet",
};

/** The state as it is now: a token read as fresh an hour ago may have expired since. */
export function liveState(token: TokenView, now: number): TokenState {
  if (token.state !== "fresh" && token.state !== "soon") return token.state;
  return token.expires_at !== null && Date.parse(token.expires_at) <= now ? "expired" : token.state;
}

/** Whether a new one can be had without the person: for some, only for a time after their end. */
export function canRenew(token: TokenView, now: number): boolean {
  const { renewable, renewable_until: until } = token;
  return renewable && (until === null || Date.parse(until) > now);
}

/** The colour of the state: what can still be saved is no red. */
export const toneOf = (token: TokenView, now: number): Tone =>
  renewalCloses(token, now) ? "soon" : tones[liveState(token, now)];

/** Whether it is time to renew a token that cannot be renewed for ever: less than a quarter of that time is left, or 3 hours. */
export function renewalCloses(token: TokenView, now: number): boolean {
  const { expires_at: end, renewable_until: until } = token;
  if (until === null || !canRenew(token, now)) return false;
  const left = Date.parse(until) - now;
  const window = end === null ? 0 : Date.parse(until) - Date.parse(end);
  return left < Math.max(window / 4, 3 * 3600 * 1000);
}

/** "Ended 2 h ago. Can be renewed until 21:04; after that the device needs a new token." */
export function renewalLine({ expires_at: end, renewable_until: until }: TokenView, now: number) {
  if (until === null) return "";
  const rest = tokenWords.renewableUntil(moment(until, now));
  if (end === null) return rest;
  const distance = Date.parse(end) - now;
  const first =
    distance > 0 ? tokenWords.endsIn(span(distance)) : tokenWords.endedAgo(span(-distance));
  return `${first} ${rest}`;
}

/** Never ends, and nothing brings a new one: a key or a password, as the way in says. */
export function isEndless(token: TokenView, grant: LoginGrant | undefined): boolean {
  const isGiven = grant === "paste" || grant === "request";
  return isGiven && token.has_access_token && token.expires_at === null && !token.renewable;
}

/** Whether there is a token cannot be told: the place where it would be is locked. */
export function isLockedAway({ state, last_error: error }: TokenView): boolean {
  const locked = ["keychain_locked", "keychain_silent", "passphrase_needed"];
  return state === "none" && error !== null && locked.includes(error.code);
}

/** Nothing can be sent with it, and it will not be renewed by itself: the person has to log in. */
export function needsLogin(token: TokenView, now: number): boolean {
  const state = liveState(token, now);
  return (
    state === "none" || state === "login_needed" || (state === "expired" && !canRenew(token, now))
  );
}

/**
 * Whether a person is needed: now, as it stands still; soon, as it still holds but what renews it failed for good, or can be
 * done only for some more time. Where nobody has logged in, nobody is waited for.
 */
export function needOf(token: TokenView, now: number): "now" | "soon" | null {
  if (token.state === "none") return null;
  if (needsLogin(token, now) || token.need === "renew") return "now";
  const { last_error: error } = token;
  const isOver = error !== null && errorWords[error.code].action === "log_in";
  return isOver || renewalCloses(token, now) ? "soon" : null;
}

/**
 * Whether it may be renewed with all others: it is over or nearly so, or its last renewal failed. Where it is not known what that
 * came to, the person decides for this one alone.
 */
export function isDue(token: TokenView, now: number): boolean {
  if (!canRenew(token, now) || needsLogin(token, now) || token.need === "renew") return false;
  const state = liveState(token, now);
  const isNear = state === "expired" || state === "soon" || renewalCloses(token, now);
  return isNear || token.last_error !== null;
}

/** "JWT, RS256"; empty where nothing is known of it. */
export function kindOf({ kind, algorithm }: DecodedToken): string {
  return [{ jws: "JWT", jwe: "JWE", opaque: "" }[kind], algorithm].filter(Boolean).join(", ");
}

export function stateWord(token: TokenView, now: number): string {
  switch (liveState(token, now)) {
    case "fresh":
      return token.expires_at === null ? "Logged in" : "Fresh";
    case "soon":
      return "Expires soon";
    case "expired":
      return "Expired";
    case "login_needed":
      return "Login needed";
    case "none":
      return isLockedAway(token) ? "Locked" : "Not logged in";
  }
}

/** At the right of the sidebar row. */
export function stateShort(token: TokenView, now: number): string {
  const state = liveState(token, now);
  if (state === "login_needed") return "Log in";
  if (state === "none") return isLockedAway(token) ? "Locked" : "Not yet";
  if (needsLogin(token, now)) return "Log in";
  if (state === "expired") return needOf(token, now) === null ? "Expired" : "Renew";
  if (token.expires_at === null) return "No expiry";
  return span(Date.parse(token.expires_at) - now);
}

/** Under the state in the capsule: what will happen, and when. */
export function stateLine(token: TokenView, now: number): string {
  const state = liveState(token, now);
  if (isLockedAway(token)) return "Open the place where tokens are kept";
  if (state === "none") return "Log in to get a token";
  if (state === "login_needed") return "It can’t be renewed any more";
  if (state === "expired") {
    if (!canRenew(token, now)) return "Log in again to go on";
    if (token.need === "renew") return "Renew it, or log in again";
    const until = token.renewable_until;
    if (until !== null) return `Can be renewed until ${moment(until, now)}`;
    return "Renewed when it is next needed";
  }
  if (token.expires_at === null) return "This token has no known expiry";
  const left = span(Date.parse(token.expires_at) - now);
  if (!token.renewable) return `${left} left, can’t be renewed`;
  if (state === "soon" || token.renews_at === null) return `${left} left, renews when needed`;
  return `${left} left, renews ${atMoment(token.renews_at, now)}`;
}

/** How much of its life is left, 0 to 1; null where the life is not known. */
export function lifeLeft(token: TokenView, now: number): number | null {
  if (token.expires_at === null || token.obtained_at === null) return null;
  const start = Date.parse(token.obtained_at);
  const whole = Date.parse(token.expires_at) - start;
  if (whole <= 0) return 0;
  return Math.min(1, Math.max(0, (Date.parse(token.expires_at) - now) / whole));
}

export const keptNames: Record<KeptItem["what"], string> = {
  access_token: "Access token",
  refresh_token: "Refresh token",
  id_token: "ID token",
};

export const tokenWords = {
  lifetime: "Lifetime",
  left: (left: string, whole: string) => `${left} left of ${whole}`,
  over: "Expired",
  unknownLife: "No expiry known",
  unknownLifeLine:
    "The answer that brought this token did not say how long it holds. It is used until it is refused.",
  issued: "Obtained",
  now: "Now",
  expires: "Expires",
  expired: "Expired",
  renewsBefore: (before: string) => `Renews ${before} before it expires`,
  renewsWhenNeeded: "Renews when needed",
  renewsNever: "Can’t be renewed",
  renewals: {
    refresh: "Renewed with the refresh token.",
    request: "Renewed by a request of its own to the provider.",
    repeat: "Renewed by logging in once more with what is kept beside the token.",
    none: "For a new one, log in again.",
  } satisfies Record<TokenView["renewal"], string>,
  noEnd: "No expiry",
  noEndLine: "It holds until it is taken back where it was made.",
  needsYouSoon: "Needs you soon:",
  renewalFailed: "The last renewal failed:",
  renewSoon: "Renew it soon",
  renewOver: "It can’t be renewed any more",
  renewOverLine: (until: string) =>
    `That could be done until ${until}. Log in again with a new token.`,
  renewableUntil: (until: string) =>
    `Can be renewed until ${until}; after that the device needs a new token.`,
  endedAgo: (ago: string) => `Ended ${ago} ago.`,
  endsIn: (left: string) => `Ends in ${left}.`,
  claims: "Claims",
  columns: {
    claim: "Claim",
    member: "Member",
    meaning: "Meaning",
    value: "Value",
    read: "Read as",
  },
  notChecked:
    "Signature not checked: what the token says is shown, not vouched for. Decoded on this machine.",
  opaqueTitle: "An opaque token",
  opaqueLine:
    "It is a plain reference: only the server that issued it can say what it stands for. That is nothing to worry about, it works like any other.",
  encryptedTitle: "An encrypted token",
  encryptedLine:
    "Only the server it is meant for can read its claims. Its header, which says how it is encrypted, can be read.",
  length: (length: number) => `${String(length)} characters`,
  accessToken: "Access token",
  idToken: "ID token",
  which: "Which token",
  show: "Show",
  hide: "Hide",
  hidesIn: (seconds: number) => `Hidden again in ${String(seconds)} s`,
  copyToken: "Copy token",
  copyHeader: "Copy header",
  copyQuery: "Copy parameter",
  parameter: "Parameter",
  header: "Header",
  keptIn: {
    keychain: "Kept in the keychain",
    file: "Kept in the passphrase file",
    memory: "Kept in memory only",
  } satisfies Record<KeptIn, string>,
  kept: "Kept",
  until: (at: string) => `until ${at}`,
  expiredAt: (at: string) => `expired ${at}`,
  untilLogOut: "until you log out",
  sentAs: "Presented as",
  renew: "Renew now",
  logOut: "Log out",
  logOutTitle: (label: string) => `Log out of ${label}?`,
  logOutLine:
    "Its tokens are ended at the server, where it offers a way, and deleted from this machine. The connection stays, so you can log in again.",
  loggedOut: (label: string, { revoked, not_revoked }: Revocations): string => {
    const alive = not_revoked.map(({ what }) => revocable[what]);
    if (alive.length > 0)
      return `${label} is logged out here. The server did not confirm the end of the ${alive.join(" and the ")}: it may still be good there.`;
    if (revoked.length > 0)
      return `${label} is logged out, and the server ended the ${revoked.map((what) => revocable[what]).join(" and the ")}.`;
    return `${label} is logged out here. The server offers no way to end a token early.`;
  },
  notDeleted: (why: string) =>
    `${why} What it has of this connection is deleted as soon as Keydesk can open it.`,
  none: "No token yet",
  noneLine: "Log in, and what the token says is shown here.",
  scopeDiffers: "The server granted a different scope than was asked for",
  noScope: "no scope",
  problems: "The last renewal failed",
  unreadTitle: "The token could not be read",
  hintPrefix: "Note",
} as const;
