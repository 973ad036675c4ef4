// The settings that are numbers: between what they lie, and what of the settings each is. The core draws the same lines.
import type { Settings } from "../../bindings";
import type { settingsWords } from "../../words/app";

export type NumberSetting = {
  id: keyof typeof settingsWords.numbers;
  low: number;
  high: number;
  read: (settings: Settings) => number;
  change: (value: number) => Partial<Settings>;
};

export const numbers: readonly NumberSetting[] = [
  {
    id: "minutes",
    low: 1,
    high: 30,
    read: ({ login_seconds }) => Math.ceil(login_seconds / 60),
    change: (minutes) => ({ login_seconds: minutes * 60 }),
  },
  {
    id: "seconds",
    low: 0,
    high: 600,
    read: ({ clear_clipboard_seconds }) => clear_clipboard_seconds,
    change: (clear_clipboard_seconds) => ({ clear_clipboard_seconds }),
  },
  {
    id: "targets",
    low: 0,
    high: 100_000,
    read: ({ ask_above }) => ask_above,
    change: (ask_above) => ({ ask_above }),
  },
  {
    id: "days",
    low: 1,
    high: 3650,
    read: ({ history_days }) => history_days,
    change: (history_days) => ({ history_days }),
  },
  {
    id: "megabytes",
    low: 1,
    high: 100_000,
    read: ({ history_megabytes }) => history_megabytes,
    change: (history_megabytes) => ({ history_megabytes }),
  },
];

/** None where it is no whole number between the two. */
export function whole({ value, low, high }: { value: string; low: number; high: number }) {
  const number = /^\d+$/.test(value.trim()) ? Number(value) : NaN;
  return number >= low && number <= high ? number : null;
}
