// What can be done with exchanges: the same by buttons, in the palette and by keys.
import type { App } from "../../state/app.svelte";
import type { Exchanges } from "../../state/exchanges.svelte";
import {
  clearExchangeWords,
  compareExchangeWords,
  exchangeWords as words,
} from "../../words/exchanges";

export type Doing = { label: string; keys: string; run: () => void };

/** The field that searches them. */
export const SEARCH_ID = "exchange-search";

/** With the one that is looked at: kept in mind, or compared with the one that is. */
export function comparing(app: App, list: Exchanges): Doing | null {
  const { details, marked } = list;
  if (!details || list.compared) return null;
  const keys = "Ctrl D";
  if (marked === null || marked.id === details.id)
    return { label: compareExchangeWords.mark, keys, run: () => (list.marked = details) };
  const run = () => void app.tell(() => list.compare());
  return { label: compareExchangeWords.compare, keys, run };
}

/** Opens its request in the explorer, where it can be changed before it goes. */
export async function sendAgain(app: App, list: Exchanges): Promise<void> {
  const { details } = list;
  if (!details || !app.connections.find(details.connection)) return;
  await app.tell(async () => {
    const request = await list.request(details.id);
    const explorer = app.explorers.for(details.connection);
    // What is open there already comes first.
    await explorer.load();
    explorer.openCopy(request);
    app.route.openConnection(details.connection, "explorer");
  });
}

export function clearing(
  app: App,
  list: Exchanges,
): { title: string; run: () => Promise<unknown> } {
  const connection = app.connections.find(list.of ?? list.question.connection);
  return {
    title: connection ? clearExchangeWords.of(connection.label) : clearExchangeWords.all,
    run: () => app.tell(() => list.clear(), clearExchangeWords.cleared),
  };
}

export const exporting = (app: App, list: Exchanges): Doing => ({
  label: words.export,
  keys: "Ctrl E",
  run: () => app.overlays.open({ kind: "export_har", list }),
});

export const asksToClear = (app: App, list: Exchanges): Doing => ({
  label: words.clear,
  keys: "Ctrl Shift Delete",
  run: () => app.overlays.open({ kind: "clear_exchanges", list }),
});

/** All that the palette and the keys know. */
export function exchangeDoings(app: App, list: Exchanges): Doing[] {
  const compare = comparing(app, list);
  return [
    { label: words.find, keys: "Ctrl F", run: () => document.getElementById(SEARCH_ID)?.focus() },
    ...(compare ? [compare] : []),
    ...(list.rows.length > 0 ? [exporting(app, list), asksToClear(app, list)] : []),
    ...steps(list),
  ];
}

/** From difference to difference. */
export function steps({ compared }: Exchanges): Doing[] {
  if (!compared || compared.places.length === 0) return [];
  return [
    { label: compareExchangeWords.next, keys: "Ctrl G", run: () => compared.step(1) },
    { label: compareExchangeWords.previous, keys: "Ctrl Shift G", run: () => compared.step(-1) },
  ];
}
