// What can be done with a saved form besides sending it.
import type { TriggerView } from "../../bindings";
import type { App } from "../../state/app.svelte";
import { checkWords } from "../../words/checks";
import { triggerWords as words } from "../../words/triggers";

export function triggerDoings(app: App, trigger: TriggerView) {
  const { connection, action, name, id } = trigger;
  const fill = (): void => {
    app.drafts.for(`${connection}/${action}`).take(trigger);
    const run = app.runs.for(connection, action);
    if (run.isLarge) run.leave();
    app.actions.for(connection).chosen = action;
    app.route.openConnection(connection, "actions");
    app.toasts.say(words.filled(name));
  };
  const begun = { connection, of: { kind: "trigger", id }, name } as const;
  return [
    { label: words.edit, run: () => app.overlays.open({ kind: "trigger", trigger }) },
    { label: words.fill, run: fill },
    { label: checkWords.door, run: () => app.overlays.open({ kind: "check", begun }) },
    {
      label: words.remove,
      danger: true,
      run: () => app.overlays.open({ kind: "remove_trigger", trigger: id }),
    },
  ];
}
