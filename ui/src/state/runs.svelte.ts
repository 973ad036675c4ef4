import type { Backend } from "../backend/backend";
import { errorView } from "../backend/backend";
import type {
  ActionRequest,
  ActivityEntry,
  ErrorView,
  RunEvent,
  RunRow,
  RunView,
} from "../bindings";
import { Keyed } from "./keyed";
import { reread } from "./reread";

const MOST_ENTRIES = 60;
/** Rows that are read at once, and up to how many their bodies are read too. */
const PAGE = 500;
const WITH_BODIES = 100;

const isOver = ({ state, counts }: RunView): boolean =>
  state === "done" || ((state === "stopped" || state === "paused") && counts.sending === 0);
const isThrough = ({ state }: RunRow): boolean => state !== "waiting" && state !== "sending";

/** The last run of one action: what came back, and what happened on the way. */
export class Run {
  id = $state<string | null>(null);
  running = $state(false);
  stopped = $state(false);
  total = $state(0);
  results = $state.raw<RunRow[]>([]);
  error = $state.raw<ErrorView | null>(null);
  happened = $state.raw<ActivityEntry[]>([]);
  selected = $state(0);
  /** Why the chosen one was refused is laid open. */
  explained = $state(false);
  /** The form the run was started with, so that a form left as it was is not sent again by itself. */
  sent = $state.raw<string | null>(null);
  readonly readActivity: () => Promise<void>;
  #backend: Backend;

  constructor(backend: Backend) {
    this.#backend = backend;
    this.readActivity = reread(async () => {
      const run = this.id;
      if (run === null) return;
      const query = { connection: null, run, search: null, before: null, limit: MOST_ENTRIES };
      this.happened = (await backend.listActivity(query)).toReversed();
    });
  }

  get failed(): RunRow[] {
    return this.results.filter(({ error }) => error !== null);
  }

  get hasAnything(): boolean {
    return this.running || this.results.length > 0 || this.error !== null;
  }

  /** Chooses a result, and shows why it was refused. */
  explain(index: number): void {
    this.selected = index;
    this.explained = true;
  }

  async start(request: ActionRequest): Promise<void> {
    if (this.running) return;
    Object.assign(this, { id: null, running: true, stopped: false, total: 0, selected: 0 });
    this.results = [];
    this.happened = [];
    this.error = null;
    this.sent = JSON.stringify(request.values);
    try {
      await this.#finish(await this.#over(request));
    } catch (thrown) {
      this.error = errorView(thrown);
    } finally {
      this.running = false;
    }
    await this.readActivity().catch(() => undefined);
  }

  async stop(): Promise<void> {
    if (this.id !== null && this.running) await this.#backend.stopRun(this.id);
  }

  /** The run when it is over, or waits for the person. */
  #over(request: ActionRequest): Promise<RunView> {
    return new Promise((resolve, reject) => {
      const hear = (event: RunEvent) => {
        this.#hear(event);
        if (isOver(event.run)) resolve(event.run);
      };
      this.#backend.startRun(request, { confirmed: true }, hear).catch(reject);
    });
  }

  #hear({ run, rows }: RunEvent): void {
    // A late message must not undo what the finished run said.
    if (!this.running) return;
    this.id = run.id;
    this.total = run.counts.total;
    const told = rows.filter(isThrough);
    const numbers = told.map((row) => row.number);
    const others = this.results.filter((row) => !numbers.includes(row.number));
    this.results = [...others, ...told].sort((one, other) => one.number - other.number);
  }

  async #finish(run: RunView): Promise<void> {
    const results: RunRow[] = [];
    let read = PAGE;
    for (let offset = 0; read === PAGE; offset += PAGE) {
      const { rows } = await this.#backend.readRun(run.id, null, null, offset, PAGE);
      read = rows.length;
      results.push(...rows.filter(isThrough));
    }
    const whole = async ({ number }: RunRow) => this.#backend.readRunRow(run.id, number);
    this.results = results.length > WITH_BODIES ? results : await Promise.all(results.map(whole));
    this.stopped = run.state !== "done";
    if (run.note !== null) this.error = { ...errorView(new Error("")), code: run.note };
    this.running = false;
    // What failed is what one wants to see first, unless a row was chosen meanwhile.
    const failed = this.results.findIndex(({ error }) => error !== null);
    if (this.selected === 0 && failed > 0) this.selected = failed;
  }
}

export class Runs {
  #all: Keyed<Run>;

  constructor(backend: Backend) {
    this.#all = new Keyed(() => new Run(backend));
  }

  for(connection: string, action: string): Run {
    return this.#all.for(`${connection}/${action}`);
  }

  /** After a login: what failed may be read anew. */
  wake(connection: string): void {
    this.#all.each(`${connection}/`, (run) => {
      if (run.error !== null || run.failed.length > 0) run.sent = null;
    });
  }

  /** What came back is dropped with the connection that brought it. */
  drop(connection: string): void {
    this.#all.drop(`${connection}/`);
  }
}
