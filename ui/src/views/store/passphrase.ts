// Giving a passphrase: for a file that is made, for one that is there, for another passphrase.
import type { ErrorView, FieldView } from "../../bindings";
import { asText, plainField, type Values } from "../../components/form";
import type { Status } from "../../state/status.svelte";
import { errorWords, fieldProblem } from "../../words/errors";
import { passphraseWords as words } from "../../words/store";

export type Mode = "make" | "open" | "change";
/** The core draws the same line. */
const SHORTEST = 8;
const CURRENT = "current";
const PASSPHRASE = "passphrase";
const AGAIN = "again";

const secret = (id: string, label: string, hint: string | null = null): FieldView =>
  plainField(id, label, { kind: "secret", hint });

export function fieldsOf(mode: Mode): FieldView[] {
  if (mode === "open") return [secret(PASSPHRASE, words.passphrase)];
  const label = mode === "make" ? words.passphrase : words.next;
  const both = [secret(PASSPHRASE, label, words.hint), secret(AGAIN, words.again)];
  return mode === "make" ? both : [secret(CURRENT, words.current), ...both];
}

/** What is wrong before anything is asked of the core. A passphrase is taken as it is typed, blanks too. */
export function problemsOf(mode: Mode, values: Values): Record<string, string> {
  const text = (id: string) => asText(values[id]);
  const wrong: Record<string, string> = {};
  if (mode === "open") return text(PASSPHRASE) === "" ? { [PASSPHRASE]: words.missing } : {};
  if (mode === "change" && text(CURRENT) === "") wrong[CURRENT] = words.missing;
  if ([...text(PASSPHRASE)].length < SHORTEST) wrong[PASSPHRASE] = words.tooShort;
  else if (text(AGAIN) !== text(PASSPHRASE)) wrong[AGAIN] = words.different;
  return wrong;
}

export function send(status: Status, mode: Mode, values: Values): Promise<void> {
  const passphrase = asText(values[PASSPHRASE]);
  if (mode === "change") return status.changePassphrase(asText(values[CURRENT]), passphrase);
  return status.useFile(passphrase);
}

/** What the core refused, at its field; null where it is no matter of a field. */
export function problemAt(mode: Mode, error: ErrorView): Record<string, string> | null {
  if (error.code === "passphrase_wrong")
    return { [mode === "change" ? CURRENT : PASSPHRASE]: `${errorWords[error.code].title}.` };
  if (error.code !== "invalid_input" || error.field === null) return null;
  const field = error.field === CURRENT && mode === "change" ? CURRENT : PASSPHRASE;
  return { [field]: fieldProblem(error) };
}
