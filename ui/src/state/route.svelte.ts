export type Tab = "actions" | "token" | "activity" | "settings";
export const tabs: readonly Tab[] = ["actions", "token", "activity", "settings"];

export type Page = "connection" | "add" | "activity" | "settings" | "inspector" | "providers";

/** What is being added: an API, or an offer of the sandbox. */
export type Adding = { kind: "provider"; id: string } | { kind: "offer"; at: number };

/** Which screen is shown. Each connection remembers its tab. */
export class Route {
  page = $state<Page>("add");
  connection = $state<string | null>(null);
  adding = $state.raw<Adding | null>(null);
  /** The addresses of this connection are asked for: its settings show them open. */
  addresses = $state<string | null>(null);
  #tabs = $state<Record<string, Tab>>({});

  get tab(): Tab {
    return (this.connection === null ? undefined : this.#tabs[this.connection]) ?? "actions";
  }

  openTab(tab: Tab): void {
    if (this.connection !== null) this.#tabs[this.connection] = tab;
  }

  openConnection(id: string, tab?: Tab): void {
    this.page = "connection";
    this.connection = id;
    if (tab) this.openTab(tab);
  }

  openAddresses(id: string): void {
    this.addresses = id;
    this.openConnection(id, "settings");
  }

  /** Choose an API in the list and show its ways in. */
  add(provider: string): void {
    this.adding = { kind: "provider", id: provider };
    this.open("add");
  }

  open(page: Exclude<Page, "connection">): void {
    this.page = page;
  }
}
