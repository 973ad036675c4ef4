// The keys of the whole window. Each does what a control on the screen does.
import { chordOf } from "../../components/chord";
import type { App } from "../../state/app.svelte";
import type { Overlay } from "../../state/palette.svelte";
import { tabs } from "../../state/route.svelte";
import { exchangeDoings } from "../exchanges/doings";
import { explorerDoings, explorerKey } from "../explorer/doings";

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof Element &&
  target.closest("input, textarea, select, [contenteditable]") !== null;

const isInMenu = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest('[role="menu"]') !== null;

/**
 * Ctrl Enter, heard on the way down: a tab or a menu that has the focus takes Enter for itself, and a button would be
 * pressed by it. Here it is taken before they hear it, so that one press does one thing.
 */
export function onSendKey(app: App, event: KeyboardEvent): void {
  const sends = event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.altKey;
  if (!sends || event.isComposing || isInMenu(event.target) || !maySubmit(app)) return;
  const { submit } = app;
  if (!submit) return;
  event.preventDefault();
  event.stopPropagation();
  // A key held down is one press.
  if (!event.repeat) submit();
}

export function onKey(app: App, event: KeyboardEvent): void {
  // What a program asks has keys of its own, and no others.
  if (event.defaultPrevented || event.isComposing || app.ask) return;
  const does = find(app, event);
  if (!does) return;
  event.preventDefault();
  does();
}

function find(app: App, event: KeyboardEvent): (() => void) | null {
  const { key } = event;
  const keys = app.overlays.current ? null : chordOf(event);
  const trigger = keys === null ? undefined : app.triggers.byShortcut(keys);
  // A key held down is one press.
  if (trigger) return () => (event.repeat ? undefined : void app.fire(trigger));
  if ((event.ctrlKey || event.metaKey) && !event.altKey)
    return ofScreen(app, event) ?? withControl(app, key);
  if (event.altKey) return withAlt(app, event);
  // Single letters are for the screen itself: not while typing, not under a dialog.
  if (isTyping(event.target) || app.overlays.current) return null;
  if (key === "?") return () => app.overlays.toggle("keys");
  const connection = app.connections.find(app.route.connection);
  const canCopy = app.route.page === "connection" && connection?.token.has_access_token;
  if (key.toLowerCase() === "t" && connection && canCopy)
    return () => void app.copyToken(connection.id, "token");
  return null;
}

function withControl(app: App, key: string): (() => void) | null {
  if (key.toLowerCase() === "k") return () => app.overlays.toggle("palette");
  if (app.overlays.current) return null;
  if (key.toLowerCase() === "n") return () => app.route.open("add");
  if (key.toLowerCase() === "p") return () => app.route.open("providers");
  if (key.toLowerCase() === "j") return () => app.route.open("transfers");
  const tab = tabs[Number(key) - 1];
  const { page, connection } = app.route;
  if (!tab || page !== "connection" || connection === null) return null;
  return app.tabsOf(connection).includes(tab) ? () => app.route.openTab(tab) : null;
}

/** Those of the explorer or of the exchanges, while they are in view. */
function ofScreen(app: App, event: KeyboardEvent): (() => void) | null {
  if (app.overlays.current) return null;
  const { explorer, exchangesInView: exchanges } = app;
  const doings = [
    ...(explorer ? explorerDoings(app, explorer) : []),
    ...(exchanges ? exchangeDoings(app, exchanges) : []),
  ];
  const keys = explorerKey(event);
  const found = doings.find((doing) => doing.keys === keys);
  // A key held down is one press.
  return found ? () => (event.repeat ? undefined : found.run()) : null;
}

/** Overlays that are forms. */
const FORMS: readonly Overlay["kind"][] = [
  "login",
  "confirm_run",
  "csv",
  "trigger",
  "check",
  "explorer_form",
  "answer_value",
  "export_har",
];

/** Under a dialog the form of the screen must not be sent; some dialogs are forms of their own. */
const maySubmit = (app: App): boolean =>
  !app.ask && (app.overlays.current === null || FORMS.includes(app.overlays.current.kind));

function withAlt(app: App, event: KeyboardEvent): (() => void) | null {
  if (app.overlays.current) return null;
  if (event.key.toLowerCase() === "r") return () => app.route.openRuns();
  if (event.key.toLowerCase() === "c") return () => app.route.open("checks");
  // The code, because on some keyboards Alt and a digit give another character.
  const typed = /^[0-9]$/.exec(event.key)?.[0];
  const digit = Number(/^(?:Digit|Numpad)([0-9])$/.exec(event.code)?.[1] ?? typed ?? NaN);
  if (digit === 0) return () => app.route.open("overview");
  const connection = app.connections.list[digit - 1];
  return connection ? () => app.route.openConnection(connection.id) : null;
}
