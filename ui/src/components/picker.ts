// How a list of choices is narrowed and walked; the same for one choice and for many.
import type { Choice } from "../bindings";

/** No more rows than this are drawn; typing narrows the rest. */
export const MOST_SHOWN = 100;

// A short number is in nearly every id: it is looked for in names only.
const SHORTEST_IN_ID = 3;

export function matching(choices: readonly Choice[], query: string): Choice[] {
  const wanted = query.toLowerCase().trim();
  const words = wanted.split(/\s+/).filter(Boolean);
  if (words.length === 0) return [...choices];
  const ranked = choices.map((choice) => ({ choice, rank: rank(choice, wanted, words) }));
  const found = ranked.filter(({ rank: place }) => place >= 0);
  return found.sort((one, other) => one.rank - other.rank).map(({ choice }) => choice);
}

/** 0: the name itself, 1: the name begins so, 2: in the name, 3: in a group's, 4: in the id; -1: not at all. */
function rank(
  { label, value, detail, groups }: Choice,
  wanted: string,
  words: readonly string[],
): number {
  const name = label.toLowerCase();
  if (name === wanted) return 0;
  if (name.startsWith(wanted)) return 1;
  if (words.every((word) => name.includes(word))) return 2;
  const isGroup = (group: string) => words.every((word) => group.toLowerCase().includes(word));
  if (groups?.some(isGroup)) return 3;
  const text = `${name} ${detail?.toLowerCase() ?? ""}`;
  const id = value.toLowerCase();
  const isIn = (word: string) =>
    text.includes(word) || (word.length >= SHORTEST_IN_ID && id.includes(word));
  return words.every(isIn) ? 4 : -1;
}

/** A group, and the values that are in it. */
export type Group = { name: string; values: string[] };

/** The groups of a list, the largest first. */
export function groupsOf(choices: readonly Choice[]): Group[] {
  const groups = new Map<string, string[]>();
  for (const { value, groups: names } of choices)
    for (const name of names ?? []) groups.set(name, [...(groups.get(name) ?? []), value]);
  const all = [...groups].map(([name, values]) => ({ name, values }));
  return all.sort((one, other) => other.values.length - one.values.length);
}

/** The next row for an arrow key, going round at the ends. */
export function step(active: number, by: 1 | -1, count: number): number {
  if (count === 0) return -1;
  return (active + by + count) % count;
}

/** Enough of a long number to tell two apart. */
export const ending = (value: string): string =>
  value.length > 8 ? `...${value.slice(-4)}` : value;
