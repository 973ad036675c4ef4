// The pages of a PDF, drawn by pdf.js in a worker of its own. Nothing in it is run, no font or picture fetched from elsewhere.
import {
  getDocument,
  GlobalWorkerOptions,
  PDFDataRangeTransport,
} from "pdfjs-dist/legacy/build/pdf.mjs";
import type { PDFPageProxy } from "pdfjs-dist";
import type { TextContent } from "pdfjs-dist/types/src/display/api";
import worker from "pdfjs-dist/legacy/build/pdf.worker.min.mjs?url";

GlobalWorkerOptions.workerSrc = worker;

/** So many bytes are read at once. */
const AT_ONCE = 1024 * 1024;
/** A page is drawn no wider, in CSS pixels. */
const WIDEST = 900;

export type Pages = {
  amount: number;
  /** Answers what can be read on it; none where another page was asked for meanwhile. */
  draw: (page: number, canvas: HTMLCanvasElement, width: number) => Promise<string | null>;
  close: () => void;
};

type Read = (from: number, count: number) => Promise<Uint8Array>;

/** Of a file of which parts are read as they are needed. */
class Parts extends PDFDataRangeTransport {
  readonly #read: Read;

  constructor(size: number, first: Uint8Array, read: Read) {
    super(size, first);
    this.#read = read;
  }

  override requestDataRange(begin: number, end: number): void {
    void this.#read(begin, end - begin).then((bytes) => this.onDataRange(begin, bytes));
  }
}

/** By hand: WebKit's streams cannot be gone through with `for await`, as pdf.js would. */
async function textOf(page: PDFPageProxy): Promise<string> {
  const reader = page.streamTextContent().getReader() as ReadableStreamDefaultReader<TextContent>;
  const said: string[] = [];
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return said.join(" ");
    for (const item of value.items) if ("str" in item) said.push(item.str);
  }
}

export async function openPages(size: number, read: Read): Promise<Pages> {
  const first = await read(0, Math.min(size, AT_ONCE));
  const opening = getDocument({
    range: new Parts(size, first, read),
    rangeChunkSize: AT_ONCE,
    disableAutoFetch: true,
    disableStream: true,
    enableXfa: false,
    isEvalSupported: false,
    useWasm: false,
    useSystemFonts: true,
    stopAtErrors: false,
  });
  const file = await opening.promise;
  let turn = 0;
  return {
    amount: file.numPages,
    close: () => void opening.destroy(),
    draw: async (number, canvas, width) => {
      turn += 1;
      const mine = turn;
      const page = await file.getPage(number);
      const scale = Math.min(width, WIDEST) / page.getViewport({ scale: 1 }).width;
      const dots = globalThis.devicePixelRatio || 1;
      const viewport = page.getViewport({ scale: scale * dots });
      // Drawn aside, so that two pages asked for in a row do not mix.
      const aside = document.createElement("canvas");
      [aside.width, aside.height] = [Math.ceil(viewport.width), Math.ceil(viewport.height)];
      await page.render({ canvas: aside, viewport }).promise;
      if (mine !== turn) return null;
      [canvas.width, canvas.height] = [aside.width, aside.height];
      canvas.style.width = `${String(aside.width / dots)}px`;
      canvas.getContext("2d")?.drawImage(aside, 0, 0);
      return textOf(page);
    },
  };
}
