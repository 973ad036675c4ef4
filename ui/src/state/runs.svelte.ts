import type { Backend } from "../backend/backend";
import { errorView } from "../backend/backend";
import type {
  ActionRequest,
  ActivityEntry,
  ErrorView,
  RunEvent,
  RunView,
  TargetResult,
} from "../bindings";
import { Keyed } from "./keyed";
import { reread } from "./reread";

const MOST_ENTRIES = 60;

/** The last run of one action: what came back, and what happened on the way. */
export class Run {
  id = $state<string | null>(null);
  running = $state(false);
  stopped = $state(false);
  total = $state(0);
  results = $state.raw<TargetResult[]>([]);
  error = $state.raw<ErrorView | null>(null);
  happened = $state.raw<ActivityEntry[]>([]);
  selected = $state(0);
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

  get failed(): TargetResult[] {
    return this.results.filter(({ error }) => error !== null);
  }

  get hasAnything(): boolean {
    return this.running || this.results.length > 0 || this.error !== null;
  }

  async start(request: ActionRequest): Promise<void> {
    if (this.running) return;
    Object.assign(this, { id: null, running: true, stopped: false, total: 0, selected: 0 });
    this.results = [];
    this.happened = [];
    this.error = null;
    this.sent = JSON.stringify(request.values);
    try {
      this.#finish(await this.#backend.startRun(request, (event) => this.#hear(event)));
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

  #hear(event: RunEvent): void {
    // A late message must not undo what the finished run said.
    if (!this.running) return;
    if (event.kind === "started") {
      this.id = event.run;
      this.total = event.total;
    } else this.results = [...this.results, ...event.results];
  }

  #finish(view: RunView): void {
    this.id = view.id;
    this.total = view.total;
    this.stopped = view.stopped;
    this.results = view.results;
    this.running = false;
    // What failed is what one wants to see first, unless a row was chosen meanwhile.
    const failed = view.results.findIndex(({ error }) => error !== null);
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
