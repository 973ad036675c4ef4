// Checks of the fake: each is sent to a server that always answers the same.
import type {
  CheckOf,
  CheckView,
  Expectation,
  Finding,
  Found,
  SaveCheck,
  Unmet,
} from "../../bindings";
import { BackendError, type Backend } from "../backend";
import { pause, type Desk } from "./desk";
import { at, fault } from "./people";

type Does = Pick<Backend, "listChecks" | "saveCheck" | "removeCheck" | "runCheck">;

const refuse = (field: string, message: string): never => {
  throw new BackendError(fault("invalid_input", message, { field }));
};

/** How long one is under way, so that it is seen. */
const TAKES_MS = 120;
const MOST_RECENT = 40;
/** What the server answers. */
const ANSWER: unknown = {
  state: "published",
  files: [{ id: 5001, name: "lobby-evening.jpg" }],
  count: 24,
  battery: 81,
};
const anyGood: Expectation = { status: null, value: null };
const good: Finding = {
  at: at(-12),
  found: "good",
  status: 200,
  target: null,
  value: null,
  unmet: null,
  error: null,
  took_ms: 212,
};

/** "gggbg" */
const past = (letters: string): Found[] =>
  [...letters].map((letter) => ({ g: "good", b: "bad", f: "failed" })[letter] as Found);

const request = (id: string): CheckOf => ({ kind: "saved_request", id });
const form = (id: string): CheckOf => ({ kind: "trigger", id });
const expects = (pointer: string, status: number | null = 200, is?: string): Expectation => ({
  status,
  value: { pointer, must: is === undefined ? { kind: "exist" } : { kind: "be", value: is } },
});

/** One in each state. */
function some(): CheckView[] {
  const check = (
    name: string,
    of: CheckOf,
    expectation: Expectation,
    more: Partial<CheckView>,
  ): CheckView => ({
    id: name.toLowerCase().replaceAll(" ", "-"),
    connection: of.kind === "trigger" ? "c1" : "c6",
    name,
    of,
    every_seconds: 60,
    expectation,
    on: true,
    running: false,
    finding: good,
    changed_at: at(-11_560),
    next_at: at(48),
    recent: past("g".repeat(MOST_RECENT)),
    ...more,
  });
  return [
    check("Press kit is complete", request("s1"), expects("/count", 200, "24"), {
      finding: { ...good, value: "24" },
      recent: past(`${"g".repeat(18)}bb${"g".repeat(12)}f${"g".repeat(7)}`),
    }),
    check("Winter files published", request("s2"), expects("/state", 200, "published"), {
      every_seconds: 300,
      finding: {
        ...good,
        at: at(-130),
        found: "bad",
        value: "draft",
        unmet: { kind: "other", expected: "published", got: "draft" },
        took_ms: 187,
      },
      changed_at: at(-760),
      next_at: at(170),
      recent: past(`${"g".repeat(31)}bbb`),
    }),
    check("Night porter is reached", form("t3"), anyGood, {
      every_seconds: 600,
      finding: {
        ...good,
        at: at(-244),
        found: "failed",
        status: null,
        target: "Porter 1",
        error: fault("timed_out", "No answer in 60 seconds."),
        took_ms: 60_004,
      },
      changed_at: at(-844),
      next_at: at(356),
      recent: past(`${"g".repeat(20)}ff`),
    }),
    check(
      "Towels device keeps its room",
      form("t2"),
      { status: null, value: { pointer: "/state", must: { kind: "stay" } } },
      {
        every_seconds: 3600,
        finding: { ...good, at: at(-1900), value: "published" },
        changed_at: at(-205_000),
        next_at: at(1700),
        recent: past("g".repeat(26)),
      },
    ),
    check(
      "Folder of the press",
      request("s1"),
      { status: 404, value: null },
      {
        finding: {
          ...good,
          at: at(-31),
          found: "bad",
          unmet: { kind: "status", expected: 404, got: 200 },
        },
        changed_at: at(-31),
        next_at: at(29),
        recent: past(`${"g".repeat(9)}b`),
      },
    ),
    check("Answers at all", request("s2"), anyGood, {
      running: true,
      next_at: null,
      every_seconds: 30,
    }),
    check("Front desk battery", form("t2"), expects("/battery", null), {
      every_seconds: 86_400,
      finding: null,
      changed_at: null,
      next_at: at(5),
      recent: [],
    }),
    check("Old catalogue", request("s9"), anyGood, {
      on: false,
      next_at: null,
      finding: { ...good, at: at(-93_000) },
      changed_at: at(-400_000),
      recent: past(`fff${"g".repeat(12)}`),
    }),
  ];
}

