// An in-memory backend: for tests, and for looking at screens in a browser without the core. Never in the shipped bundle.
import type * as T from "../bindings";
import { BackendError, type Backend, type Facts } from "./backend";
import { answer, preview, targets } from "./fake/answers";
import { actions, devices, providers, workflows } from "./fake/catalogue";
import {
  activity,
  at,
  connections,
  details,
  fault,
  freshToken,
  noToken,
  opaque,
} from "./fake/people";

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
};

export type Fake = Backend & {
  /** The next call of this method fails so. */
  failNext(method: keyof Backend, error: T.ErrorView): void;
  /** What was asked, in order. */
  calls: { method: string; args: unknown[] }[];
  emit<K extends keyof Facts>(fact: K, payload: Facts[K]): void;
  setLogin(login: string, change: Partial<T.LoginView>): void;
  setConnection(connection: string, change: Partial<T.ConnectionView>): void;
};

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

export function createFake(options: FakeOptions = {}): Fake {
  let people = options.empty ? [] : connections();
  let logins: T.LoginView[] = [];
  let entries = options.empty ? [] : activity();
  let next = 100;
  let settings: T.Settings = {
    theme: options.theme ?? "system",
    login_seconds: options.loginSeconds ?? 300,
    clear_clipboard_seconds: 30,
  };
  let status: T.AppStatus = {
    version: "0.1.0",
    keychain: options.keychain ?? "ready",
    keychain_message: null,
    sandbox_url: options.empty ? null : "http://127.0.0.1:7316",
    activity_saved: true,
    requests_last_hour: 6,
    failed_last_hour: 0,
  };
  const stopped = new Set<string>();
  const faults = new Map<string, T.ErrorView>();
  const listeners = new Map<keyof Facts, Set<(payload: never) => void>>();
  const calls: Fake["calls"] = [];

  const fail = (view: T.ErrorView): never => {
    throw new BackendError(view);
  };
  function emit<K extends keyof Facts>(fact: K, payload: Facts[K]): void {
    for (const listener of listeners.get(fact) ?? []) listener(payload as never);
  }
  const find = (id: string) =>
    people.find((one) => one.id === id) ?? fail(fault("unknown_connection", id));
  const findLogin = (id: string) =>
    logins.find((one) => one.id === id) ?? fail(fault("login_ended", "It is no longer waiting."));

  function setConnection(id: string, change: Partial<T.ConnectionView>): T.ConnectionView {
    people = people.map((one) => (one.id === id ? { ...one, ...change } : one));
    emit("connectionChanged", { connection: id });
    emit("tokenChanged", { connection: id });
    return find(id);
  }
  function setLogin(id: string, change: Partial<T.LoginView>): T.LoginView {
    logins = logins.map((one) => (one.id === id ? { ...one, ...change } : one));
    emit("loginChanged", { login: id });
    return findLogin(id);
  }
  function note(
    connection: string | null,
    event: T.ActivityEvent,
    run: string | null = null,
  ): void {
    const entry = { id: next++, at: at(0), connection, run };
    entries.push({ ...entry, duration_ms: null, event });
    emit("activityAdded", { connection });
  }
  function logIn(connection: string): T.ConnectionView {
    note(connection, { kind: "login_completed", scope: "openid profile offline_access" });
    note(connection, { kind: "token_kept", kept_in: "keychain" });
    return setConnection(connection, {
      token: freshToken(120),
      identity: "Alice Rodriguez",
      login: "browser",
    });
  }
  function complete(id: string): T.LoginView {
    const login = findLogin(id);
    if (login.state !== "waiting") fail(fault("login_ended", "It is no longer waiting."));
    logIn(login.connection);
    return setLogin(id, { state: "done" });
  }
  function allChoices(list: string): T.Choice[] {
    if (list === "devices") return devices;
    return list === "workflows" ? workflows : [];
  }

  const backend: Backend = {
    appStatus: async () => status,
    useMemoryOnly: async () => {
      status = { ...status, keychain: "memory_only" };
      emit("statusChanged", null);
      return status;
    },
    retryKeychain: async () => {
      status = { ...status, keychain: "ready", keychain_message: null };
      emit("statusChanged", null);
      return status;
    },
    listProviders: async () => providers,
    listConnections: async () => people,
    addConnection: async (request) => {
      const provider = providers.find(({ id }) => id === request.provider);
      if (!provider) return fail(fault("unknown_provider", request.provider));
      const id = `c${String(next++)}`;
      const base = { id, provider: provider.id, provider_name: provider.name, hue: provider.hue };
      const label = request.label ?? provider.name;
      const detail = request.sandbox ? "Sandbox" : "Production";
      const kept = { parameters: request.parameters, sandbox: request.sandbox };
      const added = {
        ...base,
        ...kept,
        label,
        detail,
        login: null,
        identity: null,
        token: noToken,
      };
      people = [...people, added];
      note(id, { kind: "connection_added" });
      emit("connectionChanged", { connection: id });
      return find(id);
    },
    editConnection: async ({ connection, label, parameters }) =>
      setConnection(connection, { label, parameters }),
    removeConnection: async (connection) => {
      note(connection, { kind: "connection_removed" });
      people = people.filter(({ id }) => id !== connection);
      emit("connectionChanged", { connection });
    },
    startLogin: async ({ connection, receive_by }) => {
      find(connection);
      if (options.portBusy && receive_by === "loopback")
        fail(fault("port_busy", "Port 8079 on 127.0.0.1 is used by another program."));
      const id = `l${String(next++)}`;
      const redirect =
        receive_by === "uri_scheme"
          ? "dev.keydesk:/callback"
          : "http://localhost:8079/authorization-code/callback";
      const login: T.LoginView = {
        id,
        connection,
        state: "waiting",
        receive_by,
        authorization_url: `https://auth.relaypro.com/realms/Relay/protocol/openid-connect/auth?state=${id}`,
        redirect_uri: redirect,
        expires_at: at(settings.login_seconds),
        browser_opened: !options.browserFails,
        error: null,
      };
      logins = [...logins, login];
      note(connection, { kind: "login_started", receive_by });
      emit("loginChanged", { login: id });
      const after = options.loginAfter ?? null;
      if (after !== null) setTimeout(() => complete(id), after);
      return login;
    },
    finishLogin: async ({ login, redirect_url }) => {
      if (!redirect_url.includes("code=") || !redirect_url.includes("state="))
        fail(fault("not_our_redirect", "The address has no code and state."));
      return complete(login);
    },
    cancelLogin: async (login) => {
      note(findLogin(login).connection, { kind: "login_cancelled" });
      return setLogin(login, { state: "cancelled" });
    },
    listLogins: async () => logins,
    importToken: async ({ connection }) => {
      note(connection, { kind: "token_imported" });
      return setConnection(connection, { token: freshToken(120), identity: "Alice Rodriguez" });
    },
    renewToken: async (connection) => {
      note(connection, { kind: "token_renewed", cause: "asked", seconds: 7200, rotated: true });
      return setConnection(connection, { token: freshToken(120) });
    },
    logOut: async (connection) => {
      note(connection, { kind: "logged_out" });
      return setConnection(connection, { token: noToken });
    },
    copyToken: async (connection, form) => note(connection, { kind: "token_copied", form }),
    copyText: async () => undefined,
    revealToken: async (connection) => {
      note(connection, { kind: "token_revealed" });
      return `${"eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9"}.${"eyJmYWtlIjp0cnVlfQ".repeat(9)}.${"c2lnbmF0dXJl".repeat(8)}`;
    },
    readToken: async (connection) => details(find(connection)),
    decodeToken: async (token) => {
      const sample = details(find(people[0]?.id ?? "")).access_token;
      return token.split(".").length === 3 && sample ? sample : opaque(token.length);
    },
    listActions: async (connection) => (find(connection).provider === "relay" ? actions : []),
    listChoices: async (_connection, list) => allChoices(list),
    previewRequest: async (request) => preview(request),
    startRun: async (request, onEvent) => {
      find(request.connection);
      const run = `r${String(next++)}`;
      const all = targets(request);
      const wanted = all.length > 0 ? all : [null];
      onEvent({ kind: "started", run, total: wanted.length });
      note(request.connection, { kind: "token_at_hand", seconds_left: 6120 }, run);
      const results: T.TargetResult[] = [];
      for (const [index, target] of wanted.entries()) {
        if (stopped.has(run)) break;
        if (index > 0) await pause(options.batchEvery ?? 0);
        const result = answer(request, target, index);
        results.push(result);
        if (target !== null && result.status !== null)
          note(
            request.connection,
            {
              kind: "request_sent",
              method: "POST",
              url: "https://all-main-pro-ibot.relaysvr.com/ibot/workflow",
              target: result.label,
              status: result.status,
              replayed: result.replayed,
            },
            run,
          );
        onEvent({ kind: "results", results: [result] });
      }
      const isStopped = results.length < wanted.length;
      const accepted = results.filter(({ error }) => error === null).length;
      const failed = results.length - accepted;
      const label = actions.find(({ id }) => id === request.action)?.label ?? request.action;
      note(
        request.connection,
        {
          kind: "run_finished",
          action: label,
          total: wanted.length,
          accepted,
          failed,
          stopped: isStopped,
        },
        run,
      );
      return { id: run, action: request.action, total: wanted.length, stopped: isStopped, results };
    },
    stopRun: async (run) => void stopped.add(run),
    listActivity: async ({ connection, run, search, before, limit }) =>
      entries
        .filter((entry) => connection === null || entry.connection === connection)
        .filter((entry) => run === null || entry.run === run)
        .filter((entry) => before === null || entry.id < before)
        .filter(
          (entry) => !search || JSON.stringify(entry).toLowerCase().includes(search.toLowerCase()),
        )
        .sort((one, other) => other.id - one.id)
        .slice(0, limit),
    clearActivity: async (connection) => {
      entries = entries.filter((entry) => connection !== null && entry.connection !== connection);
      emit("activityAdded", { connection });
    },
    readSettings: async () => settings,
    saveSettings: async (wanted) => (settings = wanted),
    startSandbox: async () => {
      status = { ...status, sandbox_url: "http://127.0.0.1:7316" };
      emit("statusChanged", null);
      return {
        url: "http://127.0.0.1:7316",
        offers: [
          { provider: "relay", label: "Relay sandbox", parameters: { environment: "sandbox" } },
        ],
      };
    },
    on: (fact, listener) => {
      const known = listeners.get(fact) ?? new Set();
      known.add(listener as (payload: never) => void);
      listeners.set(fact, known);
      return () => known.delete(listener as (payload: never) => void);
    },
  };

  /** Every method first waits, is written down, and fails where a test asked for it. */
  function guarded<A extends unknown[], R>(
    method: string,
    real: (...args: A) => Promise<R>,
  ): (...args: A) => Promise<R> {
    return async (...args) => {
      calls.push({ method, args });
      if (options.delay) await pause(options.delay);
      const error = faults.get(method);
      faults.delete(method);
      if (error) fail(error);
      return real(...args);
    };
  }
  const wrapped = Object.fromEntries(
    Object.entries(backend).map(([method, real]) => [
      method,
      method === "on" ? real : guarded(method, real as (...args: unknown[]) => Promise<unknown>),
    ]),
  ) as unknown as Backend;

  return {
    ...wrapped,
    calls,
    emit,
    setLogin: (id, change) => void setLogin(id, change),
    setConnection: (id, change) => void setConnection(id, change),
    failNext: (method, error) => void faults.set(method, error),
  };
}

/** The fake as the address asks for it: ?fake=empty,absent,port-busy,no-browser,slow-run,auto-login */
export function fakeFromAddress(search: string): Fake {
  const asked = new Set((new URLSearchParams(search).get("fake") ?? "").split(","));
  const keychain = (["absent", "locked", "silent", "checking"] as const).find((one) =>
    asked.has(one),
  );
  const theme = (["light", "dark"] as const).find((one) => asked.has(one));
  return createFake({
    empty: asked.has("empty"),
    keychain,
    theme,
    portBusy: asked.has("port-busy"),
    browserFails: asked.has("no-browser"),
    loginAfter: asked.has("auto-login") ? 1500 : null,
    batchEvery: asked.has("slow-run") ? 400 : 60,
    delay: 40,
  });
}
