// What the fake reads in tokens, finds of their signatures, and asks servers about them.
import type * as T from "../../bindings";
import type { Backend } from "../backend";
import { decodePasted, details, jwt } from "./decoded";
import { type Desk, fail } from "./desk";
import { at, fault } from "./people";
import { refusalOf } from "./refusal";

type Kinds = "readToken" | "decodeToken" | "verifyToken" | "compareTokens";

const unproven = (reason: T.NotValid, more: Partial<T.Unproven> = {}): T.SignatureVerdict => ({
  kind: "invalid",
  reason,
  algorithm: "RS256",
  key_id: "k1-2026",
  problem: null,
  key_fault: null,
  error: null,
  ...more,
});
const valid: T.SignatureVerdict = { kind: "valid", algorithm: "RS256", key_id: "k1-2026" };

function signature({ with: by }: T.VerifyToken): T.SignatureVerdict {
  if (by.kind === "secret") return unproven("key_mismatch");
  if (by.kind === "key") {
    if (by.key.includes("PRIVATE")) return unproven("key_unreadable", { key_fault: "private_key" });
    return by.key.includes("other") ? unproven("bad_signature") : valid;
  }
  const error = fault("unreachable", "auth.hillside.example");
  return by.issuer?.includes("hillside") ? unproven("issuer_unreachable", { error }) : valid;
}

const ISSUER = "https://auth.relaypro.com/realms/Relay";
const KEYS = `${ISSUER}/protocol/openid-connect/certs`;

function verified(request: T.VerifyToken): T.VerifiedToken {
  const asked = request.with.kind === "issuer";
  return {
    signature: signature(request),
    time: { state: "in_time", not_before: null, expires_at: at(6120) },
    issuer: asked ? ISSUER : null,
    keys_from: asked ? KEYS : null,
    not_used: [],
  };
}

function compared(
  first: readonly T.ClaimView[],
  second: readonly T.ClaimView[],
): T.ComparedClaim[] {
  const names = [...new Set([...first, ...second].map(({ name }) => name))];
  return names.map((name) => {
    const [one, other] = [first, second].map((all) => all.find((claim) => claim.name === name));
    const both = one?.value === other?.value ? "same" : "changed";
    const difference = !one ? "only_second" : !other ? "only_first" : both;
    const isScope = name === "scope" && difference === "changed";
    return {
      name,
      difference,
      first: one ?? null,
      second: other ?? null,
      added: isScope ? ["email"] : [],
      removed: isScope ? ["offline_access"] : [],
    };
  });
}

export function tokens(desk: Desk): Pick<Backend, Kinds | "introspectToken" | "explainRefusal"> {
  const find = (which: T.WhichToken): T.DecodedToken => {
    if (which.kind === "pasted") return decodePasted(which.token);
    const { access_token, id_token } = details(desk.find(which.connection));
    const found = which.what === "id_token" ? id_token : access_token;
    return found ?? fail(fault("login_needed", "There is no token yet."));
  };
  return {
    readToken: async (connection) => details(desk.find(connection)),
    decodeToken: async (token) => decodePasted(token),
    verifyToken: async (request) => verified(request),
    compareTokens: async (first, second) => {
      const [one, other] = [find(first), find(second)];
      return {
        header: compared(one.header, other.header),
        claims: compared(one.claims, other.claims),
      };
    },
    introspectToken: async (connection) => {
      const { provider, token } = desk.find(connection);
      const none = "https://auth.hillside.example offers no introspection in its metadata.";
      if (provider !== "relay") fail(fault("discovery_failed", none));
      const active = token.state === "fresh" || token.state === "soon";
      const endpoint = `${ISSUER}/protocol/openid-connect/token/introspect`;
      const said = jwt(token, "alice@hillside.example").claims;
      const first = said.slice(0, 1).map((claim) => ({
        ...claim,
        name: "active",
        meaning: "Whether the token is good",
        standard: "RFC 7662",
        value: String(active),
      }));
      return { active, endpoint, members: active ? [...first, ...said.slice(0, 7)] : first };
    },
    explainRefusal: async ({ status }) => refusalOf(status),
  };
}
