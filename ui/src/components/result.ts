// What the views of an answer share: where its rows stand, and what can be done with them.
import { createContext } from "svelte";
import type { PlaceView, RowAction } from "../bindings";
import { at, leaves, parseJson, plain, type Json } from "./json";
import type { Place } from "./map/view";
import type { Branch } from "./tree";

/** What a view of an answer cannot do itself. */
export type ResultDoings = {
  copy: (text: string, what: string) => Promise<boolean>;
  /** Opens another form, filled from a row. */
  open: (action: RowAction, row: Json) => void;
  /** A picture as a data: address. */
  picture: (url: string) => Promise<string>;
  /** Asks for what is below a row. */
  below: (action: RowAction, row: Json) => Promise<Branch>;
  /** Which rows stand open and what was read below them, by key: kept while one looks elsewhere. */
  opened: Set<string>;
  branches: Map<string, Branch>;
};
export const [useDoings, provideDoings] = createContext<ResultDoings>();

/** The rows of an answer. A text may hold them; the core reads lists the same way. */
export function rowsOf(json: Json | undefined, pointer: string): Json[] {
  const found = at(json, pointer);
  const list = found?.kind === "string" ? parseJson(found.text) : found;
  return list?.kind === "array" ? list.items : [];
}

/** The first of these that leads to something, as text. */
function first(row: Json, pointers: readonly string[] | undefined): string {
  for (const pointer of pointers ?? []) {
    const text = said(at(row, pointer));
    if (text !== "") return text;
  }
  return "";
}

/** A value as text; what is null is nothing. */
export const said = (value: Json | undefined): string =>
  value?.kind === "literal" && value.text === "null" ? "" : plain(value);

/** Seconds or milliseconds since the epoch, or a date as text. */
export function timeOf(text: string): number | null {
  if (text === "") return null;
  const number = Number(text);
  const time = Number.isNaN(number) ? Date.parse(text) : number * (number > 1e11 ? 1 : 1000);
  return Number.isNaN(time) ? null : time;
}

/** Where a row is, or null where it does not say so. */
export function placeOf(row: Json, view: PlaceView, label: string): Place | null {
  const [lat, long] = [first(row, view.lat), first(row, view.long)];
  if (lat === "" || long === "") return null;
  const place = { lat: Number(lat), long: Number(long) };
  const real = Math.abs(place.lat) <= 90 && Math.abs(place.long) <= 180;
  if (!real) return null;
  const accuracy = Number(first(row, view.accuracy));
  return {
    ...place,
    label: first(row, view.label) || label,
    accuracy: accuracy > 0 ? accuracy : null,
    at: timeOf(first(row, view.at)),
  };
}

/** What differs between two answers, by pointer. */
export function changed(before: Json | null, now: Json | null): Set<string> {
  const [one, other] = [texts(before), texts(now)];
  const all = new Set([...one.keys(), ...other.keys()]);
  return new Set([...all].filter((pointer) => one.get(pointer) !== other.get(pointer)));
}

const texts = (json: Json | null): Map<string, string> =>
  new Map(json ? leaves(json).map(([pointer, value]) => [pointer, plain(value)]) : []);

/** Whether any of these pointers, or what is below them, is among those. */
export const touches = (pointers: readonly string[], among: ReadonlySet<string>): boolean =>
  [...among].some((one) =>
    pointers.some((pointer) => one === pointer || one.startsWith(`${pointer}/`)),
  );
