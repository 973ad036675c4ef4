// Keys that are pressed together, as they are written: "Ctrl Shift 1", "Alt T", "F6".
type Pressed = Pick<KeyboardEvent, "key" | "code" | "ctrlKey" | "altKey" | "shiftKey" | "metaKey">;

/** What the window itself, or what one types into, does something with. */
const OURS: readonly string[] = [
  ..."KNPJAXCVZYTWSLFDEG".split("").map((letter) => `Ctrl ${letter}`),
  ..."123456".split("").map((digit) => `Ctrl ${digit}`),
  ..."0123456789".split("").map((digit) => `Alt ${digit}`),
  "Ctrl Shift C",
  "Ctrl Shift Z",
  "Ctrl Shift G",
  "Ctrl Shift T",
  "Alt A",
  "Alt C",
  "Alt R",
  "Alt F4",
  "Shift F10",
];

/** The keys of an event; none where only Ctrl, Alt or Shift is held, or the key is neither a letter, a digit nor F2 to F12. */
export function chordOf(event: Pressed): string | null {
  const key = keyOf(event);
  if (key === null) return null;
  const held = [
    event.ctrlKey || event.metaKey ? "Ctrl" : "",
    event.altKey ? "Alt" : "",
    event.shiftKey ? "Shift" : "",
  ];
  return [...held.filter(Boolean), key].join(" ");
}

/** A digit by its place, since Shift and Alt make other characters of it; a letter by what it says, wherever it is. */
function keyOf({ key, code }: Pressed): string | null {
  const digit = /^(?:Digit|Numpad)([0-9])$/.exec(code)?.[1];
  if (digit !== undefined) return digit;
  if (/^F([2-9]|1[0-2])$/.test(key)) return key;
  if (/^[a-z]$/i.test(key)) return key.toUpperCase();
  // Alt, or Shift on some keyboards, makes another letter of it.
  return /^Key([A-Z])$/.exec(code)?.[1] ?? null;
}

/** Whether they can start something: they are not typed by chance, and the window does nothing with them. */
export function chordProblem(keys: string): "alone" | "taken" | null {
  if (OURS.includes(keys)) return "taken";
  return /^(Ctrl|Alt) /.test(keys) || /^(Shift )?F\d+$/.test(keys) ? null : "alone";
}
