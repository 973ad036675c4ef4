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
  runChanged: { run: string };
  triggersChanged: null;
  checksChanged: null;
  activityAdded: { connection: string | null };
  statusChanged: null;
  providersChanged: null;
  brokerChanged: null;
  transferChanged: { transfer: string };
  messagesChanged: { connection: string };
  sentChanged: { answer: string };
};

/** A message to be published. */
export type Publish = { connection: string; topic: string; payload: string; retain: boolean };

/** Which of the messages that are kept. */
export type MessageQuery = {
  connection: string;
  filter: string | null;
  search: string | null;
  before: number | null;
  limit: number;
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
  setFileAside(): Promise<T.AppStatus>;

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
  /** A picture of an answer as a data: address. */
  readImage(connection: string, url: string): Promise<string>;
  previewRequest(request: T.ActionRequest): Promise<T.RequestPreview>;
  /** Returns at once; what moves is told until the run is over. */
  startRun(
    request: T.ActionRequest,
    options: T.RunOptions | null,
    onEvent: (event: T.RunEvent) => void,
  ): Promise<T.RunView>;
  /** How it stands, and what moves in it if this Keydesk carries it out. */
  watchRun(run: string, onEvent: (event: T.RunEvent) => void): Promise<T.RunView>;
  /** What is under way comes to its end. */
  pauseRun(run: string): Promise<T.RunView>;
  /** Goes on with what waits; what is unknown stays so. */
  resumeRun(run: string): Promise<T.RunView>;
  stopRun(run: string): Promise<T.RunView>;
  /** Another run over those targets of one that are in these states. */
  retryRun(
    run: string,
    which: T.TargetState[],
    onEvent: (event: T.RunEvent) => void,
  ): Promise<T.RunView>;
  /** The newest first; looks that change nothing are not among them. */
  listRuns(connection: string | null): Promise<T.RunView[]>;
  /** At most 500 rows at once, without their bodies. */
  readRun(
    run: string,
    state: T.TargetState | null,
    search: string | null,
    offset: number,
    limit: number,
  ): Promise<T.RunPage>;
  readRunRow(run: string, number: number): Promise<T.RunRow>;
  exportRun(run: string, format: T.RunFormat): Promise<T.ExportedRun>;
  removeRun(run: string): Promise<void>;
  /** What a CSV would fill. Nothing is sent. */
  previewCsv(
    connection: string,
    action: string,
    text: string,
    mapping: Record<string, string> | null,
  ): Promise<T.CsvPreview>;

  listTriggers(): Promise<T.TriggerView[]>;
  saveTrigger(trigger: T.SaveTrigger): Promise<T.TriggerView>;
  removeTrigger(trigger: string): Promise<void>;
  startTrigger(
    trigger: string,
    options: T.RunOptions | null,
    onEvent: (event: T.RunEvent) => void,
  ): Promise<T.RunView>;

  listChecks(): Promise<T.CheckView[]>;
  /** One that sends or expects something else forgets what was found. */
  saveCheck(check: T.SaveCheck): Promise<T.CheckView>;
  removeCheck(check: string): Promise<void>;
  /** Answers when it is over. One that is under way already is refused. */
  runCheck(check: string): Promise<T.CheckView>;

  /** The system's own dialog; none where the person thought better of it. The window never names a path. */
  chooseFile(): Promise<T.ChosenFile | null>;
  /** Returns at once; what moves is told by facts. */
  startTransfer(request: T.ActionRequest, file: string | null): Promise<T.TransferView>;
  /** Of this session, newest first. */
  listTransfers(connection: string | null): Promise<T.TransferView[]>;
  pauseTransfer(transfer: string): Promise<T.TransferView>;
  /** Goes on where it was, after a failure too. */
  resumeTransfer(transfer: string): Promise<T.TransferView>;
  stopTransfer(transfer: string): Promise<T.TransferView>;
  removeTransfer(transfer: string): Promise<void>;

  /** None where the provider has no MQTT. */
  mqttOffer(connection: string): Promise<T.MqttOffer | null>;
  connectMqtt(connection: string, values: Record<string, string>): Promise<T.MqttView>;
  disconnectMqtt(connection: string): Promise<T.MqttView>;
  readMqtt(connection: string): Promise<T.MqttView>;
  subscribeMqtt(connection: string, filter: string): Promise<T.MqttView>;
  unsubscribeMqtt(connection: string, filter: string): Promise<T.MqttView>;
  publishMqtt(message: Publish): Promise<void>;
  /** Newest first; `before` a number goes on where a page ended. */
  readMessages(query: MessageQuery): Promise<T.MessagePage>;
  clearMessages(connection: string): Promise<void>;

  /** What an API has: of its provider file, and of documents that were imported. */
  readCatalogues(connection: string): Promise<T.Catalogue[]>;
  /** An OpenAPI or Swagger document. */
  importCatalogue(connection: string, text: string): Promise<T.Catalogue>;
  removeCatalogue(connection: string, catalogue: string): Promise<void>;
  /** Of an address that the person has seen and confirmed; without a token. */
  fetchDocument(url: string): Promise<string>;
  /** In the person's browser. */
  openDocs(connection: string, endpoint: string): Promise<void>;
  listDrafts(connection: string): Promise<T.Draft[]>;
  saveDraft(draft: T.Draft): Promise<void>;
  closeDraft(draft: string): Promise<void>;
  listSavedRequests(connection: string): Promise<T.SavedRequest[]>;
  saveRequest(saved: T.SavedRequest): Promise<T.SavedRequest>;
  removeSavedRequest(saved: string): Promise<void>;
  listVariables(connection: string): Promise<T.Variable[]>;
  setVariables(connection: string, variables: T.Variable[]): Promise<T.Variable[]>;
  /** What would be sent; the token is masked. */
  previewExplorerRequest(
    connection: string,
    request: T.ExplorerRequest,
  ): Promise<T.ExplorerPreview>;
  /** With a command in place of the token. */
  copyAsCurl(connection: string, request: T.ExplorerRequest): Promise<string>;
  readCurl(connection: string, text: string): Promise<T.ReadCurl>;
  /** Returns at once; what comes is told by facts. `elsewhere`: the other origin that the person has confirmed. */
  sendRequest(
    connection: string,
    draft: string | null,
    request: T.ExplorerRequest,
    elsewhere: string | null,
  ): Promise<T.SentView>;

  /** A request that was sent, and what is known of its answer. */
  readSent(answer: string): Promise<T.SentView>;
  cancelSent(answer: string): Promise<T.SentView>;
  /** Returns at once; what comes is told by facts. */
  loadAllPages(answer: string): Promise<T.SentView>;
  /** Which windows there are onto an answer. While it still comes: onto what is there. */
  openAnswer(answer: string): Promise<T.AnswerShape>;
  readJsonRows(answer: string, from: number, count: number): Promise<T.JsonRow[]>;
  /** Answers how many rows the tree has then. */
  toggleJsonRow(answer: string, row: number, open: boolean, all: boolean): Promise<number>;
  /** Opens what is above, and answers the row. */
  revealJson(answer: string, offset: number): Promise<number>;
  readTableRows(answer: string, from: number, count: number): Promise<T.TableRow[]>;
  readTextRows(answer: string, from: number, count: number): Promise<T.TextRow[]>;
  readHexRows(answer: string, from: number, count: number): Promise<T.HexRow[]>;
  searchAnswer(answer: string, text: string, matchCase: boolean): Promise<T.AnswerMatches>;
  /** Of the last search; the first is 0. */
  answerMatch(answer: string, number: number): Promise<T.AnswerMatch>;
  /** Whole, at most 1 MB of it. */
  readJsonValue(answer: string, offset: number): Promise<T.JsonValue>;
  /** As a data: address. */
  readAnswerImage(answer: string): Promise<string>;
  /** Answers the path it was written to. */
  saveAnswer(answer: string): Promise<string>;
  /** In Base64, at most 4 MB. */
  readAnswerBytes(answer: string, from: number, count: number): Promise<string>;

  /** The newest first; `before` one goes on where a page ended. */
  listExchanges(query: T.ExchangeQuery): Promise<T.ExchangeRow[]>;
  readExchange(exchange: number): Promise<T.ExchangeDetails>;
  compareExchanges(one: number, other: number): Promise<T.ComparedLine[]>;
  /** Its request, to be sent again. */
  exchangeRequest(exchange: number): Promise<T.ExplorerRequest>;
  clearExchanges(connection: string | null): Promise<void>;
  /** Answers the path it was written to. `whole`: with bodies and values. */
  exportHar(query: T.ExchangeQuery, whole: boolean): Promise<string>;

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

/** A request of the explorer in which nothing stands yet. */
export const blankRequest = (): T.ExplorerRequest => ({
  method: "GET",
  url: "",
  parameters: [],
  query: [],
  headers: [],
  body: { kind: "none" },
  follow: true,
});
