// Logins of the fake: with the browser, with a code, or at once.
import type * as T from "../../bindings";
import type { Backend } from "../backend";
import { fail, type Desk } from "./desk";
import { device } from "./device";
import { at, endlessToken, fault, freshToken } from "./people";

type Commands = Pick<
  Backend,
  "startLogin" | "finishLogin" | "cancelLogin" | "listLogins" | "openLoginPage" | "logIn"
>;

/** A secret is kept where it always is, or where it was asked for; what is not secret is remembered. */
function remember(desk: Desk, request: Omit<T.StartLogin, "receive_by">): void {
  const { connection, login, fields = {}, keep = [] } = request;
  const known = desk.method(connection, login)?.fields ?? [];
  const isKept = (field: T.FieldView) => field.keep === "always" || keep.includes(field.id);
  const secrets = known.filter(({ kind }) => kind === "secret");
  const open = known
    .filter(({ kind }) => kind !== "secret")
    .map(({ id }) => [id, fields[id] ?? ""]);
  const { parameters } = desk.find(connection);
  desk.setConnection(connection, {
    login,
    kept: secrets.filter(isKept).map(({ id }) => id),
    parameters: { ...parameters, ...Object.fromEntries(open) },
  });
}

function loggedIn(desk: Desk, connection: string, token: T.TokenView): T.ConnectionView {
  desk.note(connection, { kind: "token_kept", kept_in: desk.status.store.kept_in });
  return desk.setConnection(connection, { token, identity: "Alice Rodriguez" });
}

function complete(desk: Desk, id: string): T.LoginView {
  const { state, connection } = desk.findLogin(id);
  if (state !== "waiting") fail(fault("login_ended", "It is no longer waiting."));
  desk.note(connection, { kind: "login_completed", scope: "openid profile offline_access" });
  loggedIn(desk, connection, freshToken(120));
  return desk.setLogin(id, { state: "done" });
}

function start(desk: Desk, request: T.StartLogin): T.LoginView {
  const { connection, login, receive_by } = request;
  if (desk.options.portBusy && receive_by === "loopback")
    fail(fault("port_busy", "Port 8079 on 127.0.0.1 is used by another program."));
  const id = desk.id("l");
  const grant = desk.method(connection, login)?.grant ?? "authorization_code";
  const asked = grant === "device_code" ? device() : null;
  const loopback = "http://localhost:8079/authorization-code/callback";
  return {
    id,
    connection,
    state: "waiting",
    receive_by,
    grant,
    authorization_url: asked
      ? `${asked.verification_uri}?user_code=${asked.user_code}`
      : `https://auth.relaypro.com/realms/Relay/protocol/openid-connect/auth?state=${id}`,
    redirect_uri: receive_by === "uri_scheme" ? "dev.keydesk:/callback" : loopback,
    expires_at: at(desk.settings.login_seconds),
    browser_opened: !desk.options.browserFails,
    device: asked,
    error: null,
  };
}

export const loggingIn = (desk: Desk): Commands => ({
  startLogin: async (request) => {
    const login = start(desk, request);
    desk.logins = [...desk.logins, login];
    remember(desk, request);
    const { receive_by } = request;
    desk.note(
      request.connection,
      login.device ? { kind: "device_login_started" } : { kind: "login_started", receive_by },
    );
    desk.emit("loginChanged", { login: login.id });
    const after = desk.options.loginAfter ?? null;
    if (after !== null) setTimeout(() => complete(desk, login.id), after);
    return login;
  },
  finishLogin: async ({ login, redirect_url }) => {
    if (!redirect_url.includes("code=") || !redirect_url.includes("state="))
      fail(fault("not_our_redirect", "The address has no code and state."));
    return complete(desk, login);
  },
  cancelLogin: async (login) => {
    desk.note(desk.findLogin(login).connection, { kind: "login_cancelled" });
    return desk.setLogin(login, { state: "cancelled" });
  },
  listLogins: async () => desk.logins,
  openLoginPage: async (login) => void desk.findLogin(login),
  logIn: async (request) => {
    const { connection, login, fields } = request;
    // So that one can look at a refusal.
    if (fields["password"] === "wrong")
      fail(
        fault("credentials_refused", "pbx.hillside.example", { field: "password", status: 401 }),
      );
    const isPaste = desk.method(connection, login)?.grant === "paste";
    const isKey = isPaste && login !== "refresh_token";
    remember(desk, request);
    desk.note(
      connection,
      isPaste ? { kind: "token_imported" } : { kind: "login_completed", scope: null },
    );
    return loggedIn(desk, connection, isKey ? endlessToken : freshToken(120));
  },
});
