// Requests of the explorer that the fake was sent, and windows onto what it answers.
import type { AnswerShape, SentView } from "../../bindings";
import type { Backend } from "../backend";
import { cellsOf, files, type Body } from "./bodies";
import { fail, type Desk } from "./desk";
import { Tree } from "./json-tree";
import { at, fault } from "./people";
import { picture } from "./pictures";
import { NOTHING, PAGE_ROWS, said } from "./said";

type Commands = Pick<
  Backend,
  | "readSent"
  | "cancelSent"
  | "loadAllPages"
  | "openAnswer"
  | "readJsonRows"
  | "toggleJsonRow"
  | "revealJson"
  | "readTableRows"
  | "readTextRows"
  | "readHexRows"
  | "searchAnswer"
  | "answerMatch"
  | "readJsonValue"
  | "readAnswerImage"
  | "saveAnswer"
  | "readAnswerBytes"
>;
type Kept = {
  view: SentView;
  body: Body;
  tree: Tree | null;
  found: [offset: number, row: number][];
};

const EVERY_MS = 60;
const HEX = 16;

export class SentAnswers {
  readonly #desk: Desk;
  readonly #kept = new Map<string, Kept>();

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** Answers at once; what comes is told by facts. */
  begin(connection: string, draft: string | null, method: string, url: string): SentView {
    const { body, more } = said(url);
    const id = this.#desk.id("answer");
    const view: SentView = {
      id,
      connection,
      draft,
      at: at(0),
      state: "sending",
      method,
      url,
      sent_headers: [
        { name: "authorization", value: "Bearer •••" },
        { name: "accept", value: "application/json" },
      ],
      sent_body: method === "GET" ? null : '{"name":"Press kit"}',
      status: null,
      version: "HTTP/1.1",
      headers: [],
      media_type: "",
      kind: "empty",
      received: 0,
      size: null,
      phases: { dns_ms: null, connect_ms: null, tls_ms: null, wait_ms: null, transfer_ms: null },
      hops: [],
      replayed: false,
      error: null,
      refusal: null,
      pages: null,
    };
    const tree = body.root ? new Tree(body.root) : null;
    this.#kept.set(id, { view, body, tree, found: [] });
    if (!url.includes("slow")) this.set(id, this.#done(body, more));
    else void this.#slowly(id, body, more);
    return view;
  }

  find(id: string): Kept {
    return this.#kept.get(id) ?? fail(fault("invalid_input", "There is no such answer."));
  }

  set(id: string, change: Partial<SentView>): SentView {
    const kept = this.find(id);
    kept.view = { ...kept.view, ...change };
    setTimeout(() => this.#desk.emit("sentChanged", { answer: id }));
    return kept.view;
  }

  /** All pages, as another answer. */
  loadAll(first: string): SentView {
    const id = this.#desk.id("answer");
    const { view: before } = this.find(first);
    const view: SentView = { ...before, id, state: "sending", received: 0, pages: null };
    this.#kept.set(id, { view, body: NOTHING, tree: null, found: [] });
    void this.#pages(id);
    return view;
  }

  async #pages(id: string): Promise<void> {
    for (let page = 1; page <= 9; page += 1) {
      await wait(EVERY_MS);
      const kept = this.find(id);
      if (kept.view.state === "cancelled") return;
      if (kept.view.url.includes("once")) {
        this.set(id, { state: "failed", error: fault("server_failed", "", { status: 500 }) });
        return;
      }
      kept.body = files(page * PAGE_ROWS);
      kept.tree = kept.body.root && new Tree(kept.body.root);
      const [rows, more] = [page * PAGE_ROWS, page < 9];
      const pages = { loaded: page, rows, of: 9, more };
      this.set(id, { pages, received: kept.body.size, state: more ? "receiving" : "done" });
    }
  }

  #done(body: Body, more: Partial<SentView>): Partial<SentView> {
    return {
      state: "done",
      status: 200,
      received: body.size,
      size: body.size,
      headers: [
        { name: "content-type", value: more.media_type ?? "" },
        { name: "link", value: '<https://api.example/files?page=2>; rel="next"' },
        { name: "x-request-id", value: "5ce0a1" },
      ],
      phases: { dns_ms: 12, connect_ms: 21, tls_ms: 48, wait_ms: 84, transfer_ms: 19 },
      ...more,
    };
  }

