import type {
  ActionView,
  Catalogue,
  JsonValue,
  SaveCheck,
  SavedRequest,
  SaveTrigger,
} from "../bindings";
import type { Exchanges } from "./exchanges.svelte";
import type { OpenRequest } from "./open-request.svelte";
import type { Order } from "./order";

/** A check that is there, or what is known of one that is to be made. */
export type BegunCheck = Partial<SaveCheck>;

/** What the explorer asks for in a form of its own. */
export type ExplorerForm =
  | { what: "import" }
  | { what: "curl" }
  | { what: "variables" }
  | { what: "save"; open: OpenRequest }
  | { what: "rename"; saved: SavedRequest };

/** What it asks before it goes on. */
export type ExplorerQuestion =
  | { what: "elsewhere"; open: OpenRequest; origin: string }
  | { what: "remove_saved"; saved: SavedRequest }
  | { what: "remove_catalogue"; catalogue: Catalogue };

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
  | { kind: "check"; begun: BegunCheck }
  | { kind: "remove_check"; check: string }
  | { kind: "explorer_form"; connection: string; form: ExplorerForm }
  | { kind: "explorer_question"; connection: string; question: ExplorerQuestion }
  | { kind: "answer_value"; answer: string; name: string; value: JsonValue; naming: boolean }
  | { kind: "clear_activity"; connection: string | null }
  | { kind: "export_har"; list: Exchanges }
  | { kind: "clear_exchanges"; list: Exchanges };

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
