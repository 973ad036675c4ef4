// What a server wants and what a token has, one beside the other.
import type { Challenge, ClaimView, Reason, Refusal } from "../../bindings";
import { parseJson, plain } from "../../components/json";
import { refusalWords as words } from "../../words/refusal";
import { inSentence } from "../../words/label";
import { instant, moment } from "../../words/time";

export type Side = {
  name: string;
  server: string[];
  token: string[];
  /** What the server wants and the token has not; null where they fit. */
  misfits: string[] | null;
};

const of = <K extends Reason["kind"]>(reasons: readonly Reason[], kind: K) =>
  reasons.find((one): one is Extract<Reason, { kind: K }> => one.kind === kind);

/** The first claim of this name, as text; several values each. */
function said(claims: readonly ClaimView[], name: string): string[] {
  const json = parseJson(claims.find((claim) => claim.name === name)?.value ?? "");
  if (json === null) return [];
  return json.kind === "array" ? json.items.map(plain) : [plain(json)];
}

const parameters = (challenges: readonly Challenge[], name: string): string[] =>
  challenges.flatMap(({ parameters: all }) =>
    all.filter((one) => one.name === name).map(({ value }) => value),
  );

export function sides(refusal: Refusal, claims: readonly ClaimView[], now: number): Side[] {
  const { reasons } = refusal;
  return [
    permissions(refusal),
    time(reasons, claims, now),
    issuer(reasons, claims),
    audience(reasons, claims),
    scheme(reasons),
    headers(reasons),
  ].filter((side): side is Side => side !== null && side.server.length + side.token.length > 0);
}

function permissions({ reasons, challenges, granted }: Refusal): Side {
  const missing = of(reasons, "missing_scope")?.missing;
  const wanted = parameters(challenges, "scope").flatMap((scope) => scope.split(" "));
  const server = wanted.length > 0 ? wanted : (missing ?? []);
  return { name: words.scope, server, token: granted, misfits: missing ?? null };
}

function time(reasons: readonly Reason[], claims: readonly ClaimView[], now: number): Side {
  const wrong = of(reasons, "expired") ?? of(reasons, "not_yet_valid");
  const server = wrong ? [words.was(moment(wrong.at, now), wrong.by_server)] : [];
  if (wrong) {
    const end =
      wrong.kind === "expired"
        ? words.ended(moment(wrong.ended, now))
        : words.begins(moment(wrong.begins, now));
    return { name: words.time, server, token: [end], misfits: server };
  }
  const end = claims.find(({ name, instant: at }) => name === "exp" && at !== null)?.instant;
  return {
    name: words.time,
    server,
    token: end ? [words.ends(inSentence(instant(end, now)))] : [],
    misfits: null,
  };
}

function issuer(reasons: readonly Reason[], claims: readonly ClaimView[]): Side {
  const wrong = of(reasons, "other_issuer");
  return {
    name: words.issuer,
    server: wrong ? [wrong.expected] : [],
    token: wrong ? [wrong.issuer] : said(claims, "iss"),
    misfits: wrong ? [wrong.expected] : null,
  };
}

function audience(reasons: readonly Reason[], claims: readonly ClaimView[]): Side {
  const wrong = of(reasons, "other_audience");
  const asked = wrong?.server ?? of(reasons, "other_server")?.server;
  const server = asked === undefined ? [] : [asked];
  return {
    name: words.audience,
    server,
    token: wrong ? wrong.audience : said(claims, "aud"),
    misfits: asked === undefined ? null : server,
  };
}

function scheme(reasons: readonly Reason[]): Side | null {
  const wrong = of(reasons, "other_scheme");
  if (!wrong) return null;
  return { name: words.scheme, server: wrong.wanted, token: [wrong.used], misfits: wrong.wanted };
}

function headers(reasons: readonly Reason[]): Side | null {
  const missing = of(reasons, "missing_header");
  const tenant = of(reasons, "wrong_tenant");
  const name = words.headers;
  if (missing) return { name, server: [missing.name], token: [], misfits: [missing.name] };
  return tenant ? { name, server: [], token: tenant.headers, misfits: [] } : null;
}

/** A challenge as it stood in the answer: `Bearer realm="x", error="y"`. */
export const challengeText = ({ scheme: name, parameters: all }: Challenge): string =>
  `${name} ${all.map((one) => `${one.name}="${one.value}"`).join(", ")}`.trim();
