// An in-memory backend: for tests, and for looking at screens in a browser without the core. Never in the shipped bundle.
import type * as T from "../bindings";
import type { Backend, Facts } from "./backend";
import { preview } from "./fake/answers";
import { askOf, brokering } from "./fake/broker";
import { actions, workflows } from "./fake/catalogue";
import { checking } from "./fake/checking";
import { connecting } from "./fake/connecting";
import { Desk, fail, pause, type FakeOptions } from "./fake/desk";
import { exchanging } from "./fake/exchanges";
import { exploring } from "./fake/explorer";
import { keeping } from "./fake/keeping";
import { live } from "./fake/live";
import { loggingIn } from "./fake/logging-in";
import { sandboxView } from "./fake/offers";
import { freshToken, noToken } from "./fake/people";
import { picture, pictureActions } from "./fake/pictures";
import { providerFiles } from "./fake/provider-files";
import { running } from "./fake/running";
import { answering, SentAnswers } from "./fake/sent";
import { tokens } from "./fake/tokens";
import { assets, folders, transferActions } from "./fake/transfer-actions";
import { transferring } from "./fake/transferring";
import { triggering } from "./fake/triggers";

export type { FakeOptions } from "./fake/desk";
export type Fake = Backend & {
  /** The next call of this method fails so. */
  failNext(method: keyof Backend, error: T.ErrorView): void;
  /** What was asked, in order. */
  calls: { method: string; args: unknown[] }[];
  emit<K extends keyof Facts>(fact: K, payload: Facts[K]): void;
  setLogin(login: string, change: Partial<T.LoginView>): void;
  setConnection(connection: string, change: Partial<T.ConnectionView>): void;
  /** A program wants the token of a connection, for so many seconds. */
  ask(program: string, connection: string, seconds?: number): void;
};

const SECRET = `${"eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9"}.${"eyJmYWtlIjp0cnVlfQ".repeat(9)}.${"c2lnbmF0dXJl".repeat(8)}`;

function allChoices(desk: Desk, list: string): T.Choice[] {
  if (list === "devices") return desk.devices;
  if (list === "folders") return folders;
  if (list === "files") return assets;
  return list === "workflows" ? workflows : [];
}

function actionsOf(provider: string): T.ActionView[] {
  if (provider === "image-relay") return [...pictureActions, ...transferActions];
  return provider === "relay" ? actions : [];
}

