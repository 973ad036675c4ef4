import type { ActionView, SaveTrigger } from "../bindings";
import type { Order } from "./order";

/**
 * What lies over the screen: the palette, the keys, a login, a question. One at a time; what a program asks comes over it
 * all, and is no overlay of the person's.
 */
export type Overlay =
  | { kind: "palette" }
  | { kind: "keys" }
  | { kind: "login"; connection: string }
  | { kind: "log_out"; connection: string }
  | { kind: "remove"; connection: string }
  | { kind: "remove_provider"; provider: string }
  | { kind: "remove_set_aside"; file: string }
  | { kind: "discard_file" }
  | { kind: "passphrase" }
  | { kind: "remove_program"; program: string }
  | { kind: "confirm_run"; order: Order }
  | { kind: "retry_unknown"; run: string; amount: number; onopen: (run: string) => void }
  | { kind: "remove_run"; run: string }
  | { kind: "run_row"; run: string; number: number }
  | { kind: "csv"; connection: string; action: ActionView }
  | { kind: "trigger"; trigger: SaveTrigger }
  | { kind: "remove_trigger"; trigger: string }
  | { kind: "clear_activity"; connection: string | null };

export class Overlays {
  current = $state.raw<Overlay | null>(null);

  open(overlay: Overlay): void {
    this.current = overlay;
  }

  close(): void {
    this.current = null;
  }

  toggle(kind: "palette" | "keys"): void {
    if (this.current?.kind === kind) this.close();
    else this.open({ kind });
  }
}
