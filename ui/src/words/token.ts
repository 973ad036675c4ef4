// The state of a token, in a word and a line; used by the sidebar, the capsule and the token view.
import type {
  DecodedToken,
  KeptItem,
  LoginGrant,
  Revocations,
  Revoked,
  TokenState,
  TokenView,
} from "../bindings";
import { moment, span } from "./time";

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

/** Nothing can be sent with it, and it will not be renewed by itself: the person has to log in. */
export function needsLogin(token: TokenView, now: number): boolean {
  const state = liveState(token, now);
  return (
    state === "none" || state === "login_needed" || (state === "expired" && !canRenew(token, now))
  );
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
      return "Not logged in";
  }
}

/** At the right of the sidebar row. */
export function stateShort(token: TokenView, now: number): string {
  const state = liveState(token, now);
  if (state === "login_needed") return "Log in";
  if (state === "none") return "Not yet";
  if (state === "expired") return renewalCloses(token, now) ? "Renew" : "Expired";
  if (token.expires_at === null) return token.renewable ? "No expiry" : "No end";
  return span(Date.parse(token.expires_at) - now);
}

/** Under the state in the capsule: what will happen, and when. */
export function stateLine(token: TokenView, now: number): string {
  const state = liveState(token, now);
  if (state === "none") return "Log in to get a token";
  if (state === "login_needed") return "It can’t be renewed any more";
  if (state === "expired") {
    if (!canRenew(token, now)) return "Log in again to go on";
    const until = token.renewable_until;
    if (until !== null) return `Can be renewed until ${moment(until, now)}`;
    return "Renewed when it is next needed";
  }
  if (token.expires_at === null) return "This token has no known expiry";
  const left = span(Date.parse(token.expires_at) - now);
  if (!token.renewable) return `${left} left, can’t be renewed`;
  if (state === "soon" || token.renews_at === null) return `${left} left, renews when needed`;
  return `${left} left, renews at ${moment(token.renews_at, now)}`;
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
    repeat: "Renewed by logging in once more with what is kept in the keychain.",
    none: "For a new one, log in again.",
  } satisfies Record<TokenView["renewal"], string>,
  noEnd: "No end",
  noEndLine: "It holds until it is taken back where it was made.",
  renewSoon: "Renew it soon",
  renewOver: "It can’t be renewed any more",
  renewOverLine: (until: string) =>
    `That could be done until ${until}. Log in again with a new token.`,
  renewableUntil: (until: string) =>
    `Can be renewed until ${until}; after that the device needs a new token.`,
  endedAgo: (ago: string) => `Ended ${ago} ago.`,
  endsIn: (left: string) => `Ends in ${left}.`,
  claims: "Claims",
  columns: { claim: "Claim", meaning: "Meaning", value: "Value", read: "Read as" },
  notChecked:
    "Signature not checked: what the token says is shown, not vouched for. Decoded on this machine.",
  opaqueTitle: "An opaque token",
  opaqueLine:
    "It is a plain reference: only the server that issued it can say what it stands for. That is nothing to worry about, it works like any other.",
  encryptedTitle: "An encrypted token",
  encryptedLine: "Only the server it is meant for can read the claims. The header can be read.",
  lookedLike: "It looks like a JWT, but",
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
  keptIn: { keychain: "Kept in the keychain", memory: "Kept in memory only" },
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
  none: "No token yet",
  noneLine: "Log in, and what the token says is shown here.",
  scopeDiffers: "The server granted a different scope than was asked for",
  noScope: "no scope",
  problems: "The last renewal failed",
  unreadTitle: "The token could not be read",
  hintPrefix: "Note",
} as const;

export const claimWords = {
  entries: (count: number) => `${String(count)} ${count === 1 ? "entry" : "entries"}`,
  fold: "hide",
  unfold: "show",
} as const;

/** What a claim means where the provider says nothing else: RFC 7519 section 4.1, RFC 9068 and OpenID Connect Core. */
export const registeredClaims: Readonly<Record<string, string>> = {
  iss: "Issuer",
  sub: "Subject: whom it is about",
  aud: "Audience: whom it is for",
  exp: "Expires",
  nbf: "Not before",
  iat: "Issued at",
  jti: "ID of this token",
  azp: "Client that asked for it",
  client_id: "Client that asked for it",
  scope: "What it may be used for",
  scp: "What it may be used for",
  name: "Name",
  given_name: "Given name",
  family_name: "Family name",
  preferred_username: "Username",
  email: "E-mail",
  email_verified: "E-mail was checked",
  phone_number: "Phone",
  locale: "Language",
  updated_at: "Profile changed at",
  auth_time: "Logged in at",
  nonce: "Binds it to its login",
  at_hash: "Binds it to its access token",
  acr: "How strongly the person was checked",
  amr: "How the person was checked",
  sid: "Session",
  roles: "Roles",
  groups: "Groups",
};
