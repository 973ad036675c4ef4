// What can be done with a connection's token besides the one thing to do next: the same at its head and in the overview.
import type { ConnectionView } from "../../bindings";
import type { App } from "../../state/app.svelte";
import { headerWords as words } from "../../words/app";
import { canRenew } from "../../words/token";

export type Doing = { label: string; danger?: boolean; run: () => void };

export function connectionDoings(app: App, { id, token }: ConnectionView): Doing[] {
  const isIn = token.state !== "none";
  const list: Doing[] = [];
  if (token.has_access_token)
    list.push({ label: words.copyHeader, run: () => void app.copyToken(id, "header") });
  if (canRenew(token, app.clock.now))
    list.push({ label: words.renew, run: () => void app.renew(id) });
  list.push({
    label: isIn ? words.logInAgain : words.logIn,
    run: () => app.overlays.open({ kind: "login", connection: id }),
  });
  if (isIn)
    list.push({
      label: words.logOut,
      danger: true,
      run: () => app.overlays.open({ kind: "log_out", connection: id }),
    });
  return list;
}
