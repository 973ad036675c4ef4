// What can be done with a check: the same in its row and in the palette.
import type { CheckView } from "../../bindings";
import type { App } from "../../state/app.svelte";
import { savedAs } from "../../state/checks.svelte";
import { checkWords as words } from "../../words/checks";

/** What it found is said, wherever one is by then. */
export function checkNow(app: App, { id }: CheckView): Promise<unknown> {
  return app.tell(async () => {
    const done = await app.checks.run(id);
    if (done === null) return;
    if (done.finding?.found === "good") app.toasts.say(words.ran(done));
    else app.toasts.warn(words.ran(done));
  });
}

export function checkDoings(app: App, check: CheckView) {
  return [
    {
      label: words.edit,
      run: () => app.overlays.open({ kind: "check", begun: savedAs(check) }),
    },
    {
      label: words.remove,
      danger: true,
      run: () => app.overlays.open({ kind: "remove_check", check: check.id }),
    },
  ];
}
