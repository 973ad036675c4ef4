// Addresses in the settings of a connection: each has a usual one, and may have another in its place.
import type { AddressView, ConnectionView, FieldView } from "../../bindings";
import { asText, plainField } from "../../components/form";
import type { Draft } from "../../state/draft.svelte";
import { connectionSettings as words } from "../../words/app";

/** A parameter could be called as an address is. */
export const addressKey = (id: string): string => `address-${id}`;

/** What stands in its field: nothing where the usual one is used. */
export function addressText({ id, value, usual }: AddressView, draft: Draft): string {
  return asText(draft.values[addressKey(id)] ?? (value === usual ? "" : value));
}

export const addressField = (one: AddressView, draft: Draft): FieldView =>
  plainField(addressKey(one.id), one.label, {
    placeholder: one.usual,
    hint: addressText(one, draft) === "" ? null : words.usual(one.usual),
  });

/** What replaces the usual ones. */
export const overrides = ({ addresses }: ConnectionView, draft: Draft): Record<string, string> =>
  Object.fromEntries(
    addresses
      .map((one) => [one.id, addressText(one, draft).trim()])
      .filter(([, text]) => text !== ""),
  );

export const withoutAddresses = ({ addresses, parameters }: ConnectionView) =>
  Object.fromEntries(
    Object.entries(parameters).filter(([id]) => !addresses.some((one) => one.id === id)),
  );

export function addressProblems(connection: ConnectionView, draft: Draft): Record<string, string> {
  const wrong = Object.entries(overrides(connection, draft)).filter(([, text]) => !isAddress(text));
  return Object.fromEntries(wrong.map(([id]) => [addressKey(id), words.badAddress]));
}

const isAddress = (text: string): boolean =>
  /^(https?|mqtts?):\/\//i.test(text) && URL.canParse(text);
