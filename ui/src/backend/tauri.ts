// The real backend: the generated commands, with their results turned into values or a BackendError.
import { Channel } from "@tauri-apps/api/core";
import { commands, events, type ErrorView, type RunEvent } from "../bindings";
import { BackendError, type Backend, type Facts } from "./backend";

type Result<T> = { status: "ok"; data: T } | { status: "error"; error: ErrorView };

async function open<T>(pending: Promise<Result<T>>): Promise<T> {
  const result = await pending;
  if (result.status === "error") throw new BackendError(result.error);
  return result.data;
}

async function done(pending: Promise<Result<null>>): Promise<void> {
  await open(pending);
}

function on<K extends keyof Facts>(fact: K, listener: (payload: Facts[K]) => void): () => void {
  let stopped = false;
  let stop: (() => void) | undefined;
  const told = (event: { payload: unknown }) => listener(event.payload as Facts[K]);
  // The subscription is answered later; whoever stopped in between must not be called any more.
  void events[fact].listen(told).then((unlisten) => {
    if (stopped) unlisten();
    else stop = unlisten;
  });
  return () => {
    stopped = true;
    stop?.();
  };
}

function heard(onEvent: (event: RunEvent) => void): Channel<RunEvent> {
  const channel = new Channel<RunEvent>();
  channel.onmessage = onEvent;
  return channel;
}

