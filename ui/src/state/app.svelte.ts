import { createContext } from "svelte";
import type { Backend } from "../backend/backend";
import { errorView } from "../backend/backend";
import type { AskView, ConnectionView, CopyForm, ErrorView, TriggerView } from "../bindings";
import { appWords, headerWords } from "../words/app";
import { loginWords } from "../words/login";
import { overviewWords } from "../words/overview";
import { triggerWords } from "../words/triggers";
import { tokenWords } from "../words/token";
import { Actions } from "./actions.svelte";
import { ActivityLog } from "./activity.svelte";
import { Answers } from "./answer.svelte";
import { Broker } from "./broker.svelte";
import { Checks } from "./checks.svelte";
import { Clock } from "./clock.svelte";
import { Connections } from "./connections.svelte";
import { Drafts } from "./draft.svelte";
import { ExchangeLists, type Exchanges } from "./exchanges.svelte";
import { Explorers, type Explorer } from "./explorer.svelte";
import { LiveLists } from "./lists.svelte";
import { LiveLines } from "./live.svelte";
import { Logins } from "./login.svelte";
import { Looks } from "./looks.svelte";
import { amountOf, type Order } from "./order";
import { Overlays } from "./palette.svelte";
import { ProviderFiles } from "./providers.svelte";
import { Route, tabs, type Tab } from "./route.svelte";
import { FEW } from "./run.svelte";
import { Runs } from "./runs.svelte";
import { Sandbox } from "./sandbox.svelte";
import { AppSettings } from "./settings.svelte";
import { Status } from "./status.svelte";
import { Toasts } from "./toasts.svelte";
import { Tokens } from "./token.svelte";
import { Transfers } from "./transfers.svelte";
import { Triggers } from "./triggers.svelte";

/** Everything the views stand on: one object per concern, made once with its backend. */
export class App {
  readonly clock = new Clock();
  readonly toasts = new Toasts();
  readonly drafts = new Drafts();
  readonly route = new Route();
  readonly overlays = new Overlays();
  readonly status: Status;
  readonly settings: AppSettings;
  readonly connections: Connections;
  readonly logins: Logins;
  readonly lists: LiveLists;
  readonly actions: Actions;
  readonly looks: Looks;
  readonly answers: Answers;
  readonly explorers: Explorers;
  readonly exchanges: ExchangeLists;
  readonly runs: Runs;
  readonly triggers: Triggers;
  readonly checks: Checks;
  readonly tokens: Tokens;
  readonly sandbox: Sandbox;
  readonly files: ProviderFiles;
  readonly broker: Broker;
  readonly transfers: Transfers;
  readonly live: LiveLines;
  /** What Ctrl Enter does: of the forms in view, the one opened last. */
  #submits: readonly (() => void)[] = [];
  readonly #backend: Backend;

  constructor(backend: Backend) {
    this.#backend = backend;
    this.status = new Status(backend);
    this.settings = new AppSettings(backend);
    this.connections = new Connections(backend);
    this.logins = new Logins(backend, (connection) => void this.loggedIn(connection));
    this.lists = new LiveLists(backend);
    this.actions = new Actions(backend);
    this.looks = new Looks(backend);
    this.answers = new Answers(backend);
    this.explorers = new Explorers(backend);
    this.exchanges = new ExchangeLists(backend);
    this.runs = new Runs(backend);
    this.triggers = new Triggers(backend);
    this.checks = new Checks(backend);
    this.tokens = new Tokens(backend);
    this.sandbox = new Sandbox(backend);
    this.files = new ProviderFiles(backend);
    this.broker = new Broker(backend);
    this.transfers = new Transfers(backend);
    this.live = new LiveLines(backend);
  }

