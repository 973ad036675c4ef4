// What the fake remembers, and how it tells of it. The commands beside it are thin.
import type * as T from "../../bindings";
import { BackendError, type Facts } from "../backend";
import { activity } from "./activity";
import { at, connections, fault } from "./people";
import { providers } from "./providers";
import { ownText, setAside } from "./providers/own";

export type FakeOptions = {
  /** Nobody has added a connection yet. */
  empty?: boolean;
  keychain?: T.KeychainState;
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
  /** A provider file was set aside. */
  faulty?: boolean;
};

export const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

export const fail = (view: T.ErrorView): never => {
  throw new BackendError(view);
};

export class Desk {
  readonly options: FakeOptions;
  people: T.ConnectionView[];
  logins: T.LoginView[] = [];
  entries: T.ActivityEntry[];
  providers = providers();
  texts = new Map([["trans-elite", ownText]]);
  setAside: T.SetAside[];
  settings: T.Settings;
  status: T.AppStatus;
  readonly listeners = new Map<keyof Facts, Set<(payload: never) => void>>();
  #next = 100;

  constructor(options: FakeOptions) {
    this.options = options;
    this.people = options.empty ? [] : connections();
    this.entries = options.empty ? [] : activity();
    this.setAside = options.faulty ? [setAside] : [];
    this.settings = {
      theme: options.theme ?? "system",
      login_seconds: options.loginSeconds ?? 300,
      clear_clipboard_seconds: 30,
    };
    this.status = {
      version: "0.1.0",
      keychain: options.keychain ?? "ready",
      keychain_message: null,
      sandbox_url: options.empty ? null : "http://127.0.0.1:7316",
      activity_saved: true,
      requests_last_hour: 6,
      failed_last_hour: 0,
    };
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

  note(connection: string | null, event: T.ActivityEvent, run: string | null = null): void {
    const id = Number(this.id(""));
    this.entries.push({ id, at: at(0), connection, run, duration_ms: null, event });
    this.emit("activityAdded", { connection });
  }
}
