// What can be done with a provider: the same in its row and in the palette.
import type { ProviderView } from "../../bindings";
import type { App } from "../../state/app.svelte";
import { editorWords, providerWords as words } from "../../words/providers";

export type Doing = { name: string; text: string; danger?: boolean; run: () => void };

/** Begins a file, unless another one is being written: then that one is shown, and it is said why. */
export async function begin(app: App, writing: () => boolean | Promise<boolean>): Promise<void> {
  await app.tell(async () => {
    const isBegun = await writing();
    app.route.open("providers");
    if (!isBegun) app.toasts.say(editorWords.unfinished);
  });
}

export function providerDoings(app: App, provider: ProviderView): Doing[] {
  const { id } = provider;
  const doing = (name: string, text: string, run: () => void): Doing => ({ name, text, run });
  const tell = (run: () => Promise<void>) => () => void app.tell(run);
  const all = [
    doing("connect", words.connect, () => app.route.add(id)),
    doing(
      "show",
      words.showFile,
      tell(() => app.files.show(provider)),
    ),
    doing("copy", words.copy, () => void begin(app, () => copyOf(app, provider))),
    doing(
      "export",
      words.export,
      tell(async () => app.toasts.say(words.exported(await app.files.export(id)))),
    ),
  ];
  if (!provider.own) return all;
  return [
    ...all,
    doing("edit", words.edit, () => void begin(app, () => app.files.edit(provider))),
    {
      name: "remove",
      text: words.remove,
      danger: true,
      run: () => app.overlays.open({ kind: "remove_provider", provider: id }),
    },
  ];
}

export const copyOf = (app: App, provider: ProviderView): Promise<boolean> =>
  app.files.copy(provider, editorWords.copySuffix);
