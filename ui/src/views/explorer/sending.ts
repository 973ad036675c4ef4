// Sending the request in view, and asking first where it goes to another server.
import type { App } from "../../state/app.svelte";
import { errorView } from "../../state/app.svelte";
import type { Explorer } from "../../state/explorer.svelte";
import type { OpenRequest } from "../../state/open-request.svelte";

/** It is on its way, or its answer still comes. */
export const isUnderWay = (app: App, open: OpenRequest): boolean =>
  open.sending || (open.answer !== null && app.answers.for(open.answer).isComing);

export async function send(
  app: App,
  explorer: Explorer,
  open: OpenRequest,
  elsewhere: string | null = null,
): Promise<void> {
  if (isUnderWay(app, open)) return;
  const sent = await open.send(elsewhere);
  if (sent === "elsewhere") await ask(app, explorer, open);
  else if (sent) app.answers.for(sent.id).sent = sent;
}

/** Where it goes is asked of the core: variables may stand in the address. */
async function ask(app: App, explorer: Explorer, open: OpenRequest): Promise<void> {
  try {
    const { elsewhere: origin } = await explorer.preview(open.request);
    // It leads back to the connection's own server by now, or to one that was confirmed.
    if (origin === null || explorer.isAllowed(origin))
      return await send(app, explorer, open, origin);
    const question = { what: "elsewhere", open, origin } as const;
    app.overlays.open({ kind: "explorer_question", connection: explorer.connection, question });
  } catch (thrown) {
    open.error = errorView(thrown);
  }
}

export function cancel(app: App, open: OpenRequest): Promise<unknown> {
  const { answer, sending } = open;
  // While it is handed over, its answer is still that of the last time.
  if (sending || answer === null) return Promise.resolve();
  return app.tell(() => app.answers.for(answer).cancel());
}
