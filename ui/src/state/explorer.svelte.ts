import type { Backend } from "../backend/backend";
import { blankRequest, errorView } from "../backend/backend";
import type {
  Draft,
  Endpoint,
  ErrorView,
  ExplorerPreview,
  ExplorerRequest,
  SavedRequest,
} from "../bindings";
import { Catalogues } from "./catalogues.svelte";
import { Keyed } from "./keyed";
import { OpenRequest } from "./open-request.svelte";
import { requestOf } from "./request";
import { SavedRequests } from "./saved-requests.svelte";
import { Variables } from "./variables.svelte";

type Begun = Pick<Draft, "name" | "saved" | "endpoint" | "request">;
const begun = (request: ExplorerRequest, more: Partial<Begun> = {}): Begun => ({
  name: null,
  saved: null,
  endpoint: null,
  request,
  ...more,
});

/** Any request to the API of one connection: what it has, what is open, what is kept. */
export class Explorer {
  open = $state.raw<OpenRequest[]>([]);
  loaded = $state(false);
  /** The address that paths stand below; empty until it is known. */
  base = $state("");
  error = $state.raw<ErrorView | null>(null);
  readonly connection: string;
  readonly catalogues: Catalogues;
  readonly saved: SavedRequests;
  readonly variables: Variables;
  #chosen = $state<string | null>(null);
  #closed = $state.raw<Draft[]>([]);
  /** Origins that the person let requests go to, until the window is closed. */
  #allowed: readonly string[] = [];
  readonly #backend: Backend;

  constructor(backend: Backend, connection: string) {
    this.#backend = backend;
    this.connection = connection;
    this.catalogues = new Catalogues(backend, connection);
    this.saved = new SavedRequests(backend, connection);
    this.variables = new Variables(backend, connection);
  }

  get current(): OpenRequest | undefined {
    return this.open.find(({ id }) => id === this.#chosen) ?? this.open.at(-1);
  }

  get mayReopen(): boolean {
    return this.#closed.length > 0;
  }

  /** Once: what is open lives here from then on. */
  async load(): Promise<void> {
    await Promise.all([
      this.catalogues.load(),
      this.saved.load(),
      this.variables.load().catch(() => undefined),
      this.#loadBase().catch(() => undefined),
      this.loaded ? undefined : this.#loadDrafts(),
    ]);
  }

  choose(id: string): void {
    void this.flush();
    this.#chosen = id;
  }

  /** The one beside it, round at the ends. */
  step(by: 1 | -1): void {
    const at = this.open.findIndex(({ id }) => id === this.current?.id);
    const next = this.open.at((at + by) % Math.max(1, this.open.length));
    if (next) this.choose(next.id);
  }

  begin(): OpenRequest {
    return this.#add(begun(blankRequest()));
  }

  openEndpoint(endpoint: Endpoint): OpenRequest {
    return this.#show(begun(requestOf(endpoint), { endpoint: endpoint.id }));
  }

  openSaved(saved: SavedRequest): OpenRequest {
    const there = this.open.find((one) => one.saved === saved.id);
    if (there) {
      this.choose(there.id);
      return there;
    }
    const { request, name, endpoint } = saved;
    return this.#show(begun(request, { name, endpoint, saved: saved.id }));
  }

  /** Of a request that was sent before, as the history has it. */
  openCopy(request: ExplorerRequest): OpenRequest {
    return this.#show(begun(request));
  }

  /** A command that was pasted. */
  async openCurl(text: string): Promise<OpenRequest> {
    const read = await this.#backend.readCurl(this.connection, text);
    const open = this.#show(begun(read.request));
    open.touched = true;
    open.leftOut = read.left_out;
    return open;
  }

  async close(open: OpenRequest): Promise<void> {
    const at = this.open.indexOf(open);
    await open.close();
    this.open = this.open.filter((one) => one !== open);
    this.#closed = [...this.#closed, open.draft];
    if (this.#chosen === open.id) this.#chosen = (this.open[at] ?? this.open.at(-1))?.id ?? null;
  }

  /** The one closed last; its answer is gone. */
  reopen(): void {
    const last = this.#closed.at(-1);
    if (!last) return;
    this.#closed = this.#closed.slice(0, -1);
    this.#add(last).touched = true;
  }

  async save(open: OpenRequest, name: string, folder: string, id = open.saved): Promise<void> {
    const { connection, endpoint, request } = open;
    const kept = await this.saved.save({
      id: id ?? crypto.randomUUID(),
      connection,
      folder,
      name,
      endpoint,
      request,
    });
    [open.saved, open.name, open.touched] = [kept.id, kept.name, true];
    open.keepSoon();
  }

  /** Another name or folder for one that is saved. */
  async rename(saved: SavedRequest, name: string, folder: string): Promise<void> {
    await this.saved.save({ ...saved, name, folder });
    for (const open of this.open.filter((one) => one.saved === saved.id)) {
      open.name = name;
      open.keepSoon();
    }
  }

  /** What is open of it stays. */
  async remove(saved: SavedRequest): Promise<void> {
    await this.saved.remove(saved.id);
    for (const open of this.open.filter((one) => one.saved === saved.id)) {
      open.saved = null;
      open.keepSoon();
    }
  }

  preview(request: ExplorerRequest): Promise<ExplorerPreview> {
    return this.#backend.previewExplorerRequest(this.connection, request);
  }

  curl(request: ExplorerRequest): Promise<string> {
    return this.#backend.copyAsCurl(this.connection, request);
  }

  isAllowed(origin: string): boolean {
    return this.#allowed.includes(origin);
  }

  allow(origin: string): void {
    this.#allowed = [...this.#allowed, origin];
  }

  async flush(): Promise<void> {
    await Promise.all(this.open.map((one) => one.flush()));
  }

  /** The core knows where a path leads. */
  async #loadBase(): Promise<void> {
    const { url } = await this.preview({ ...blankRequest(), url: "/" });
    this.base = url.replace(/\/$/, "");
  }

  async #loadDrafts(): Promise<void> {
    try {
      const drafts = await this.#backend.listDrafts(this.connection);
      if (this.loaded) return;
      // What was begun meanwhile stays.
      const before = drafts.filter((draft) => !this.open.some(({ id }) => id === draft.id));
      this.open = [...before.map((draft) => this.#kept(draft)), ...this.open];
      this.#chosen ??= this.open.at(-1)?.id ?? null;
      this.loaded = true;
      this.error = null;
    } catch (thrown) {
      this.error = errorView(thrown);
    }
  }

  #kept(draft: Draft): OpenRequest {
    const open = new OpenRequest(this.#backend, draft);
    open.touched = true;
    if (draft.answer !== null) open.part = "response";
    return open;
  }

  /** In place of the one in view where nothing was done with that, else beside it. */
  #show(wanted: Begun): OpenRequest {
    const { current } = this;
    if (!current || current.touched) return this.#add(wanted);
    current.become(wanted);
    return current;
  }

  #add(wanted: Begun): OpenRequest {
    const draft = { ...wanted, id: crypto.randomUUID(), connection: this.connection, answer: null };
    const open = new OpenRequest(this.#backend, draft);
    this.open = [...this.open, open];
    this.choose(open.id);
    open.keepSoon();
    return open;
  }
}

export class Explorers extends Keyed<Explorer> {
  constructor(backend: Backend) {
    super((connection) => new Explorer(backend, connection));
  }
}
