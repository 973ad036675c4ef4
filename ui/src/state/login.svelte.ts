import type { Backend } from "../backend/backend";
import type { LogIn, LoginView, StartLogin } from "../bindings";
import { reread } from "./reread";

/** Logins under way. The one that counts for a connection is the one started last. */
export class Logins {
  #all = $state.raw<LoginView[]>([]);
  /** Ended logins the person has seen the end of. */
  #seen = $state.raw<readonly string[]>([]);
  readonly load: () => Promise<void>;
  /** Logins seen waiting, whose good end is still to be told. */
  #awaited: readonly string[] = [];
  #backend: Backend;

  constructor(backend: Backend, onDone: (connection: string) => void) {
    this.#backend = backend;
    this.load = reread(async () => {
      this.#all = await backend.listLogins();
      for (const login of this.#all) this.#watch(login, onDone);
    });
  }

  #watch(login: LoginView, onDone: (connection: string) => void): void {
    if (login.state === "waiting" || login.state === "exchanging") this.#await(login.id);
    else if (this.#awaited.includes(login.id)) {
      this.#awaited = this.#awaited.filter((id) => id !== login.id);
      if (login.state === "done") onDone(login.connection);
    }
  }

  #await(login: string): void {
    if (!this.#awaited.includes(login)) this.#awaited = [...this.#awaited, login];
  }

  current(connection: string | null): LoginView | undefined {
    const last = this.#all.findLast((one) => one.connection === connection);
    return last && !this.#seen.includes(last.id) ? last : undefined;
  }

  isWaiting(connection: string): boolean {
    const state = this.current(connection)?.state;
    return state === "waiting" || state === "exchanging";
  }

  /** What ended before need not be told again. */
  forgetEnded(connection: string | null): void {
    const ended = this.current(connection);
    if (ended && ended.state !== "waiting" && ended.state !== "exchanging")
      this.#seen = [...this.#seen, ended.id];
  }

  async start(request: StartLogin): Promise<LoginView> {
    const login = await this.#backend.startLogin(request);
    this.#await(login.id);
    await this.load();
    return login;
  }

  async finish(login: string, redirectUrl: string): Promise<void> {
    await this.#backend.finishLogin({ login, redirect_url: redirectUrl });
    await this.load();
  }

  async cancel(login: string): Promise<void> {
    await this.#backend.cancelLogin(login);
    await this.load();
  }

  /** A way in that is answered at once: its fields are sent, or are the token. */
  async logIn(request: LogIn): Promise<void> {
    await this.#backend.logIn(request);
  }

  openPage(login: string): Promise<void> {
    return this.#backend.openLoginPage(login);
  }
}
