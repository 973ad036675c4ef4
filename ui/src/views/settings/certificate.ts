// The authority a person trusts for one connection, as PEM.
import type { FieldValue, FieldView } from "../../bindings";
import { asText, plainField } from "../../components/form";
import { connectionSettings as words } from "../../words/app";

/** The id of its field; ids of provider files have no hyphen. */
export const CERTIFICATE = "own-certificate";

const PEM = /-----BEGIN CERTIFICATE-----[\s\S]+-----END CERTIFICATE-----/;

export const certificateField: FieldView = plainField(CERTIFICATE, words.ca, {
  hint: words.caHint,
  note: words.caNote,
  placeholder: words.caPlaceholder,
  required: false,
  lines: true,
});

export function certificateProblem(value: FieldValue | undefined): string | null {
  const text = asText(value).trim();
  return text === "" || PEM.test(text) ? null : words.caWrong;
}

export const certificateOf = (value: FieldValue | undefined): string | null =>
  asText(value).trim() === "" ? null : asText(value);