export function createFake(options: FakeOptions = {}): Fake {
  const desk = new Desk(options);
  const faults = new Map<string, T.ErrorView>();
  const calls: Fake["calls"] = [];
  const runs = running(desk);
  const sent = new SentAnswers(desk);

  const backend: Backend = {
    ...connecting(desk),
    ...loggingIn(desk),
    ...providerFiles(desk),
    ...runs,
    ...triggering(desk, runs.startRun),
    ...checking(desk),
    ...tokens(desk),
    ...keeping(desk),
    ...brokering(desk),
    ...transferring(desk),
    ...live(desk),
    ...exchanging(desk),
    ...exploring(desk, sent),
    ...answering(sent),
    appStatus: async () => ({ ...desk.status }),
    listConnections: async () => desk.people,
    renewToken: async (connection) => {
      const chain = desk.id("x");
      const { kept_in } = desk.status.store;
      const renewed = { kind: "token_renewed", cause: "asked", seconds: 7200 } as const;
      desk.note(connection, { ...renewed, rotated: true }, null, chain);
      desk.note(connection, { kind: "token_kept", kept_in }, null, chain);
      return desk.setConnection(connection, { token: freshToken(120) });
    },
    logOut: async (connection) => {
      desk.note(connection, { kind: "token_revoked", what: "session" });
      desk.note(connection, { kind: "logged_out" });
      const view = desk.setConnection(connection, { token: noToken });
      return {
        connection: view,
        at_server: { revoked: ["session"], not_revoked: [] },
        not_deleted: null,
      };
    },
    copyToken: async (connection, form) => desk.note(connection, { kind: "token_copied", form }),
    copyText: async () => undefined,
    revealToken: async (connection) => {
      desk.note(connection, { kind: "token_revealed" });
      return SECRET;
    },
    listActions: async (connection) => actionsOf(desk.find(connection).provider),
    listChoices: async (_connection, list) => allChoices(desk, list),
    readImage: async (_connection, url) => picture(url),
    previewRequest: async (request) => preview(request),
    listActivity: async ({ connection, run, search, before, limit }) =>
      desk.entries
        .filter((entry) => connection === null || entry.connection === connection)
        .filter((entry) => run === null || entry.run === run)
        .filter((entry) => before === null || entry.id < before)
        .filter(
          (entry) => !search || JSON.stringify(entry).toLowerCase().includes(search.toLowerCase()),
        )
        .sort((one, other) => other.id - one.id)
        .slice(0, limit),
    clearActivity: async (connection) => {
      desk.entries = desk.entries.filter(
        (entry) => connection !== null && entry.connection !== connection,
      );
      desk.emit("activityAdded", { connection });
    },
    readSettings: async () => desk.settings,
    saveSettings: async (wanted) => (desk.settings = wanted),
    startSandbox: async () => {
      const view = sandboxView();
      desk.setStatus({ sandbox_url: view.url });
      return view;
    },
    on: (fact, listener) => {
      const known = desk.listeners.get(fact) ?? new Set();
      known.add(listener as (payload: never) => void);
      desk.listeners.set(fact, known);
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
    emit: (fact, payload) => desk.emit(fact, payload),
    setLogin: (id, change) => void desk.setLogin(id, change),
    setConnection: (id, change) => void desk.setConnection(id, change),
    ask: (program, connection, seconds) => {
      const ask = askOf(program, connection, seconds);
      desk.setBroker({ asks: [...desk.broker.asks, ask] });
    },
    failNext: (method, error) => void faults.set(method, error),
  };
}

function placeOf(asked: ReadonlySet<string>): Partial<T.StoreView> | undefined {
  if (asked.has("memory")) return { kept_in: "memory" };
  if (asked.has("file-locked")) return { kept_in: "file", state: "locked" };
  return asked.has("file") ? { kept_in: "file" } : undefined;
}

/**
 * The fake as the address asks for it: ?fake=empty,absent,port-busy,no-browser,slow-run,auto-login,faulty,programs,asking,asking-later,transfers,live,storm,broker-away,dark,crowd,runs,triggers,checks.
 * The place of the tokens: absent, locked, silent, checking; file, file-locked, memory.
 */
export function fakeFromAddress(search: string): Fake {
  const asked = new Set((new URLSearchParams(search).get("fake") ?? "").split(","));
  const state = (["absent", "locked", "silent", "checking"] as const).find((one) => asked.has(one));
  const theme = (["light", "dark"] as const).find((one) => asked.has(one));
  const fake = createFake({
    empty: asked.has("empty"),
    store: placeOf(asked) ?? (state && { state }),
    programs: asked.has("programs"),
    asking: asked.has("asking"),
    theme,
    portBusy: asked.has("port-busy"),
    browserFails: asked.has("no-browser"),
    loginAfter: asked.has("auto-login") ? 1500 : null,
    batchEvery: asked.has("slow-run") ? 400 : 60,
    delay: 40,
    faulty: asked.has("faulty"),
    transfers: asked.has("transfers"),
    pieces: asked.has("transfers") ? 60 : 12,
    live: asked.has("live") ? 10_000 : 0,
    messageEvery: asked.has("storm") ? 5 : undefined,
    brokerAway: asked.has("broker-away"),
    crowd: asked.has("crowd"),
    pastRuns: asked.has("runs"),
    triggers: asked.has("triggers"),
    checks: asked.has("checks"),
  });
  // So that one can be at something when it comes.
  if (asked.has("asking-later")) setTimeout(() => fake.ask("backup", "c1"), 3000);
  return fake;
}
