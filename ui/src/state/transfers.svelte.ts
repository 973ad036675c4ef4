import type { Backend } from "../backend/backend";
import { errorView } from "../backend/backend";
import type { ActionRequest, ChosenFile, ErrorView, TransferView } from "../bindings";
import { isHalted, isMoving, isOver } from "../words/transfers";
import { reread } from "./reread";

/** Files that are sent and fetched: those of this session, and what a form was given to send. */
export class Transfers {
  /** Newest first. */
  all = $state.raw<TransferView[]>([]);
  readonly load: () => Promise<void>;
  /** By what a form holds of it: the window knows a file's name and size, and never its path. */
  #chosen = $state.raw<Record<string, ChosenFile>>({});
  /** Why the last one of an action did not begin. What fails later is in the transfer. */
  #errors = $state.raw<Record<string, ErrorView | null>>({});
  #backend: Backend;

  constructor(backend: Backend) {
    this.#backend = backend;
    this.load = reread(async () => {
      this.all = await backend.listTransfers(null);
    });
  }

  get moving(): TransferView[] {
    return this.all.filter(isMoving);
  }

  get halted(): TransferView[] {
    return this.all.filter(isHalted);
  }

  get over(): TransferView[] {
    return this.all.filter(isOver);
  }

  of(connection: string, action: string): TransferView[] {
    return this.all.filter((one) => one.connection === connection && one.action === action);
  }

  file(id: string): ChosenFile | null {
    return this.#chosen[id] ?? null;
  }

  /** None where the person thought better of it. */
  async choose(): Promise<ChosenFile | null> {
    const file = await this.#backend.chooseFile();
    if (file) this.#chosen = { ...this.#chosen, [file.id]: file };
    return file;
  }

  errorOf(connection: string, action: string): ErrorView | null {
    return this.#errors[`${connection}/${action}`] ?? null;
  }

  async start(request: ActionRequest, file: string | null): Promise<void> {
    const say = (error: ErrorView | null) => {
      this.#errors = { ...this.#errors, [`${request.connection}/${request.action}`]: error };
    };
    try {
      await this.#backend.startTransfer(request, file);
      say(null);
    } catch (thrown) {
      say(errorView(thrown));
    }
    await this.load();
  }

  async pause(transfer: string): Promise<void> {
    await this.#backend.pauseTransfer(transfer);
    await this.load();
  }

  async resume(transfer: string): Promise<void> {
    await this.#backend.resumeTransfer(transfer);
    await this.load();
  }

  async stop(transfer: string): Promise<void> {
    await this.#backend.stopTransfer(transfer);
    await this.load();
  }

  async remove(transfers: readonly string[]): Promise<void> {
    for (const transfer of transfers) await this.#backend.removeTransfer(transfer);
    await this.load();
  }
}