/** RFC 6901, as far as the answer goes. */
function valueAt(pointer: string): string | undefined {
  const names = pointer.split("/").slice(1);
  const unescaped = names.map((name) => name.replaceAll("~1", "/").replaceAll("~0", "~"));
  const found = unescaped.reduce<unknown>(
    (value, name) =>
      value !== null && typeof value === "object"
        ? (value as Record<string, unknown>)[name]
        : undefined,
    ANSWER,
  );
  return typeof found === "string" ? found : JSON.stringify(found);
}

function judged({ status, value: expected }: Expectation): Finding {
  const said: Finding = { ...good, at: at(0) };
  const bad = (unmet: Unmet): Finding => ({ ...said, found: "bad", unmet });
  if (status !== null && status !== 200) return bad({ kind: "status", expected: status, got: 200 });
  if (!expected) return said;
  const got = valueAt(expected.pointer);
  if (got === undefined) return bad({ kind: "missing" });
  said.value = got;
  const { must } = expected;
  if (must.kind === "be" && must.value !== got)
    return bad({ kind: "other", expected: must.value, got });
  return said;
}

const notLoggedIn = (): Finding => ({
  ...good,
  at: at(0),
  found: "failed",
  status: null,
  error: fault("login_needed", ""),
});

function checked(wanted: SaveCheck): void {
  if (wanted.name.trim() === "") refuse("name", "A name of one line, of 80 letters at most.");
  if (wanted.every_seconds < 30 || wanted.every_seconds > 86_400)
    refuse("every_seconds", "From 30 seconds to 24 hours.");
  // So many are its devices.
  if (wanted.of.kind === "trigger" && wanted.of.id === "t1")
    refuse("of", "A check sends to 20 at most; this form has more.");
}

export function checking(desk: Desk): Does {
  let list = desk.options.checks ? some() : [];
  const find = (id: string): CheckView =>
    list.find((one) => one.id === id) ?? refuse("check", `There is no check “${id}”.`);
  const put = (check: CheckView): CheckView => {
    const isThere = list.some(({ id }) => id === check.id);
    list = isThere ? list.map((one) => (one.id === check.id ? check : one)) : [...list, check];
    desk.emit("checksChanged", null);
    return check;
  };
  const next = ({ on, every_seconds }: SaveCheck): string | null => (on ? at(every_seconds) : null);
  return {
    listChecks: async () => list,
    saveCheck: async (wanted) => {
      checked(wanted);
      const before = wanted.id === null ? null : find(wanted.id);
      const id = before?.id ?? desk.id("k");
      const same = (one: SaveCheck) => JSON.stringify([one.of, one.expectation]);
      const known = before && same(before) === same(wanted) ? before : null;
      const { finding = null, changed_at = null, recent = [] } = known ?? {};
      return put({
        ...wanted,
        id,
        running: false,
        finding,
        changed_at,
        recent,
        next_at: next(wanted),
      });
    },
    removeCheck: async (id) => {
      list = list.filter((one) => one.id !== id);
      desk.emit("checksChanged", null);
    },
    runCheck: async (id) => {
      if (find(id).running) refuse("check", "It is being checked now.");
      put({ ...find(id), running: true, next_at: null });
      await pause(TAKES_MS);
      const check = find(id);
      const { token } = desk.find(check.connection);
      const finding = token.has_access_token ? judged(check.expectation) : notLoggedIn();
      const isSame = check.finding?.found === finding.found;
      return put({
        ...check,
        running: false,
        finding,
        changed_at: isSame ? check.changed_at : finding.at,
        next_at: next(check),
        recent: [...check.recent, finding.found].slice(-MOST_RECENT),
      });
    },
  };
}
