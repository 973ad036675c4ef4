// Whether a signature holds, and, another matter, whether a token's time is now.
import type {
  CheckWith,
  KeyFault,
  NotValid,
  SecretForm,
  SignatureVerdict,
  TimeVerdict,
  VerifiedToken,
} from "../bindings";
import { problemWords } from "./claims";
import { errorParticulars, errorWords } from "./errors";
import { inSentence } from "./label";
import { instant } from "./time";
import type { Tone } from "./token";

export type Verdict = { tone: Tone; title: string; detail: string };

/** Red: it is not to be trusted. Amber: nobody can say yet. */
const reasons: Record<NotValid, Verdict> = {
  bad_signature: {
    tone: "dead",
    title: "The signature does not hold",
    detail: "It is not made with this key, or the token was changed.",
  },
  unsigned: {
    tone: "dead",
    title: "The token is not signed",
    detail: "It says so itself (alg is none). Anybody can make such a token: never trust it.",
  },
  repeated_header: {
    tone: "dead",
    title: "The signature does not count",
    detail: "A member of the header is there twice, so nobody can say which one was meant.",
  },
  critical_header: {
    tone: "dead",
    title: "The signature does not count",
    detail: "The header has crit: it wants something understood that is not understood here.",
  },
  issuer_mismatch: {
    tone: "dead",
    title: "The token is by another issuer",
    detail: "It does not name the issuer whose keys you want, letter by letter. Nobody was asked.",
  },
  algorithm_not_allowed: {
    tone: "dead",
    title: "The signature does not count",
    detail: "The key is for another algorithm than the token names.",
  },
  key_mismatch: {
    tone: "soon",
    title: "This key can’t check it",
    detail:
      "The key is of another kind than the algorithm wants: a shared secret where a public key belongs, or the other way round.",
  },
  key_for_other_use: {
    tone: "soon",
    title: "This key can’t check it",
    detail: "The key is for encryption, or for signing only.",
  },
  key_too_weak: {
    tone: "soon",
    title: "The key is too weak",
    detail: "It is so short that others could find it, so a signature made with it says nothing.",
  },
  algorithm_unknown: {
    tone: "soon",
    title: "The signature can’t be checked here",
    detail: "The token names no algorithm, or none that is checked here.",
  },
  no_key_with_that_id: {
    tone: "soon",
    title: "No key fits",
    detail: "None of the keys has the name that the token gives.",
  },
  ambiguous_key: {
    tone: "soon",
    title: "Several keys have that name",
    detail: "Give the one that is meant, alone.",
  },
  key_unreadable: { tone: "soon", title: "The key can’t be read", detail: "" },
  malformed: { tone: "dead", title: "This is not a well-formed JWT", detail: "" },
  encrypted: {
    tone: "soon",
    title: "The token is encrypted",
    detail: "Who can read it can check it.",
  },
  opaque: {
    tone: "soon",
    title: "There is no signature to check",
    detail: "Only the server that made this token can say whether it is good.",
  },
  issuer_unknown: {
    tone: "soon",
    title: "Nobody knows whom to ask",
    detail: "The token names no issuer. Give its address.",
  },
  issuer_unreachable: {
    tone: "soon",
    title: "The issuer’s keys could not be had",
    detail: "So the signature is not checked.",
  },
};

const keyFaults: Record<KeyFault, string> = {
  not_a_key: "It is no PEM, certificate, JWK or JWKS.",
  private_key: "It is a private key. Nobody needs it to check: keep it to yourself.",
  not_a_secret: "It is a PEM. A public key is known to all, so it can be no shared secret.",
  unknown_kind: "It is of a kind or curve that is not checked here.",
  malformed: "Something in it is missing, of another length, or not base64.",
  mixed_set: "Shared secrets and public keys are in one set: one could be taken for the other.",
  empty_set: "The set has no key.",
};

export const signatureWords = (verified: VerifiedToken, by: CheckWith["kind"]): Verdict =>
  verified.signature.kind === "valid"
    ? holds(verified.signature, verified, by)
    : fails(verified.signature);

