import type { Backend } from "../backend/backend";
import { errorView } from "../backend/backend";
import type {
  Comparison,
  CopyForm,
  DecodedToken,
  ErrorView,
  Introspection,
  LogOutView,
  Refusal,
  RefusedAnswer,
  TokenDetails,
  VerifiedToken,
  VerifyToken,
  WhichToken,
} from "../bindings";
import { reread } from "./reread";

/** What came of asking the server about a token. */
export type Asked = { answer: Introspection } | { error: ErrorView };

const SHOWN_MS = 10_000;

/** What the token of one connection says. Masked: the value itself is not here, but for the moment it is shown. */
export class TokenReading {
  details = $state.raw<TokenDetails | null>(null);
  error = $state.raw<ErrorView | null>(null);
  revealed = $state.raw<string | null>(null);
  hidesAt = $state<number | null>(null);
  readonly load: () => Promise<void>;
  #backend: Backend;
  #connection: string;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(backend: Backend, connection: string) {
    this.#backend = backend;
    this.#connection = connection;
    this.load = reread(async () => {
      try {
        this.details = await backend.readToken(connection);
        this.error = null;
      } catch (thrown) {
        this.error = errorView(thrown);
      }
    });
  }

  async reveal(): Promise<void> {
    const value = await this.#backend.revealToken(this.#connection);
    this.hide();
    this.revealed = value;
    this.hidesAt = Date.now() + SHOWN_MS;
    this.#timer = setTimeout(() => {
      this.hide();
    }, SHOWN_MS);
  }

  hide(): void {
    clearTimeout(this.#timer);
    this.revealed = null;
    this.hidesAt = null;
  }
}

export class Tokens {
  #backend: Backend;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  read(connection: string): TokenReading {
    return new TokenReading(this.#backend, connection);
  }

  copy(connection: string, form: CopyForm): Promise<void> {
    return this.#backend.copyToken(connection, form);
  }

  decode(token: string): Promise<DecodedToken> {
    return this.#backend.decodeToken(token);
  }

  verify(request: VerifyToken): Promise<VerifiedToken> {
    return this.#backend.verifyToken(request);
  }

  compare(first: WhichToken, second: WhichToken): Promise<Comparison> {
    return this.#backend.compareTokens(first, second);
  }

  introspect(connection: string): Promise<Introspection> {
    return this.#backend.introspectToken(connection);
  }

  explain(answer: RefusedAnswer): Promise<Refusal> {
    return this.#backend.explainRefusal(answer);
  }

  async renew(connection: string): Promise<void> {
    await this.#backend.renewToken(connection);
  }

  logOut(connection: string): Promise<LogOutView> {
    return this.#backend.logOut(connection);
  }
}
