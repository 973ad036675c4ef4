export type Tab = "actions" | "token" | "activity" | "settings";
export const tabs: readonly Tab[] = ["actions", "token", "activity", "settings"];

export type Page = "connection" | "add" | "activity" | "settings" | "inspector";

/** What is being added: an API, or an offer of the sandbox. */
export type Adding = { kind: "provider"; id: string } | { kind: "offer"; at: number };

/** Which screen is shown. Each connection remembers its tab. */
export class Route {
  page = $state<Page>("add");
  connection = $state<string | null>(null);
  adding = $state.raw<Adding | null>(null);
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

  open(page: Exclude<Page, "connection">): void {
    this.page = page;
  }
}