  /** Listens to the facts, then reads everything once. Returns what stops it. */
  start(): () => void {
    const stops = [
      this.clock.start(),
      this.settings.followSystem(),
      this.#backend.on("connectionChanged", () => this.#quietly(this.connections.load)),
      this.#backend.on("tokenChanged", () => this.#quietly(this.connections.load)),
      this.#backend.on("listChanged", ({ connection, list }) => {
        void this.lists.for(connection, list).refresh();
      }),
      this.#backend.on("providersChanged", () => this.#readProviders()),
      this.#backend.on("runChanged", () => this.#quietly(this.runs.load)),
      this.#backend.on("triggersChanged", () => this.#quietly(this.triggers.load)),
      this.#backend.on("checksChanged", () => this.#quietly(this.checks.load)),
      this.#backend.on("loginChanged", () => this.#quietly(this.logins.load)),
      this.#backend.on("statusChanged", () => this.#quietly(this.status.load)),
      this.#backend.on("activityAdded", () => this.#quietly(this.status.load)),
      this.#backend.on("transferChanged", () => this.#quietly(this.transfers.load)),
      this.#backend.on("sentChanged", ({ answer }) => this.answers.told(answer)),
      this.#backend.on("brokerChanged", () => this.#quietly(this.broker.load)),
    ];
    this.#quietly(() => this.settings.load());
    this.#quietly(this.status.load);
    this.#readProviders();
    this.#quietly(this.logins.load);
    this.#quietly(this.broker.load);
    this.#quietly(this.runs.load);
    this.#quietly(this.triggers.load);
    this.#quietly(this.checks.load);
    this.#quietly(this.transfers.load);
    this.#quietly(() => this.#firstScreen());
    return () => {
      for (const stop of stops) stop();
    };
  }

  /** The first of the programs that ask now. */
  get ask(): AskView | undefined {
    return this.broker.waiting(this.clock.now)[0];
  }

  /** The explorer that is in view. */
  get explorer(): Explorer | null {
    const { page, connection, tab } = this.route;
    const isThere = page === "connection" && connection !== null && tab === "explorer";
    return isThere ? this.explorers.for(connection) : null;
  }

  /** The exchanges that are in view. */
  get exchangesInView(): Exchanges | null {
    const { page, connection, tab, activity } = this.route;
    if (activity !== "exchanges") return null;
    if (page === "activity") return this.exchanges.for(null);
    const isThere = page === "connection" && connection !== null && tab === "activity";
    return isThere ? this.exchanges.for(connection) : null;
  }

  get submit(): (() => void) | null {
    return this.#submits.at(-1) ?? null;
  }

  onSubmit(submit: () => void): () => void {
    this.#submits = [...this.#submits, submit];
    return () => {
      this.#submits = this.#submits.filter((one) => one !== submit);
    };
  }

  log(connection: string | null): ActivityLog {
    return new ActivityLog(this.#backend, connection);
  }

  onActivity(listener: (connection: string | null) => void): () => void {
    return this.#backend.on("activityAdded", ({ connection }) => {
      listener(connection);
    });
  }

  /** The parts of a connection. */
  tabsOf(connection: string): readonly Tab[] {
    const live = this.live.offerOf(connection) !== null;
    return live ? tabs : tabs.filter((tab) => tab !== "live");
  }

  onMessages(connection: string, listener: () => void): () => void {
    return this.#backend.on("messagesChanged", (fact) => {
      // None is named where some were missed.
      if (fact.connection === connection || fact.connection === "") listener();
    });
  }

  onToken(connection: string, listener: () => void): () => void {
    return this.#backend.on("tokenChanged", (fact) => {
      if (fact.connection === connection) listener();
    });
  }

  /** Does something whose failure has no form to be shown at: then a toast says it. */
  async tell(doing: () => Promise<void>, success?: string): Promise<ErrorView | null> {
    try {
      await doing();
      if (success) this.toasts.say(success);
      return null;
    } catch (thrown) {
      const error = errorView(thrown);
      this.toasts.fail(error);
      return error;
    }
  }

  copyToken(
    connection: string,
    form: CopyForm,
    what = form === "header" ? "Header" : "Token",
  ): Promise<ErrorView | null> {
    const words = appWords.copiedCleared(what, this.settings.view.clear_clipboard_seconds);
    return this.tell(() => this.tokens.copy(connection, form), words);
  }

  copyText(text: string, what: string): Promise<ErrorView | null> {
    return this.tell(() => this.#backend.copyText(text), appWords.copied(what));
  }

  /** Says what is over at the server, and what may not be. */
  logOut({ id, label }: ConnectionView): Promise<ErrorView | null> {
    return this.tell(async () => {
      const { at_server, not_deleted } = await this.tokens.logOut(id);
      this.lists.drop(id);
      this.toasts.say(tokenWords.loggedOut(label, at_server));
      if (not_deleted !== null) this.toasts.warn(tokenWords.notDeleted(not_deleted.message));
    });
  }

  renew(connection: string): Promise<ErrorView | null> {
    return this.tell(() => this.tokens.renew(connection), headerWords.renewed);
  }

  /** All at once; what fails says so at its connection. */
  async renewAll(connections: readonly string[]): Promise<void> {
    const outcomes = await Promise.allSettled(connections.map((id) => this.tokens.renew(id)));
    const failed = outcomes.filter((outcome) => outcome.status === "rejected");
    const good = outcomes.length - failed.length;
    if (good > 0) this.toasts.say(overviewWords.renewedAll(good, outcomes.length));
    const [first] = failed;
    if (first) this.toasts.fail(errorView(first.reason));
    await this.connections.load();
  }

  /** Sends a form; one to more targets than the settings let go by themselves only after the person has looked at it. */
  async carryOut(order: Order): Promise<void> {
    if (order.amount > this.settings.view.ask_above)
      this.overlays.open({ kind: "confirm_run", order });
    else await order.start(false);
  }

  /** Sends a saved form. */
  async fire(trigger: TriggerView): Promise<void> {
    const list = this.actions.for(trigger.connection);
    if (!list.loaded) await list.load();
    const action = list.all.find(({ id }) => id === trigger.action);
    const { connection, values, rows } = trigger;
    const request = { connection, action: trigger.action, values, rows };
    const amount = action ? amountOf(action, request) : 1;
    const start = (confirmed: boolean) => this.#fire(trigger, amount > FEW, confirmed);
    if (action) await this.carryOut({ request, action, name: trigger.name, amount, start });
    else await start(false);
  }

  async #fire(trigger: TriggerView, isLong: boolean, confirmed: boolean): Promise<void> {
    const { connection, action, name } = trigger;
    const isThere = this.route.page === "connection" && this.route.connection === connection;
    // What takes a while is looked at; else one stays where one is, unless its result is shown right there.
    if (isLong || isThere) {
      this.actions.for(connection).chosen = action;
      this.route.openConnection(connection, "actions");
    }
    const run = this.runs.for(connection, action);
    const ended = await run.follow((hear) => this.triggers.start(trigger.id, confirmed, hear));
    // One that waits for the person says so where it is shown, and among the runs.
    if (ended && ended.state !== "paused") this.toasts.say(triggerWords.ended(name, ended));
    else if (run.error) this.toasts.fail(run.error);
  }

  async removeConnection(connection: string): Promise<void> {
    await this.connections.remove(connection);
    this.drafts.drop(`${connection}/`);
    this.runs.drop(connection);
    this.looks.drop(`${connection}/`);
    this.lists.drop(connection);
    this.live.drop(connection);
    this.explorers.drop(connection);
    this.exchanges.drop(connection);
    this.openFirst();
  }

  /** A login or a pasted token came to its good end: say so, and go there if the person is waiting for it. */
  async loggedIn(connection: string): Promise<void> {
    this.lists.drop(connection);
    await this.connections.load();
    const who = this.connections.find(connection)?.identity;
    this.toasts.say(who ? loginWords.loggedIn(who) : loginWords.loggedInPlain);
    this.drafts.dropAdded(connection);
    this.drafts.drop(`${connection}/login`);
    this.runs.wake(connection);
    const overlay = this.overlays.current;
    const isAsking = overlay?.kind === "login" && overlay.connection === connection;
    if (isAsking) this.overlays.close();
    if (this.route.page !== "add") return;
    this.route.adding = null;
    this.route.openConnection(connection);
  }

  openFirst(): void {
    const first = this.connections.list[0];
    if (first) this.route.openConnection(first.id);
    else this.route.open("add");
  }

  #readProviders(): void {
    this.#quietly(() => this.connections.loadProviders());
    this.#quietly(this.files.load);
  }

  async #firstScreen(): Promise<void> {
    await this.connections.load();
    if (this.route.page === "add" && this.route.connection === null) this.openFirst();
  }

  /** Readings that fail keep what was read before; the concern itself remembers the error where a screen shows it. */
  #quietly(read: () => Promise<void>): void {
    read().catch(() => undefined);
  }
}

export const [useApp, provideApp] = createContext<App>();

/** For views that keep an error beside the form it belongs to. */
export { errorView };
