import type { Backend } from "../backend/backend";
import { errorView } from "../backend/backend";
import type { Draft, ErrorView, ExplorerRequest, RequestBody, SentView } from "../bindings";
import { blankBody, withAddress, withUrl } from "./request";
import { reread } from "./reread";

/** What of a request is looked at. */
export type RequestPart = "path" | "headers" | "body" | "response";
const WAIT_MS = 300;

/** A request that is open. What is typed is kept on the disk shortly after, and survives the window. */
export class OpenRequest {
  request = $state.raw<ExplorerRequest>({} as ExplorerRequest);
  name = $state<string | null>(null);
  /** Of the saved request that it was opened from, or is saved as. */
  saved = $state<string | null>(null);
  endpoint = $state<string | null>(null);
  answer = $state<string | null>(null);
  part = $state<RequestPart>("path");
  previewOpen = $state(false);
  /** Something was typed or sent: it is not replaced by another any more. */
  touched = $state(false);
  /** It is being handed to the core; what comes then is the answer's. */
  sending = $state(false);
  /** Why it was not sent. */
  error = $state.raw<ErrorView | null>(null);
  /** Why it could not be kept on the disk. What is typed is still here. */
  unkept = $state.raw<ErrorView | null>(null);
  /** What of a pasted command was not taken. */
  leftOut = $state.raw<readonly string[]>([]);
  readonly id: string;
  readonly connection: string;
  /** Keeps what is not kept yet, now. */
  readonly flush: () => Promise<void>;
  readonly #backend: Backend;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #waits = false;
  #closed = false;
  /** The page in place of which all are loaded, until it is there anew. */
  #first: string | null = null;
  /** What was typed for the other kinds of a body. */
  #bodies: Partial<Record<RequestBody["kind"], RequestBody>> = {};

  constructor(backend: Backend, draft: Draft) {
    this.#backend = backend;
    this.id = draft.id;
    this.connection = draft.connection;
    this.#take(draft);
    this.flush = reread(() => this.#keep());
  }

  get draft(): Draft {
    const { id, connection, name, saved, endpoint, request, answer } = this;
    return { id, connection, name, saved, endpoint, request, answer };
  }

  change(part: Partial<ExplorerRequest>): void {
    this.touched = true;
    this.error = null;
    this.request = { ...this.request, ...part };
    this.keepSoon();
  }

  setUrl(url: string): void {
    this.change(withUrl(this.request, url));
  }

  /** What was typed as the address, once one is done with it. */
  setAddress(text: string, base: string): void {
    this.change(withAddress(this.request, text, base));
  }

  setParameter(name: string, value: string): void {
    const parameters = this.request.parameters.map((row) =>
      row.name === name ? { ...row, value } : row,
    );
    this.change({ parameters });
  }

  setBodyKind(kind: RequestBody["kind"], example: string | null): void {
    const { body } = this.request;
    this.#bodies[body.kind] = body;
    this.change({ body: this.#bodies[kind] ?? blankBody(kind, example) });
  }

  /** Another one takes its place; nothing was typed into this. */
  become(draft: Pick<Draft, "name" | "saved" | "endpoint" | "request">): void {
    this.#take({ ...this.draft, ...draft, answer: null });
    this.#bodies = {};
    [this.error, this.leftOut, this.part] = [null, [], "path"];
    this.keepSoon();
  }

  keepSoon(): void {
    this.#waits = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush(), WAIT_MS);
  }

  /**
   * Gives what was begun; "elsewhere" where the person is to be asked first; none where it failed, as `error` says. With the
   * other origin that was confirmed.
   */
  async send(elsewhere: string | null = null): Promise<SentView | "elsewhere" | null> {
    if (this.sending) return null;
    [this.sending, this.touched, this.error] = [true, true, null];
    try {
      await this.flush();
      const { connection, id, request } = this;
      const sent = await this.#backend.sendRequest(connection, id, request, elsewhere);
      [this.answer, this.#first] = [sent.id, null];
      this.part = "response";
      this.keepSoon();
      return sent;
    } catch (thrown) {
      const error = errorView(thrown);
      if (error.code === "other_origin" && elsewhere === null) return "elsewhere";
      this.error = error;
      return null;
    } finally {
      this.sending = false;
    }
  }

  /** All pages are loaded, of which this is to be the answer. */
  loadsAll(answer: string): void {
    [this.answer, this.#first] = [answer, this.answer];
    this.keepSoon();
  }

  /** How its answer stands. Where not even the first page came anew, the one that was there is in view again. */
  stands({ id, state, pages, error }: SentView): void {
    if (id !== this.answer || this.#first === null) return;
    if (pages !== null) this.#first = null;
    else if (state === "failed" || state === "cancelled")
      [this.answer, this.#first, this.error] = [this.#first, null, error];
  }

  /** Gone for good, with its answer. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    // One that is being kept must not come back after it was closed.
    await this.flush();
    this.#closed = true;
    await this.#backend.closeDraft(this.id).catch((thrown: unknown) => {
      this.#closed = false;
      throw thrown;
    });
  }

  #take({ request, name, saved, endpoint, answer }: Draft): void {
    this.request = request;
    this.name = name;
    this.saved = saved;
    this.endpoint = endpoint;
    this.answer = answer;
  }

  async #keep(): Promise<void> {
    clearTimeout(this.#timer);
    if (!this.#waits || this.#closed) return;
    this.#waits = false;
    try {
      await this.#backend.saveDraft(this.draft);
      this.unkept = null;
    } catch (thrown) {
      this.#waits = true;
      this.unkept = errorView(thrown);
    }
  }
}
