// What the fake remembers, and how it tells of it. The commands beside it are thin.
import type * as T from "../../bindings";
import { BackendError, type Facts } from "../backend";
import type { TransferView } from "../../bindings";
import { activity } from "./activity";
import { askOf, brokerOff, brokerOn } from "./broker";
import { devices, everyDevice } from "./catalogue";
import { at, connections, fault } from "./people";
import { providers } from "./providers";
import { ownText, setAside } from "./providers/own";
import { everyState } from "./transferring";

export type FakeOptions = {
  /** Nobody has added a connection yet. */
  empty?: boolean;
  /** The place where tokens are kept, and how it stands with it. */
  store?: Partial<T.StoreView>;
  /** Other programs may ask, and two are known. */
  programs?: boolean;
  /** One of them asks as soon as the window is there. */
  asking?: boolean;
  browserFails?: boolean;
  portBusy?: boolean;
  loginSeconds?: number;
  /** How long an answer takes, in milliseconds. */
  delay?: number;
  /** Logins stay waiting unless the test finishes them. */
  loginAfter?: number | null;
  /** A run of many targets sends one batch each so many milliseconds. */
  batchEvery?: number;
  theme?: T.Theme;
  /** A transfer in each state is there. */
  transfers?: boolean;
  /** A file is sent in so many pieces. */
  pieces?: number;
  /** A line to a broker is there, and so many messages came in. */
  live?: number;
  /** A message comes in each so many milliseconds. */
  messageEvery?: number;
  /** The broker cannot be reached. */
  brokerAway?: boolean;
  /** A provider file was set aside. */
  faulty?: boolean;
  /** Files that could not be understood. */
  damaged?: T.DamagedFile[];
  /** The hotel has ten times as many devices. */
  crowd?: boolean;
  /** There are runs of earlier days, one of them interrupted. */
  pastRuns?: boolean;
  /** Some forms are saved. */
  triggers?: boolean;
  /** There is a check in each state, and what the checks send. */
  checks?: boolean;
};

export const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

export const fail = (view: T.ErrorView): never => {
  throw new BackendError(view);
};

export class Desk {
  readonly options: FakeOptions;
  readonly devices: T.Choice[];
  people: T.ConnectionView[];
  logins: T.LoginView[] = [];
  entries: T.ActivityEntry[];
  providers = providers();
  texts = new Map([["trans-elite", ownText]]);
  setAside: T.SetAside[];
  settings: T.Settings;
  status: T.AppStatus;
  broker: T.BrokerView;
  /** Of the file. */
  passphrase = "correct horse";
  transfers: TransferView[];
  readonly listeners = new Map<keyof Facts, Set<(payload: never) => void>>();
  #next = 100;

  constructor(options: FakeOptions) {
    this.options = options;
    this.devices = options.crowd ? everyDevice : devices;
    this.people = options.empty ? [] : connections();
    this.entries = options.empty ? [] : activity();
    this.setAside = options.faulty ? [setAside] : [];
    this.settings = {
      theme: options.theme ?? "system",
      login_seconds: options.loginSeconds ?? 300,
      clear_clipboard_seconds: 30,
      notify: true,
      ask_above: 20,
      history_days: 30,
      history_megabytes: 500,
    };
    this.status = {
      version: "0.1.0",
      store: {
        kept_in: "keychain",
        state: "ready",
        message: null,
        file_exists: options.store?.kept_in === "file",
        ...options.store,
      },
      sandbox_url: options.empty ? null : "http://127.0.0.1:7316",
      activity_saved: true,
      damaged: options.damaged ?? [],
      requests_last_hour: 6,
      failed_last_hour: 0,
    };
    this.broker = options.programs || options.asking ? brokerOn() : brokerOff();
    this.transfers = options.transfers ? everyState() : [];
    if (options.asking) this.broker.asks = [askOf("backup", "c1")];
  }

  id(prefix: string): string {
    return `${prefix}${String(this.#next++)}`;
  }

  emit<K extends keyof Facts>(fact: K, payload: Facts[K]): void {
    for (const listener of this.listeners.get(fact) ?? []) listener(payload as never);
  }

  find(id: string): T.ConnectionView {
    return this.people.find((one) => one.id === id) ?? fail(fault("unknown_connection", id));
  }

  findLogin(id: string): T.LoginView {
    const gone = fault("login_ended", "It is no longer waiting.");
    return this.logins.find((one) => one.id === id) ?? fail(gone);
  }

  findProvider(id: string): T.ProviderView {
    return this.providers.find((one) => one.id === id) ?? fail(fault("unknown_provider", id));
  }

  method(connection: string, login: string): T.LoginMethodView | undefined {
    const provider = this.findProvider(this.find(connection).provider);
    return provider.logins.find(({ id }) => id === login);
  }

  setConnection(id: string, change: Partial<T.ConnectionView>): T.ConnectionView {
    this.people = this.people.map((one) => (one.id === id ? { ...one, ...change } : one));
    this.emit("connectionChanged", { connection: id });
    this.emit("tokenChanged", { connection: id });
    return this.find(id);
  }

  setLogin(id: string, change: Partial<T.LoginView>): T.LoginView {
    this.logins = this.logins.map((one) => (one.id === id ? { ...one, ...change } : one));
    this.emit("loginChanged", { login: id });
    return this.findLogin(id);
  }

  setStatus(change: Partial<T.AppStatus>): T.AppStatus {
    this.status = { ...this.status, ...change };
    this.emit("statusChanged", null);
    return this.status;
  }

  setStore(change: Partial<T.StoreView>): T.AppStatus {
    return this.setStatus({ store: { ...this.status.store, ...change } });
  }

  setBroker(change: Partial<T.BrokerView>): T.BrokerView {
    this.broker = { ...this.broker, ...change };
    this.emit("brokerChanged", null);
    return this.broker;
  }

  note(
    connection: string | null,
    event: T.ActivityEvent,
    run: string | null = null,
    chain: string | null = null,
  ): void {
    const id = Number(this.id(""));
    this.entries.push({ id, at: at(0), connection, run, chain, duration_ms: null, event });
    this.emit("activityAdded", { connection });
  }
}
