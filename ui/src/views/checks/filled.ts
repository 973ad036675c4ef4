// What the form of a check holds, as it was typed, and what it comes to.
import type { CheckOf, Expectation, Must, SaveCheck } from "../../bindings";
import type { BegunCheck } from "../../state/palette.svelte";
import { checkFormWords as words } from "../../words/checks";

export type Unit = keyof typeof words.units;
export type MustKind = "none" | Must["kind"];

export type Filled = {
  connection: string;
  of: CheckOf | null;
  name: string;
  every: string;
  unit: Unit;
  status: string;
  must: MustKind;
  pointer: string;
  value: string;
};

const SECONDS: Record<Unit, number> = { seconds: 1, minutes: 60, hours: 3600 };
const UNITS = ["hours", "minutes", "seconds"] as const;
const USUAL = 300;
/** The core draws the same lines. */
const SHORTEST = 30;
const LONGEST = 86_400;

/** How often, in the largest unit that it is whole in. */
function everyOf(seconds: number): Pick<Filled, "every" | "unit"> {
  const unit = UNITS.find((one) => seconds % SECONDS[one] === 0) ?? "seconds";
  return { every: String(seconds / SECONDS[unit]), unit };
}

export function filledOf(begun: BegunCheck, connection: string): Filled {
  const { status = null, value = null } = begun.expectation ?? {};
  return {
    connection: begun.connection ?? connection,
    of: begun.of ?? null,
    name: begun.name ?? "",
    ...everyOf(begun.every_seconds ?? USUAL),
    status: status === null ? "" : String(status),
    must: value?.must.kind ?? "none",
    pointer: value?.pointer ?? "",
    value: value?.must.kind === "be" ? value.must.value : "",
  };
}

/** None where it is no whole number, or not between the two. */
function whole(text: string, low: number, high: number, times = 1): number | null {
  const number = /^\d+$/.test(text.trim()) ? Number(text) * times : NaN;
  return number >= low && number <= high ? number : null;
}

const secondsOf = ({ every, unit }: Filled) => whole(every, SHORTEST, LONGEST, SECONDS[unit]);

const statusOf = ({ status }: Filled) => whole(status, 100, 599);

/** RFC 6901 section 3. */
const isPointer = (text: string): boolean => /^(?:\/(?:[^~/]|~[01])*)*$/.test(text);

/** What keeps it from being saved, by the fields as the core calls them. */
export function problemsOf(filled: Filled): Record<string, string> {
  const found: Record<string, string> = {};
  if (filled.of === null) found["of"] = words.ofMissing;
  if (filled.name.trim() === "") found["name"] = words.nameMissing;
  if (secondsOf(filled) === null) found["every_seconds"] = words.everyWrong;
  if (filled.status.trim() !== "" && statusOf(filled) === null) found["status"] = words.statusWrong;
  if (filled.must !== "none" && !isPointer(filled.pointer.trim()))
    found["pointer"] = words.pointerWrong;
  return found;
}

function expectationOf(filled: Filled): Expectation {
  const { must: kind, value } = filled;
  const status = filled.status.trim() === "" ? null : statusOf(filled);
  if (kind === "none") return { status, value: null };
  const must: Must = kind === "be" ? { kind, value } : { kind };
  return { status, value: { pointer: filled.pointer.trim(), must } };
}

/** As it is saved; none where there are problems. */
export function toSave(filled: Filled, begun: BegunCheck): SaveCheck | null {
  const { of, connection } = filled;
  const every_seconds = secondsOf(filled);
  if (of === null || every_seconds === null || Object.keys(problemsOf(filled)).length > 0)
    return null;
  return {
    id: begun.id ?? null,
    connection,
    name: filled.name.trim(),
    of,
    every_seconds,
    expectation: expectationOf(filled),
    on: begun.on ?? true,
  };
}
