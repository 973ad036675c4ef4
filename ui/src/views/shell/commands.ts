// What the palette offers: everything that can be opened or done from where one is.
import type { ConnectionView, ProviderView, Theme } from "../../bindings";
import type { Command } from "../../components/Palette.svelte";
import type { App } from "../../state/app.svelte";
import { appWords, headerWords, paletteWords as words, tabNames } from "../../words/app";
import { checkWords } from "../../words/checks";
import { exchangeWords } from "../../words/exchanges";
import { loginWords } from "../../words/login";
import { providerWords } from "../../words/providers";
import { runWords } from "../../words/runs";
import { storeWords } from "../../words/store";
import { canRenew } from "../../words/token";
import { transferWords } from "../../words/transfers";
import { checkNow } from "../checks/doings";
import { exchangeDoings } from "../exchanges/doings";
import { explorerDoings } from "../explorer/doings";
import { due } from "../overview/order";
import { providerDoings } from "../providers/doings";

export function commands(app: App): Command[] {
  const here =
    app.route.page === "connection" ? app.connections.find(app.route.connection) : undefined;
  return [
    ...app.connections.list.map((connection, index) => open(app, connection, index)),
    ...ofTriggers(app),
    ...ofChecks(app),
    ...ofExchanges(app),
    ...(here
      ? [...ofConnection(app, here), ...ofExplorer(app, here), ...actionsOf(app, here)]
      : []),
    ...ofProviders(app),
    ...ofApp(app),
  ];
}

function open(app: App, { id, label, detail }: ConnectionView, index: number): Command {
  const keys = index < 9 ? `Alt ${String(index + 1)}` : undefined;
  const run = () => app.route.openConnection(id);
  return { id: `connection-${id}`, group: words.groups.connection, label, detail, keys, run };
}

function ofTriggers(app: App): Command[] {
  return app.triggers.list.map((trigger) => ({
    id: `trigger-${trigger.id}`,
    group: words.groups.triggers,
    label: trigger.name,
    detail: app.connections.find(trigger.connection)?.label,
    keys: trigger.shortcut ?? undefined,
    run: () => void app.fire(trigger),
  }));
}

function ofChecks(app: App): Command[] {
  const group = words.groups.checks;
  const now = app.checks.list.map((check) => ({
    id: `check-${check.id}`,
    group,
    label: checkWords.checkNowOf(check.name),
    detail: app.connections.find(check.connection)?.label,
    run: () => void checkNow(app, check),
  }));
  const add = () => app.overlays.open({ kind: "check", begun: {} });
  return [...now, { id: "check-add", group, label: checkWords.addCommand, run: add }];
}

function ofConnection(app: App, { id, label, token }: ConnectionView): Command[] {
  const group = words.groups.here;
  const command = (name: string, text: string, run: () => void, keys?: string): Command => ({
    id: name,
    group,
    label: text,
    detail: label,
    keys,
    run,
  });
  const list: Command[] = [];
  if (token.has_access_token) {
    list.push(command("copy", headerWords.copyToken, () => void app.copyToken(id, "token"), "T"));
    list.push(command("header", headerWords.copyHeader, () => void app.copyToken(id, "header")));
    const first = { kind: "kept", connection: id, what: "access_token" } as const;
    list.push(command("check", words.checkSignature, () => app.route.openCheck(id)));
    list.push(command("compare", words.compareToken, () => app.route.compare(first)));
  }
  if (canRenew(token, app.clock.now))
    list.push(command("renew", headerWords.renew, () => void app.renew(id)));
  const isIn = token.state !== "none";
  const logIn = isIn ? headerWords.logInAgain : headerWords.logIn;
  list.push(command("login", logIn, () => app.overlays.open({ kind: "login", connection: id })));
  list.push(...waitCommands(app, id).map(([name, text, run]) => command(name, text, run)));
  if (isIn)
    list.push(
      command("logout", headerWords.logOut, () =>
        app.overlays.open({ kind: "log_out", connection: id }),
      ),
    );
  for (const [index, tab] of app.tabsOf(id).entries())
    list.push(
      command(
        `tab-${tab}`,
        words.openTab(tabNames[tab]),
        () => app.route.openTab(tab),
        `Ctrl ${String(index + 1)}`,
      ),
    );
  return list;
}

/** While a login waits: its page once more, its code, its end. */
function waitCommands(app: App, connection: string): [string, string, () => void][] {
  const login = app.logins.current(connection);
  if (!login || !app.logins.isWaiting(connection)) return [];
  const code = login.device?.user_code;
  const tell = (doing: () => Promise<void>) => () => void app.tell(doing);
  const list: [string, string, () => void][] = [
    ["login-page", loginWords.openPageAgain, tell(() => app.logins.openPage(login.id))],
    ["login-cancel", loginWords.cancelLogin, tell(() => app.logins.cancel(login.id))],
  ];

  if (code !== undefined)
    list.push(["login-code", loginWords.copyCode, () => void app.copyText(code, loginWords.code)]);
  return list;
}