function holds(
  { algorithm, key_id }: Extract<SignatureVerdict, { kind: "valid" }>,
  { issuer, keys_from }: VerifiedToken,
  by: CheckWith["kind"],
): Verdict {
  const key = key_id === null ? "" : `, key ${key_id}`;
  const whose =
    by === "issuer" && issuer !== null
      ? `${issuer} vouches for it. Its keys are from ${keys_from ?? issuer}.`
      : words.by[by];
  const detail = `Signed with ${algorithm}${key}, and nothing was changed since. ${whose}`;
  return { tone: "fresh", title: "The signature holds", detail };
}

function fails(signature: Extract<SignatureVerdict, { kind: "invalid" }>): Verdict {
  const { reason, algorithm, key_id, problem, key_fault, error } = signature;
  const verdict = reasons[reason];
  const named = [
    algorithm === null ? "" : `The token names ${algorithm}`,
    key_id === null ? "" : `${algorithm === null ? "The token names" : "and"} key ${key_id}`,
  ].filter(Boolean);
  const said = [
    verdict.detail,
    problem === null ? "" : `In it, ${problemWords(problem)}`,
    key_fault === null ? "" : keyFaults[key_fault],
    error === null ? "" : `${errorWords[error.code].title}: ${errorParticulars(error)}`,
    named.length === 0 ? "" : `${named.join(" ")}.`,
  ];
  return { ...verdict, detail: said.filter(Boolean).join(" ") };
}

export function timeWords({ state, not_before, expires_at }: TimeVerdict, now: number): Verdict {
  const when = (at: string) => inSentence(instant(at, now));
  const end = expires_at === null ? "" : `${when(expires_at)}.`;
  switch (state) {
    case "in_time":
      return { tone: "fresh", title: "Its time is now", detail: `It ends ${end}` };
    case "expired":
      return { tone: "dead", title: "Its time is over", detail: `It ended ${end}` };
    case "not_yet": {
      const begin = not_before === null ? "" : `It begins ${when(not_before)}.`;
      return { tone: "dead", title: "Its time has not begun", detail: begin };
    }
    case "no_end":
      return {
        tone: "soon",
        title: "It names no end",
        detail: "By its own word it holds for ever.",
      };
    case "unreadable":
      return { tone: "soon", title: "Its end can’t be read", detail: "Its exp is no time." };
    case "unknown":
      return { tone: "quiet", title: "Its time is not known", detail: "" };
  }
}

export const verifyWords = {
  title: "Signature",
  signature: "Signature",
  time: "Time",
  open: "Check the signature...",
  again: "Check it otherwise...",
  close: "Close",
  checkWith: "Check it with",
  ways: { issuer: "The issuer’s keys", key: "A key or JWKS", secret: "A shared secret" },
  issuer: "Issuer",
  issuerNote: "asked over the network",
  asks: (issuer: string) =>
    `Asks ${issuer} where its keys are, then gets them. Nothing of the token is sent.`,
  asksNobody: "The token names no address here. Give the address of the issuer that you trust.",
  key: "Public key, certificate, JWK or JWKS",
  keyNote: "stays on this machine",
  keyHint: "In PEM or JSON. It is forgotten when you leave.",
  keyTooLong: "That is more than a million characters, so it is no key.",
  keyPlaceholder: "-----BEGIN PUBLIC KEY-----",
  secret: "Shared secret",
  secretNote: "stays on this machine",
  secretHint: "It is forgotten when you leave.",
  form: "Written as",
  forms: { text: "Text", base64: "base64", base64url: "base64url" } satisfies Record<
    SecretForm,
    string
  >,
  check: "Check",
  ask: "Ask for the keys and check",
  by: {
    issuer: "The issuer vouches for it.",
    key: "Checked with the key that you gave.",
    secret: "Checked with the secret that you gave; whoever has it can make such tokens.",
  } satisfies Record<CheckWith["kind"], string>,
} as const;
const words = verifyWords;