export const tauriBackend: Backend = {
  appStatus: () => open(commands.appStatus()),
  useKeychain: () => open(commands.useKeychain()),
  useMemoryOnly: () => open(commands.useMemoryOnly()),
  useFile: (passphrase) => open(commands.useFile(passphrase)),
  changePassphrase: (current, next) => open(commands.changePassphrase(current, next)),
  lockFile: () => open(commands.lockFile()),
  setFileAside: () => open(commands.setFileAside()),
  listProviders: () => open(commands.listProviders()),
  listSetAside: () => open(commands.listSetAside()),
  readProvider: (id) => open(commands.readProvider(id)),
  checkProvider: (text, replaces) => open(commands.checkProvider(text, replaces)),
  saveProvider: (request) => open(commands.saveProvider(request)),
  removeProvider: (id) => done(commands.removeProvider(id)),
  removeSetAside: (file) => done(commands.removeSetAside(file)),
  exportProvider: (id) => open(commands.exportProvider(id)),
  listConnections: () => open(commands.listConnections()),
  addConnection: (request) => open(commands.addConnection(request)),
  editConnection: (request) => open(commands.editConnection(request)),
  removeConnection: (connection) => done(commands.removeConnection(connection)),
  startLogin: (request) => open(commands.startLogin(request)),
  finishLogin: (request) => open(commands.finishLogin(request)),
  cancelLogin: (login) => open(commands.cancelLogin(login)),
  listLogins: () => open(commands.listLogins()),
  openLoginPage: (login) => done(commands.openLoginPage(login)),
  logIn: (request) => open(commands.logIn(request)),
  renewToken: (connection) => open(commands.renewToken(connection)),
  logOut: (connection) => open(commands.logOut(connection)),
  copyToken: (connection, form) => done(commands.copyToken(connection, form)),
  copyText: (text) => done(commands.copyText(text)),
  revealToken: (connection) => open(commands.revealToken(connection)),
  readToken: (connection) => open(commands.readToken(connection)),
  decodeToken: (token) => open(commands.decodeToken(token)),
  verifyToken: (request) => open(commands.verifyToken(request)),
  compareTokens: (first, second) => open(commands.compareTokens(first, second)),
  introspectToken: (connection) => open(commands.introspectToken(connection)),
  explainRefusal: (answer) => open(commands.explainRefusal(answer)),
  listActions: (connection) => open(commands.listActions(connection)),
  listChoices: (connection, list) => open(commands.listChoices(connection, list)),
  previewRequest: (request) => open(commands.previewRequest(request)),
  readImage: (connection, url) => open(commands.readImage(connection, url)),
  startRun: (request, options, onEvent) =>
    open(commands.startRun(request, options, heard(onEvent))),
  watchRun: (run, onEvent) => open(commands.watchRun(run, heard(onEvent))),
  pauseRun: (run) => open(commands.pauseRun(run)),
  resumeRun: (run) => open(commands.resumeRun(run)),
  stopRun: (run) => open(commands.stopRun(run)),
  retryRun: (run, which, onEvent) => open(commands.retryRun(run, which, heard(onEvent))),
  listRuns: (connection) => open(commands.listRuns(connection)),
  readRun: (run, state, search, offset, limit) =>
    open(commands.readRun(run, state, search, offset, limit)),
  readRunRow: (run, number) => open(commands.readRunRow(run, number)),
  exportRun: (run, format) => open(commands.exportRun(run, format)),
  removeRun: (run) => done(commands.removeRun(run)),
  previewCsv: (connection, action, text, mapping) =>
    open(commands.previewCsv(connection, action, text, mapping)),
  listTriggers: () => open(commands.listTriggers()),
  saveTrigger: (trigger) => open(commands.saveTrigger(trigger)),
  removeTrigger: (trigger) => done(commands.removeTrigger(trigger)),
  startTrigger: (trigger, options, onEvent) =>
    open(commands.startTrigger(trigger, options, heard(onEvent))),
  listChecks: () => open(commands.listChecks()),
  saveCheck: (check) => open(commands.saveCheck(check)),
  removeCheck: (check) => done(commands.removeCheck(check)),
  runCheck: (check) => open(commands.runCheck(check)),
  chooseFile: () => open(commands.chooseFile()),
  startTransfer: (request, file) => open(commands.startTransfer(request, file)),
  listTransfers: (connection) => open(commands.listTransfers(connection)),
  pauseTransfer: (transfer) => open(commands.pauseTransfer(transfer)),
  resumeTransfer: (transfer) => open(commands.resumeTransfer(transfer)),
  stopTransfer: (transfer) => open(commands.stopTransfer(transfer)),
  removeTransfer: (transfer) => done(commands.removeTransfer(transfer)),
  mqttOffer: (connection) => open(commands.mqttOffer(connection)),
  connectMqtt: (connection, values) => open(commands.connectMqtt(connection, values)),
  disconnectMqtt: (connection) => open(commands.disconnectMqtt(connection)),
  readMqtt: (connection) => open(commands.readMqtt(connection)),
  subscribeMqtt: (connection, filter) => open(commands.subscribeMqtt(connection, filter)),
  unsubscribeMqtt: (connection, filter) => open(commands.unsubscribeMqtt(connection, filter)),
  publishMqtt: ({ connection, topic, payload, retain }) =>
    done(commands.publishMqtt(connection, topic, payload, retain)),
  readMessages: ({ connection, filter, search, before, limit }) =>
    open(commands.readMessages(connection, filter, search, before, limit)),
  clearMessages: (connection) => done(commands.clearMessages(connection)),
  readCatalogues: (connection) => open(commands.readCatalogues(connection)),
  importCatalogue: (connection, text) => open(commands.importCatalogue(connection, text)),
  removeCatalogue: (connection, catalogue) => done(commands.removeCatalogue(connection, catalogue)),
  fetchDocument: (url) => open(commands.fetchDocument(url)),
  openDocs: (connection, endpoint) => done(commands.openDocs(connection, endpoint)),
  listDrafts: (connection) => open(commands.listDrafts(connection)),
  saveDraft: (draft) => done(commands.saveDraft(draft)),
  closeDraft: (draft) => done(commands.closeDraft(draft)),
  listSavedRequests: (connection) => open(commands.listSavedRequests(connection)),
  saveRequest: (saved) => open(commands.saveRequest(saved)),
  removeSavedRequest: (saved) => done(commands.removeSavedRequest(saved)),
  listVariables: (connection) => open(commands.listVariables(connection)),
  setVariables: (connection, variables) => open(commands.setVariables(connection, variables)),
  previewExplorerRequest: (connection, request) =>
    open(commands.previewExplorerRequest(connection, request)),
  copyAsCurl: (connection, request) => open(commands.copyAsCurl(connection, request)),
  readCurl: (connection, text) => open(commands.readCurl(connection, text)),
  sendRequest: (connection, draft, request, elsewhere) =>
    open(commands.sendRequest(connection, draft, request, elsewhere)),
  readSent: (answer) => open(commands.readSent(answer)),
  cancelSent: (answer) => open(commands.cancelSent(answer)),
  loadAllPages: (answer) => open(commands.loadAllPages(answer)),
  openAnswer: (answer) => open(commands.openAnswer(answer)),
  readJsonRows: (answer, from, count) => open(commands.readJsonRows(answer, from, count)),
  toggleJsonRow: (answer, row, isOpen, all) =>
    open(commands.toggleJsonRow(answer, row, isOpen, all)),
  revealJson: (answer, offset) => open(commands.revealJson(answer, offset)),
  readTableRows: (answer, from, count) => open(commands.readTableRows(answer, from, count)),
  readTextRows: (answer, from, count) => open(commands.readTextRows(answer, from, count)),
  readHexRows: (answer, from, count) => open(commands.readHexRows(answer, from, count)),
  searchAnswer: (answer, text, matchCase) => open(commands.searchAnswer(answer, text, matchCase)),
  answerMatch: (answer, number) => open(commands.answerMatch(answer, number)),
  readJsonValue: (answer, offset) => open(commands.readJsonValue(answer, offset)),
  readAnswerImage: (answer) => open(commands.readAnswerImage(answer)),
  saveAnswer: (answer) => open(commands.saveAnswer(answer)),
  readAnswerBytes: (answer, from, count) => open(commands.readAnswerBytes(answer, from, count)),
  listExchanges: (query) => open(commands.listExchanges(query)),
  readExchange: (exchange) => open(commands.readExchange(exchange)),
  compareExchanges: (one, other) => open(commands.compareExchanges(one, other)),
  exchangeRequest: (exchange) => open(commands.exchangeRequest(exchange)),
  clearExchanges: (connection) => done(commands.clearExchanges(connection)),
  exportHar: (query, whole) => open(commands.exportHar(query, whole)),
  listActivity: (query) => open(commands.listActivity(query)),
  clearActivity: (connection) => done(commands.clearActivity(connection)),
  readSettings: () => open(commands.readSettings()),
  saveSettings: (settings) => open(commands.saveSettings(settings)),
  startSandbox: () => open(commands.startSandbox()),
  readBroker: () => open(commands.readBroker()),
  setBroker: (settings) => open(commands.setBroker(settings)),
  addProgram: (name) => open(commands.addProgram(name)),
  removeProgram: (program) => open(commands.removeProgram(program)),
  revokeGrant: (program, connection) => open(commands.revokeGrant(program, connection)),
  answerAsk: (ask, grant) => open(commands.answerAsk(ask, grant)),
  on,
};
