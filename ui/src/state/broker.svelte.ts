import type { Backend } from "../backend/backend";
import { errorView } from "../backend/backend";
import type {
  AskView,
  BrokerSettings,
  BrokerView,
  ErrorView,
  GrantFor,
  ProgramView,
} from "../bindings";
import { reread } from "./reread";

const UNSET: Required<BrokerSettings> = { on: false, tcp: false, tcp_port: null };
const OFF: BrokerView = {
  settings: UNSET,
  listening: false,
  socket: null,
  tcp: null,
  error: null,
  programs: [],
  asks: [],
};

/** Tokens for other programs: whether it listens, who may ask, and who is asking now. */
export class Broker {
  view = $state.raw<BrokerView>(OFF);
  error = $state.raw<ErrorView | null>(null);
  readonly load: () => Promise<void>;
  #backend: Backend;
  /** Answered here, and perhaps still in what is read meanwhile: nobody is asked twice. */
  #answered = $state.raw<readonly string[]>([]);

  constructor(backend: Backend) {
    this.#backend = backend;
    this.load = reread(async () => {
      try {
        this.view = await backend.readBroker();
        this.error = null;
      } catch (thrown) {
        this.error = errorView(thrown);
      }
    });
  }

  /** As the person set it; what was never set is off. */
  get settings(): Required<BrokerSettings> {
    return { ...UNSET, ...this.view.settings };
  }

  /** What waits for the person; what ended by itself is not asked any more. */
  waiting(now: number): AskView[] {
    return this.view.asks.filter(
      ({ id, ends_at }) => !this.#answered.includes(id) && Date.parse(ends_at) > now,
    );
  }

  nameOf(program: string): string {
    return this.view.programs.find(({ id }) => id === program)?.name ?? program;
  }

  async set(change: Partial<BrokerSettings>): Promise<void> {
    this.view = await this.#backend.setBroker({ ...this.settings, ...change });
  }

  /** The program as it was added. */
  async add(name: string): Promise<ProgramView | undefined> {
    const known = this.view.programs.map(({ id }) => id);
    this.view = await this.#backend.addProgram(name);
    return this.view.programs.find(({ id }) => !known.includes(id));
  }

  async remove(program: string): Promise<void> {
    this.view = await this.#backend.removeProgram(program);
  }

  async revoke(program: string, connection: string): Promise<void> {
    this.view = await this.#backend.revokeGrant(program, connection);
  }

  async answer(ask: string, grant: GrantFor | null): Promise<void> {
    this.view = await this.#backend.answerAsk(ask, grant);
    this.#answered = [...this.#answered, ask];
  }
}