/** What can be done with a provider file stands there while one looks at them; connecting always. */
function ofProviders(app: App): Command[] {
  const group = words.groups.providers;
  const isHere = app.route.page === "providers" && app.files.draft === null;
  const ofOne = (provider: ProviderView): Command[] =>
    providerDoings(app, provider)
      .filter(({ name }) => isHere || name === "connect")
      .map(({ name, text, run }) => ({
        id: `provider-${provider.id}-${name}`,
        group,
        label: text,
        detail: provider.name,
        run,
      }));
  const add = (): void => {
    app.files.write({ text: "" });
    app.route.open("providers");
  };
  return [
    ...app.connections.providers.flatMap(ofOne),
    { id: "provider-add", group, label: providerWords.add, run: add },
  ];
}

/** While one is in the explorer: what can be done there, and each endpoint. */
function ofExplorer(app: App, { label: detail }: ConnectionView): Command[] {
  const { explorer } = app;
  if (!explorer) return [];
  const doings = explorerDoings(app, explorer).map(({ label, keys, run }) => ({
    id: `explorer-${label}`,
    group: words.groups.here,
    label,
    detail,
    keys,
    run,
  }));
  const endpoints = explorer.catalogues.all.flatMap((catalogue) =>
    catalogue.endpoints.map((endpoint) => ({
      id: `endpoint-${catalogue.id}-${endpoint.id}`,
      group: words.groups.endpoints,
      label: `${endpoint.method} ${endpoint.path}`,
      detail: endpoint.about,
      run: () => void explorer.openEndpoint(endpoint),
    })),
  );
  return [...doings, ...endpoints];
}

function ofExchanges(app: App): Command[] {
  const list = app.exchangesInView;
  return (list ? exchangeDoings(app, list) : []).map((doing) => ({
    ...doing,
    id: `exchanges-${doing.label}`,
    group: words.groups.here,
    detail: exchangeWords.title,
  }));
}

function actionsOf(app: App, { id, label }: ConnectionView): Command[] {
  const list = app.actions.for(id);
  return list.all.map((action) => ({
    id: `action-${action.id}`,
    group: words.groups.here,
    label: action.label,
    detail: label,
    run: () => {
      list.chosen = action.id;
      app.route.openConnection(id, "actions");
    },
  }));
}

function ofApp(app: App): Command[] {
  const group = words.groups.app;
  const themes: Theme[] = ["light", "dark", "system"];
  const command: Make = (label, run, keys) => ({
    id: `app-${label}`,
    group,
    label,
    keys,
    run,
  });
  return [
    command(appWords.overview, () => app.route.open("overview"), "Alt 0"),
    ...renewing(app, command),
    command(appWords.addConnection, () => app.route.open("add"), "Ctrl N"),
    command(appWords.providers, () => app.route.open("providers"), "Ctrl P"),
    command(appWords.programs, () => app.route.open("programs")),
    programSwitch(app, command),
    command(appWords.inspector, () => app.route.open("inspector")),
    command(words.compareTwo, () => app.route.compare(null)),
    command(transferWords.title, () => app.route.open("transfers"), "Ctrl J"),
    command(runWords.title, () => app.route.openRuns(), "Alt R"),
    command(checkWords.title, () => app.route.open("checks"), "Alt C"),
    command(appWords.activity, () => app.route.open("activity")),
    command(appWords.settings, () => app.route.open("settings")),
    command(storeWords.title, () => app.route.openStore()),
    ...ofStore(app, command),
    ...themes.map((theme) =>
      command(words.theme[theme], () => void app.tell(() => app.settings.useTheme(theme))),
    ),
    command(words.keys, () => app.overlays.open({ kind: "keys" }), "?"),
  ];
}

type Make = (label: string, run: () => void, keys?: string) => Command;

function renewing(app: App, command: Make): Command[] {
  const waiting = due(app.connections.list, app.clock.now).map(({ id }) => id);
  return waiting.length > 0 ? [command(words.renewDue, () => void app.renewAll(waiting))] : [];
}

function programSwitch(app: App, command: Make): Command {
  const { on } = app.broker.settings;
  const turn = () => void app.tell(() => app.broker.set({ on: !on }));
  return command(on ? words.programsOff : words.programsOn, turn);
}

/** What the place of the tokens needs or allows now. Moving to another place is done in the settings only. */
function ofStore(app: App, command: Make): Command[] {
  const { kept_in, state } = app.status.store;
  const lock = () => void app.tell(() => app.status.lockFile(), storeWords.locked);
  if (kept_in === "file" && state === "ready") return [command(words.lockFile, lock)];
  if (kept_in === "file" && state === "locked")
    return [command(words.openPassphrase, () => app.overlays.open({ kind: "passphrase" }))];
  const again = () => void app.tell(() => app.status.useKeychain());
  return kept_in === "keychain" && state !== "ready" ? [command(words.tryKeychain, again)] : [];
}
