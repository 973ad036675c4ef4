// The one door to the core. Views and state know this interface; tauri.ts and fake.ts stand behind it.
import type * as T from "../bindings";

/** What the core says went wrong: a code for the words table, and the particulars. Never a secret. */
export class BackendError extends Error {
  readonly view: T.ErrorView;
  constructor(view: T.ErrorView) {
    super(view.message);
    this.view = view;
  }
}

/** Named facts. Each says what became stale; the state reads it anew. */
export type Facts = {
  connectionChanged: { connection: string | null };
  tokenChanged: { connection: string };
  loginChanged: { login: string };
  listChanged: { connection: string; list: string };
  activityAdded: { connection: string | null };
  statusChanged: null;
  providersChanged: null;
  brokerChanged: null;
};

export interface Backend {
  appStatus(): Promise<T.AppStatus>;
  /** Tries the keychain, again where it did not answer; what another place held moves there. */
  useKeychain(): Promise<T.AppStatus>;
  useMemoryOnly(): Promise<T.AppStatus>;
  /** Makes the file under the passphrase where there is none, else opens it. */
  useFile(passphrase: string): Promise<T.AppStatus>;
  changePassphrase(current: string, next: string): Promise<T.AppStatus>;
  lockFile(): Promise<T.AppStatus>;

  listProviders(): Promise<T.ProviderView[]>;
  listSetAside(): Promise<T.SetAside[]>;
  readProvider(id: string): Promise<string>;
  checkProvider(text: string, replaces: string | null): Promise<T.ProviderCheck>;
  saveProvider(request: T.SaveProvider): Promise<T.ProviderView>;
  removeProvider(id: string): Promise<void>;
  removeSetAside(file: string): Promise<void>;
  /** Answers the path it was written to. */
  exportProvider(id: string): Promise<string>;

  listConnections(): Promise<T.ConnectionView[]>;
  addConnection(request: T.AddConnection): Promise<T.ConnectionView>;
  editConnection(request: T.EditConnection): Promise<T.ConnectionView>;
  removeConnection(connection: string): Promise<void>;

  startLogin(request: T.StartLogin): Promise<T.LoginView>;
  finishLogin(request: T.FinishLogin): Promise<T.LoginView>;
  cancelLogin(login: string): Promise<T.LoginView>;
  listLogins(): Promise<T.LoginView[]>;
  /** Opens the browser again, at the page of a waiting login. */
  openLoginPage(login: string): Promise<void>;
  logIn(request: T.LogIn): Promise<T.ConnectionView>;
  renewToken(connection: string): Promise<T.ConnectionView>;
  logOut(connection: string): Promise<T.LogOutView>;

  copyToken(connection: string, form: T.CopyForm): Promise<void>;
  copyText(text: string): Promise<void>;
  revealToken(connection: string): Promise<string>;
  readToken(connection: string): Promise<T.TokenDetails>;
  decodeToken(token: string): Promise<T.DecodedToken>;
  /** Asks a server only for an issuer's keys. That a signature does not hold is an answer. */
  verifyToken(request: T.VerifyToken): Promise<T.VerifiedToken>;
  compareTokens(first: T.WhichToken, second: T.WhichToken): Promise<T.Comparison>;
  /** Asks the server that made it. That it is not good is an answer. */
  introspectToken(connection: string): Promise<T.Introspection>;
  /** Of an answer that another program was given. */
  explainRefusal(answer: T.RefusedAnswer): Promise<T.Refusal>;

  listActions(connection: string): Promise<T.ActionView[]>;
  listChoices(connection: string, list: string): Promise<T.Choice[]>;
  previewRequest(request: T.ActionRequest): Promise<T.RequestPreview>;
  /** Returns at once; what moves is told until the run is over. */
  startRun(
    request: T.ActionRequest,
    options: T.RunOptions | null,
    onEvent: (event: T.RunEvent) => void,
  ): Promise<T.RunView>;
  stopRun(run: string): Promise<T.RunView>;
  /** At most 500 rows at once, without their bodies. */
  readRun(
    run: string,
    state: T.TargetState | null,
    search: string | null,
    offset: number,
    limit: number,
  ): Promise<T.RunPage>;
  readRunRow(run: string, number: number): Promise<T.RunRow>;

  listActivity(query: T.ActivityQuery): Promise<T.ActivityEntry[]>;
  clearActivity(connection: string | null): Promise<void>;
  readSettings(): Promise<T.Settings>;
  saveSettings(settings: T.Settings): Promise<T.Settings>;
  startSandbox(): Promise<T.SandboxView>;

  readBroker(): Promise<T.BrokerView>;
  setBroker(settings: T.BrokerSettings): Promise<T.BrokerView>;
  addProgram(name: string): Promise<T.BrokerView>;
  removeProgram(program: string): Promise<T.BrokerView>;
  revokeGrant(program: string, connection: string): Promise<T.BrokerView>;
  /** Without a grant it is refused. */
  answerAsk(ask: string, grant: T.GrantFor | null): Promise<T.BrokerView>;

  /** Calls back on each such fact, until the returned function is called. */
  on<K extends keyof Facts>(fact: K, listener: (payload: Facts[K]) => void): () => void;
}

/** Any thrown thing as the border error, so that every failure has words. */
export function errorView(thrown: unknown): T.ErrorView {
  if (thrown instanceof BackendError) return thrown.view;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return {
    code: "internal",
    message,
    field: null,
    status: null,
    oauth: null,
    retryable: false,
    retry_after: null,
  };
}
