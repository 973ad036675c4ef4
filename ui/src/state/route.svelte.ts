import type { WhichToken } from "../bindings";

export type Tab = "actions" | "explorer" | "token" | "activity" | "settings" | "live";
/** The last is only where a connection has it, so that the keys of the others mean the same everywhere. */
export const tabs: readonly Tab[] = [
  "actions",
  "explorer",
  "token",
  "activity",
  "settings",
  "live",
];

export type Page =
  | "connection"
  | "overview"
  | "add"
  | "activity"
  | "settings"
  | "inspector"
  | "providers"
  | "programs"
  | "transfers"
  | "runs"
  | "checks";

/** What is being added: an API, or an offer of the sandbox. */
export type Adding = { kind: "provider"; id: string } | { kind: "offer"; at: number };

/** A connection's token. */
export type KeptToken = Extract<WhichToken, { kind: "kept" }>;

/** Which screen is shown. Each connection remembers its tab. */
export class Route {
  page = $state<Page>("add");
  connection = $state<string | null>(null);
  /** The run that is looked at; none: the list of them. */
  run = $state<string | null>(null);
  /** How the activity is looked at: in words, or as the exchanges with servers. */
  activity = $state<"happened" | "exchanges">("happened");
  adding = $state.raw<Adding | null>(null);
  /** The addresses of this connection are asked for: its settings show them open. */
  addresses = $state<string | null>(null);
  /** The place of the tokens is asked for: the settings lead to it. */
  storeAsked = $state(false);
  /** What the inspector does: read one token, or lay two side by side. */
  inspecting = $state<"read" | "compare">("read");
  /** The token that was brought along to be compared with another. */
  comparing = $state.raw<KeptToken | null>(null);
  /** The signature of this connection's token is to be checked: its form stands open. */
  checking = $state<string | null>(null);
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

  openRuns(run: string | null = null): void {
    this.run = run;
    this.open("runs");
  }

  openStore(): void {
    this.storeAsked = true;
    this.open("settings");
  }

  openCheck(connection: string): void {
    this.checking = connection;
    this.openConnection(connection, "token");
  }

  /** Two tokens side by side; the first may be one at hand. */
  compare(first: KeptToken | null): void {
    this.comparing = first;
    this.inspecting = "compare";
    this.open("inspector");
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
