// The screens. The code of each is loaded when it is first opened, or soon after the window is there.
import type { ComponentProps } from "svelte";
import type { AskView, ConnectionView } from "../bindings";
import { LazyPart } from "../components/lazy.svelte";
import type { Page } from "../state/route.svelte";
import type JsonBody from "./explorer/json/JsonBody.svelte";
import type PassphraseForm from "./store/PassphraseForm.svelte";

/** Those that belong to no connection, by their names in the route. */
export const pages: Readonly<Record<Exclude<Page, "connection">, LazyPart>> = {
  overview: new LazyPart(() => import("./overview/OverviewPage.svelte")),
  add: new LazyPart(() => import("./login/AddConnection.svelte")),
  activity: new LazyPart(() => import("./activity/ActivityPage.svelte")),
  settings: new LazyPart(() => import("./settings/SettingsPage.svelte")),
  inspector: new LazyPart(() => import("./inspector/InspectorPage.svelte")),
  providers: new LazyPart(() => import("./providers/ProvidersPage.svelte")),
  programs: new LazyPart(() => import("./programs/ProgramsPage.svelte")),
  transfers: new LazyPart(() => import("./transfers/TransfersPage.svelte")),
  runs: new LazyPart(() => import("./runs/RunsPage.svelte")),
  checks: new LazyPart(() => import("./checks/ChecksPage.svelte")),
};

export const connectionView = new LazyPart<{ connection: ConnectionView }>(
  () => import("./connection/ConnectionView.svelte"),
);
export const explorerTab = new LazyPart<{ connection: ConnectionView }>(
  () => import("./explorer/ExplorerTab.svelte"),
);
/** What was exchanged with servers: the second view of the activity. */
export const exchangesPane = new LazyPart<{ connection: string | null }>(
  () => import("./exchanges/ExchangesPane.svelte"),
);
/** The editor of a JSON body, which is large. */
export const jsonBody = new LazyPart<ComponentProps<typeof JsonBody>>(
  () => import("./explorer/json/JsonBody.svelte"),
);
/** What lies over the screen. */
export const onTop = new LazyPart(() => import("./shell/Overlays.svelte"));
/** What a program asks. */
export const question = new LazyPart<{ ask: AskView }>(() => import("./programs/AskDialog.svelte"));
/** Of the banner, where the passphrase file is locked. */
export const passphraseForm = new LazyPart<ComponentProps<typeof PassphraseForm>>(
  () => import("./store/PassphraseForm.svelte"),
);
