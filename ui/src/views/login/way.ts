// What one way in needs to be drawn and sent: its fields, what they begin with, and what is kept of them.
import type { ConnectionView, FieldView, LoginMethodView, ReceiveBy } from "../../bindings";
import { asText, shown, type Values } from "../../components/form";
import type { Draft } from "../../state/draft.svelte";

/** A private-use URI scheme of this app (RFC 8252 section 7.1). */
const OWN_SCHEME = "dev.keydesk:";

/** It waits for the person, in the browser or on another device; the others are answered at once. */
export const waits = ({ grant }: LoginMethodView): boolean =>
  grant === "authorization_code" || grant === "device_code";

/** What is pasted, where that is one thing: the field of that id stands in every way that takes a token or a key. */
export const pastedOf = ({ fields }: LoginMethodView): FieldView | undefined =>
  fields.find(({ id }) => id === "token") ?? (fields.length === 1 ? fields[0] : undefined);

/** Two ways may each have a secret of the same name: neither is shown in the other. */
export const keyOf = (method: LoginMethodView, { id, kind }: FieldView): string =>
  kind === "secret" ? `${method.id}/${id}` : id;

/** What the redirect URI allows: nothing on this machine can listen at an https address. */
export function receiveAllowed(redirectUri: string): ReceiveBy | null {
  const address = redirectUri.trim().toLowerCase();
  if (address.startsWith("https:")) return "paste";
  return address.startsWith(OWN_SCHEME) ? "uri_scheme" : null;
}

type Known = {
  method: LoginMethodView;
  fields: readonly FieldView[];
  draft: Draft;
  connection: ConnectionView | undefined;
  /** Demo values, where it goes to the sandbox. */
  demo: Record<string, string | undefined>;
};

/** What was typed, else the demo value, else what was sent last, else what the provider file gives. */
export function valuesOf({ method, fields, draft, connection, demo }: Known): Values {
  const values: Values = {};
  for (const field of fields) {
    const typed = draft.values[keyOf(method, field)];
    const value = typed ?? demo[field.id] ?? remembered(method, field, connection);
    if (value !== undefined) values[field.id] = value;
  }
  return shown(fields, values);
}

/** What the connection remembers of a field. Left empty at another way in, it says nothing of this one. */
function remembered(
  method: LoginMethodView,
  { id }: FieldView,
  connection: ConnectionView | undefined,
) {
  const value = connection?.parameters[id];
  return value === "" && connection?.login !== method.id ? undefined : value;
}

/** The secrets of this way that are in the keychain. */
export const keptOf = (method: LoginMethodView, connection: ConnectionView | undefined) =>
  method.fields
    .filter(({ id, kind }) => kind === "secret" && connection?.kept.includes(id))
    .map(({ id }) => id);

/** The secrets to keep of those where it is asked. What is kept stays so until the person says otherwise. */
export const keepsOf = (method: LoginMethodView, draft: Draft, kept: readonly string[]): string[] =>
  method.fields
    .filter(({ keep }) => keep === "asked")
    .filter((field) => draft.keep[keyOf(method, field)] ?? kept.includes(field.id))
    .map(({ id }) => id);

/** What is sent. A secret left empty is not: the one that is kept is used. */
export function sent(method: LoginMethodView, values: Values): Record<string, string> {
  const texts = method.fields.map(({ id, kind }) => ({ id, kind, text: asText(values[id]) }));
  const wanted = texts.filter(({ kind, text }) => kind !== "secret" || text !== "");
  return Object.fromEntries(
    wanted.map(({ id, kind, text }) => [id, kind === "number" ? text.trim() : text]),
  );
}
