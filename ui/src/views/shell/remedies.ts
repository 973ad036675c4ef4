// What can be done about an error, in place: what its words offer, as far as the screen has the means.
import type { ErrorView } from "../../bindings";
import type { App } from "../../state/app.svelte";
import { errorWords, type ErrorAction } from "../../words/errors";

export type Ways = {
  /** Whose login it is. */
  connection?: string;
  retry?: () => Promise<unknown>;
  /** Log in once more, and paste the address. */
  paste?: () => Promise<unknown>;
  /** The connection whose addresses and certificate may be the matter. */
  settingsOf?: string;
  /** Where a login form stands right there, it need not be opened. */
  logIn?: () => Promise<unknown>;
};

export type Remedy = [ErrorAction, () => Promise<unknown>];

export function remedies(app: App, error: ErrorView, ways: Ways): Remedy[] {
  const { connection, settingsOf, retry, paste, logIn } = ways;
  const offered = errorWords[error.code].action;
  const go = (there: () => void) => async () => {
    app.overlays.close();
    there();
  };
  const list: Remedy[] = [];
  if (offered === "log_in" && logIn) list.push(["log_in", logIn]);
  else if (offered === "log_in" && connection !== undefined)
    list.push(["log_in", async () => app.overlays.open({ kind: "login", connection })]);
  if (offered === "renew" && connection !== undefined)
    list.push(["renew", () => app.renew(connection)]);
  if (offered === "paste_instead" && paste) list.push(["paste_instead", paste]);
  if (offered === "another_place") list.push(["another_place", go(() => app.route.openStore())]);
  if (offered === "give_passphrase")
    list.push(["give_passphrase", async () => app.overlays.open({ kind: "passphrase" })]);
  if (offered === "connection_settings" && settingsOf !== undefined)
    list.push(["connection_settings", go(() => app.route.openAddresses(settingsOf))]);
  if (offered === "open_providers")
    list.push(["open_providers", go(() => app.route.open("providers"))]);
  const mayRetry = error.retryable || offered !== undefined;
  if (retry && mayRetry && offered !== "log_in") list.push(["try_again", retry]);
  return list;
}