  async #slowly(id: string, body: Body, more: Partial<SentView>): Promise<void> {
    for (let part = 1; part <= 40; part += 1) {
      await wait(EVERY_MS);
      if (this.find(id).view.state === "cancelled") return;
      const received = Math.floor((body.size * part) / 40);
      this.set(id, { ...this.#done(body, more), state: "receiving", received, size: body.size });
    }
    this.set(id, this.#done(body, more));
  }
}

const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

function shapeOf({ view, body, tree }: Kept): AnswerShape {
  const json = tree && { fault: body.fault, rows: tree.rows, table: body.table };
  const hex_rows = Math.ceil(body.size / HEX);
  return {
    id: view.id,
    size: body.size,
    whole: view.state !== "receiving" && view.state !== "sending",
    json: json ?? null,
    text: body.isText,
    text_rows: body.lines,
    hex_rows,
  };
}

function hexRow({ body }: Kept, row: number) {
  const offset = row * HEX;
  const codes = Array.from({ length: Math.min(HEX, body.size - offset) }, (_, index) => {
    if (!body.isText) return ((offset + index) * 197) % 256;
    const line = lineAt(body, offset + index);
    return (body.line(line).charCodeAt(offset + index - body.begins(line)) || 10) & 255;
  });
  const readable = (code: number) => (code >= 32 && code < 127 ? String.fromCharCode(code) : ".");
  const hex = codes.map((code) => code.toString(16).padStart(2, "0")).join(" ");
  return { offset, hex, text: codes.map(readable).join("") };
}

function lineAt(body: Body, offset: number): number {
  let [low, high] = [0, body.lines];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (body.begins(middle) <= offset) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

const some = <T>(from: number, count: number, total: number, row: (at: number) => T): T[] =>
  Array.from({ length: Math.max(0, Math.min(count, total - from)) }, (_, at) => row(from + at));

export function answering(sent: SentAnswers): Commands {
  const find = (id: string) => sent.find(id);
  return {
    readSent: async (id) => find(id).view,
    cancelSent: async (id) => sent.set(id, { state: "cancelled" }),
    loadAllPages: async (id) => sent.loadAll(id),
    openAnswer: async (id) => shapeOf(find(id)),
    readJsonRows: async (id, from, count) => {
      const { tree } = find(id);
      return some(from, count, tree?.rows ?? 0, (row) => tree?.row(row) ?? []).flat();
    },
    toggleJsonRow: async (id, row, open, all) => find(id).tree?.toggle(row, open, all) ?? 0,
    revealJson: async (id, offset) => find(id).tree?.reveal(offset) ?? 0,
    readTableRows: async (id, from, count) => {
      const { body } = find(id);
      const { root } = body;
      if (!root) return [];
      return some(from, count, body.table?.rows ?? 0, (row) => {
        const item = root.child(row);
        return { row, offset: item.offset, cells: cellsOf(item) };
      });
    },
    readTextRows: async (id, from, count) => {
      const { body } = find(id);
      const row = (at: number) => ({
        row: at,
        line: at + 1,
        begins_line: true,
        text: body.line(at),
      });
      return some(from, count, body.lines, row);
    },
    readHexRows: async (id, from, count) =>
      some(from, count, Math.ceil(find(id).body.size / HEX), (row) => hexRow(find(id), row)),
    searchAnswer: async (id, text, matchCase) => {
      const kept = find(id);
      const { body } = kept;
      const fold = (of: string) => (matchCase ? of : of.toLowerCase());
      const lines = Array.from({ length: Math.min(body.lines, 200_000) }, (_, row) => row);
      kept.found = lines.flatMap((row) => {
        const place = fold(body.line(row)).indexOf(fold(text));
        return place < 0 ? [] : [[body.begins(row) + place, row] as [number, number]];
      });
      return { total: Math.min(kept.found.length, 100_000), cut: kept.found.length > 100_000 };
    },
    answerMatch: async (id, number) => {
      const [offset, row] =
        find(id).found[number] ?? fail(fault("invalid_input", "No such match."));
      return { offset, json_row: null, text_row: row };
    },
    readJsonValue: async (id, offset) => {
      const { tree } = find(id);
      const found = tree?.pointer(offset);
      return { pointer: found?.pointer ?? "", text: found?.node.source ?? "", cut: false };
    },
    readAnswerImage: (id) => picture(`/${id.replace(/\D/g, "")}.jpg`),
    saveAnswer: async (id) => `/home/alice/Downloads/${id}.json`,
    readAnswerBytes: async (id, from, count) => {
      const { body } = find(id);
      const text = Array.from({ length: body.lines }, (_, row) => body.line(row)).join("\n");
      return btoa(String.fromCharCode(...new TextEncoder().encode(text.slice(from, from + count))));
    },
  };
}
