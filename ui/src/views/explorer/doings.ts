// What can be done in the explorer besides typing: the same in its menus, in the palette and by keys.
import type { Endpoint } from "../../bindings";
import type { App } from "../../state/app.svelte";
import type { Explorer } from "../../state/explorer.svelte";
import type { OpenRequest } from "../../state/open-request.svelte";
import type { ExplorerForm } from "../../state/palette.svelte";
import {
  curlWords,
  importWords,
  requestWords,
  savedWords,
  variableWords,
} from "../../words/explorer";
import { cancel, isUnderWay } from "./sending";

export type Doing = { label: string; keys?: string; danger?: boolean; run: () => void };

const focus = (id: string): void => {
  requestAnimationFrame(() => document.getElementById(id)?.focus());
};

const form =
  (app: App, { connection }: Explorer, what: ExplorerForm) =>
  () =>
    app.overlays.open({ kind: "explorer_form", connection, form: what });

/** Of the catalogue, and of what is not open yet. */
export function catalogueDoings(app: App, explorer: Explorer): Doing[] {
  return [
    { label: importWords.command, run: form(app, explorer, { what: "import" }) },
    { label: curlWords.command, run: form(app, explorer, { what: "curl" }) },
    { label: variableWords.command, run: form(app, explorer, { what: "variables" }) },
  ];
}

/** Of the request in view. */
export function requestDoings(app: App, explorer: Explorer, open: OpenRequest): Doing[] {
  const copy = (): void =>
    void app.tell(async () => {
      await app.copyText(await explorer.curl(open.request), curlWords.copied);
    });
  const endpoint = explorer.catalogues.find(open.endpoint);
  return [
    { label: savedWords.save, keys: "Ctrl S", run: () => save(app, explorer, open) },
    { label: savedWords.saveAs, run: form(app, explorer, { what: "save", open }) },
    { label: curlWords.copy, run: copy },
    ...(endpoint ? docsDoings(app, explorer, endpoint) : []),
    { label: requestWords.closeThis, keys: "Ctrl W", run: () => close(app, explorer, open) },
  ];
}

/** Of what describes an endpoint. */
function docsDoings(app: App, { catalogues }: Explorer, endpoint: Endpoint): Doing[] {
  const { docs } = endpoint;
  if (docs === null) return [];
  return [
    {
      label: requestWords.openDocs,
      run: () => void app.tell(() => catalogues.openDocs(endpoint)),
    },
    {
      label: requestWords.copyDocs,
      run: () => void app.copyText(docs, requestWords.docsCopied),
    },
  ];
}

/** All that the palette and the keys know. */
export function explorerDoings(app: App, explorer: Explorer): Doing[] {
  const open = explorer.current;
  const list: Doing[] = [
    { label: requestWords.create, keys: "Ctrl T", run: () => begin(explorer) },
    { label: requestWords.findEndpoint, keys: "Ctrl F", run: () => focus("endpoint-filter") },
    ...catalogueDoings(app, explorer),
  ];
  if (open) {
    list.push({ label: requestWords.editAddress, keys: "Ctrl L", run: () => focus("request-url") });
    list.push(...requestDoings(app, explorer, open));
    if (isUnderWay(app, open))
      list.push({ label: requestWords.cancel, keys: "Ctrl .", run: () => void cancel(app, open) });
  }
  if (explorer.open.length > 1) {
    list.push({ label: requestWords.next, keys: "Ctrl PageDown", run: () => explorer.step(1) });
    list.push({ label: requestWords.previous, keys: "Ctrl PageUp", run: () => explorer.step(-1) });
  }
  if (explorer.mayReopen)
    list.push({ label: requestWords.reopen, keys: "Ctrl Shift T", run: () => explorer.reopen() });
  return list;
}

export function begin(explorer: Explorer): void {
  explorer.begin();
  focus("request-url");
}

export function close(app: App, explorer: Explorer, open: OpenRequest): void {
  void app.tell(() => explorer.close(open));
}

/** What has a name already is saved under it; else the name is asked for. */
export function save(app: App, explorer: Explorer, open: OpenRequest): void {
  const saved = explorer.saved.find(open.saved);
  if (!saved) {
    form(app, explorer, { what: "save", open })();
    return;
  }
  const keep = () => explorer.save(open, saved.name, saved.folder);
  void app.tell(keep, savedWords.saved(saved.name));
}

/** As a key of the window: "Ctrl Shift T" for those that `explorerDoings` names. */
export function explorerKey(event: KeyboardEvent): string | null {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return null;
  const key = event.key.length === 1 ? event.key.toUpperCase() : event.key;
  return ["Ctrl", event.shiftKey ? "Shift" : "", key].filter(Boolean).join(" ");
}
