// A tree whose branches are read when they are opened, as the rows that are in view.
import type { ErrorView } from "../bindings";
import { plain, type Json } from "./json";

export type Branch =
  { state: "reading" } | { state: "failed"; error: ErrorView } | { state: "read"; rows: Json[] };
export type Line = {
  key: string;
  parent: string | null;
  depth: number;
  row: Json;
  branch: Branch | undefined;
  open: boolean;
  /** Of those beside it, and how many these are. */
  place: number;
  among: number;
};

/** Two rows of the same words are told apart by their place. */
const keyOf = (parent: string | null, row: Json, place: number): string =>
  `${parent ?? ""}/${String(place)}:${plain(row)}`;

export function lines(
  rows: readonly Json[],
  branches: ReadonlyMap<string, Branch>,
  opened: ReadonlySet<string>,
  parent: string | null = null,
  depth = 0,
): Line[] {
  return rows.flatMap((row, index) => {
    const key = keyOf(parent, row, index);
    const branch = branches.get(key);
    const open = opened.has(key);
    const line = { key, parent, depth, row, branch, open, place: index + 1, among: rows.length };
    const below =
      open && branch?.state === "read" ? lines(branch.rows, branches, opened, key, depth + 1) : [];
    return [line, ...below];
  });
}
