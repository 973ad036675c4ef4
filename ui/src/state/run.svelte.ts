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
import { reread } from "./reread";

const MOST_ENTRIES = 60;
/** A run over more than these has a screen of its own; over so few all rows are read, with their answers. */
export const FEW = 20;

type Hear = (event: RunEvent) => void;
/** Begins a run whose moves are heard. */
export type Begin = (hear: Hear) => Promise<RunView>;

export const isThrough = ({ state }: RunRow): boolean => state !== "waiting" && state !== "sending";

/** Nothing moves any more, or not before a person says so. */
export const isOver = ({ state, counts }: RunView): boolean =>
  state === "done" || state === "interrupted" || (state !== "running" && counts.sending === 0);

/** Begins a run, and answers how it stands when it is over or waits for the person. */
function followed(begin: Begin, hear: Hear): Promise<RunView> {
  return new Promise((resolve, reject) => {
    const heard = (event: RunEvent) => {
      hear(event);
      if (isOver(event.run)) resolve(event.run);
    };
    begin(heard).then((run) => heard({ kind: "moved", run, rows: [] }), reject);
  });
}

/** The last run of one action: what came back, and what happened on the way. */
export class Run {
  view = $state.raw<RunView | null>(null);
  running = $state(false);
  /** Of a run over a few; of one over many, its screen reads what it shows. */
  results = $state.raw<RunRow[]>([]);
  error = $state.raw<ErrorView | null>(null);
  happened = $state.raw<ActivityEntry[]>([]);
  selected = $state(0);
  /** Why the chosen one was refused is laid open. */
  explained = $state(false);
  /** The form the run was started with, so that a form left as it was is not sent again by itself. */
  sent = $state.raw<string | null>(null);
  readonly readActivity: () => Promise<void>;
  /** Rises with each run: what an earlier one says later is not shown. */
  #turn = 0;
  #backend: Backend;
  #tell: (run: RunView) => void;

  /** `tell` hears how it stands, also when it is no longer shown here. */
  constructor(backend: Backend, tell: (run: RunView) => void = () => undefined) {
    this.#backend = backend;
    this.#tell = tell;
    this.readActivity = reread(async () => {
      const run = this.id;
      if (run === null) return;
      const query = { connection: null, run, search: null, before: null, limit: MOST_ENTRIES };
      const entries = (await backend.listActivity(query)).toReversed();
      if (run === this.id) this.happened = entries;
    });
  }

  get id(): string | null {
    return this.view?.id ?? null;
  }

  get total(): number {
    return this.view?.counts.total ?? 0;
  }

  get stopped(): boolean {
    return this.view?.state === "stopped";
  }

  get failed(): RunRow[] {
    return this.results.filter(({ error }) => error !== null);
  }

  get hasAnything(): boolean {
    return this.running || this.results.length > 0 || this.error !== null;
  }

  /** It is over many, or waits for a person with something left to send: then it is shown on a screen of its own. */
  get isLarge(): boolean {
    const waits = this.view?.state === "paused" || this.view?.state === "interrupted";
    return this.total > FEW || (this.total > 1 && waits);
  }

  /** Chooses a result, and shows why it was refused. */
  explain(index: number): void {
    this.selected = index;
    this.explained = true;
  }

  /** Begins a run of a form; `confirmed` where the person has said that it may go to so many. */
  async start(request: ActionRequest, confirmed = false): Promise<void> {
    if (this.running) return;
    this.sent = JSON.stringify(request.values);
    await this.follow((hear) => this.#backend.startRun(request, { confirmed }, hear));
  }

  /** Begins a run and shows it in place of the one before. How it ended; none where it did not begin: `error` says why. */
  async follow(begin: Begin): Promise<RunView | null> {
    const turn = ++this.#turn;
    const isCurrent = () => turn === this.#turn;
    this.#clear();
    this.running = true;
    try {
      const ended = await followed(begin, (event) => {
        this.#tell(event.run);
        if (isCurrent()) this.#hear(event);
      });
      if (isCurrent()) await this.#finish(ended, isCurrent);
      return ended;
    } catch (thrown) {
      if (isCurrent()) this.error = errorView(thrown);
      return null;
    } finally {
      if (isCurrent()) {
        this.running = false;
        await this.readActivity().catch(() => undefined);
      }
    }
  }

  /** Shows a run that was begun elsewhere. */
  adopt(run: string): Promise<RunView | null> {
    return this.follow((hear) => this.#backend.watchRun(run, hear));
  }

  /** Turns to the form again. A run that goes on does so, and is found among the runs. */
  leave(): void {
    this.#turn += 1;
    this.running = false;
    this.#clear();
  }

  async stop(): Promise<void> {
    if (this.id !== null && this.running) await this.#backend.stopRun(this.id);
  }

  #clear(): void {
    Object.assign(this, { view: null, error: null, results: [], happened: [] });
    Object.assign(this, { selected: 0, explained: false });
  }

  #hear({ run, rows }: RunEvent): void {
    // What began a run answers after the first that moved.
    if (this.view !== null && rows.length === 0 && isOver(this.view)) return;
    this.view = run;
    if (run.counts.total > FEW) return;
    const told = rows.filter(isThrough);
    const numbers = told.map((row) => row.number);
    const others = this.results.filter((row) => !numbers.includes(row.number));
    this.results = [...others, ...told].sort((one, other) => one.number - other.number);
  }

  async #finish(run: RunView, isCurrent: () => boolean): Promise<void> {
    this.view = run;
    const results = run.counts.total > FEW ? [] : await this.#rows(run.id);
    if (!isCurrent()) return;
    this.results = results;
    if (run.note !== null) this.error = { ...errorView(new Error("")), code: run.note };
    // What failed is what one wants to see first, unless a row was chosen meanwhile.
    const failed = this.results.findIndex(({ error }) => error !== null);
    if (this.selected === 0 && failed > 0) this.selected = failed;
  }

  async #rows(run: string): Promise<RunRow[]> {
    const { rows } = await this.#backend.readRun(run, null, null, 0, FEW);
    const whole = ({ number }: RunRow) => this.#backend.readRunRow(run, number);
    return Promise.all(rows.filter(isThrough).map(whole));
  }
}
