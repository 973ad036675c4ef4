// Texts of saved forms, each a button.
import type { RunView } from "../bindings";
import { inSentence, number } from "./label";
import { runStates } from "./runs";

export const triggerWords = {
  title: "One-click triggers",
  save: "Save as one-click",
  saveTitle: "Save as one-click",
  saveLine: "The form as it is filled, as a button. Nothing is sent now.",
  editTitle: (name: string) => `Edit ${name}`,
  editLine: "What it sends stays as it is.",
  replaceLine: "From now on it sends what the form holds.",
  showAll: (amount: number) => `Show all ${number(amount)}`,
  name: "Name",
  namePlaceholder: "Towels to 204",
  nameMissing: "Give it a name.",
  shortcut: "Keys",
  shortcutHint: "Press them here: Ctrl or Alt with a letter or a digit, or F2 to F12.",
  shortcutPlaceholder: "Press keys",
  shortcutTaken: (keys: string) => `${keys} is taken by the window itself.`,
  shortcutNone: "With Ctrl or Alt, please, or F2 to F12.",
  clearShortcut: "No keys",
  inTray: "Also in the tray’s menu",
  inTrayHint: "A click there sends it, without the window.",
  keep: "Save",
  saved: (name: string) => `“${name}” is a button now.`,
  changed: (name: string) => `“${name}” saved.`,
  more: (name: string) => `More for ${name}`,
  edit: "Edit...",
  fill: "Fill the form with it",
  filled: (name: string) => `The form holds what “${name}” sends.`,
  replace: (name: string) => `Save into “${name}”`,
  remove: "Remove...",
  removeTitle: (name: string) => `Remove ${name}?`,
  removeLine: "The button goes. Runs that it began stay.",
  removed: (name: string) => `${name} removed.`,
  ended: (name: string, { state, counts }: RunView): string => {
    const came = `${number(counts.accepted)} of ${number(counts.total)} accepted`;
    const rest = [
      counts.failed > 0 ? `${number(counts.failed)} failed` : "",
      counts.unknown > 0 ? `${number(counts.unknown)} unknown` : "",
      state === "done" ? "" : inSentence(runStates[state]),
    ].filter(Boolean);
    return `“${name}”: ${[came, ...rest].join(", ")}.`;
  },
} as const;
