import { screen, waitFor, within } from "@testing-library/svelte";
import type { UserEvent } from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { createFake } from "../src/backend/fake";
import { fault } from "../src/backend/fake/people";
import type { CheckView, Finding, SaveCheck } from "../src/bindings";
import { chordProblem } from "../src/components/chord";
import { Checks } from "../src/state/checks.svelte";
import { filledOf, problemsOf, toSave } from "../src/views/checks/filled";
import {
  everyWords,
  expectedWords,
  foundWords,
  isAmiss,
  recentWords,
  sinceWords,
  stateOf,
  timesWords,
} from "../src/words/checks";
import { asked, axeFindsNothing, goTo, openWindow } from "./window";

const now = Date.parse("2026-11-22T09:42:00Z");
const finding: Finding = {
  at: "2026-11-22T09:41:48Z",
  found: "good",
  status: 200,
  target: null,
  value: null,
  unmet: null,
  error: null,
  took_ms: 212,
};
const check: CheckView = {
  id: "k1",
  connection: "c6",
  name: "Press kit",
  of: { kind: "saved_request", id: "s1" },
  every_seconds: 60,
  expectation: { status: null, value: null },
  on: true,
  running: false,
  finding,
  changed_at: "2026-11-22T06:30:00Z",
  next_at: "2026-11-22T09:42:48Z",
  recent: ["good"],
};
const begun = { connection: "c6", of: check.of, name: "Press kit" };

const list = () => within(screen.getByRole("list", { name: "All checks" }));
const row = (name: string): HTMLElement => {
  const found = list().getByRole("heading", { name }).closest("li");
  if (!found) throw new Error(`no ${name}`);
  return found;
};
async function openPage() {
  const window = await openWindow({ checks: true });
  await window.user.keyboard("{Alt>}c{/Alt}");
  await screen.findByRole("heading", { level: 1, name: "Checks" });
  // The first row made what the others look at too.
  await waitFor(() => expect(list().getAllByText("Press kit files")).toHaveLength(2));
  return window;
}
async function addCheck(user: UserEvent) {
  await user.click(screen.getByRole("button", { name: "Add check" }));
  return within(await screen.findByRole("dialog", { name: "Add a check" }));
}

describe("the page of checks", () => {
  it("says of each how it stands, what it sends, what is expected and what was found", async () => {
    await openPage();
    const states = list()
      .getAllByRole("heading")
      .map(({ textContent }) => textContent ?? "")
      .map((name) => row(name).querySelector(".pill")?.textContent);
    expect(states).toEqual([
      "Good",
      "Not as expected",
      "Not reached",
      "Good",
      "Not as expected",
      "Checking...",
      "Waiting",
      "Paused",
    ]);
    const winter = row("Winter files published");
    expect(winter).toHaveTextContent("GET Files of the winter");
    expect(winter).toHaveTextContent("Press office, every 5 minutes");
    expect(winter).toHaveTextContent("Status 200; /state is published");
    expect(winter).toHaveTextContent("/state is draft in place of published");
    expect(winter).toHaveTextContent("for 12 m");
    expect(within(winter).getByRole("img")).toHaveAccessibleName(
      "The last 34: 31 good, 3 not as expected.",
    );
    expect(row("Old catalogue")).toHaveTextContent("A saved request that is gone");
    expect(row("Night porter is reached")).toHaveTextContent("Porter 1: The server took too long");
    await axeFindsNothing();
  });

  it("is counted in the sidebar by those that are not good and not paused", async () => {
    await openWindow({ checks: true });
    expect(await screen.findByText("3 checks are not good")).toBeInTheDocument();
  });

  it("says what checks are good for where there are none", async () => {
    const { user } = await openWindow();
    await goTo(user, "Checks");
    expect(await screen.findByText("No checks yet")).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Add check" }));
    expect(await screen.findByRole("dialog", { name: "Add a check" })).toBeVisible();
  });

  it("checks now, and what came is told to whoever is elsewhere by then", async () => {
    const { fake, user } = await openPage();
    await user.click(screen.getByRole("button", { name: "Check now: Folder of the press" }));
    expect(
      await screen.findByText(
        "“Folder of the press”: not as expected. Status 200 in place of 404.",
      ),
    ).toBeVisible();
    await user.keyboard("{Alt>}0{/Alt}{Control>}k{/Control}now press kit{Enter}");
    expect(await screen.findByText("“Press kit is complete”: good.")).toBeVisible();
    expect(asked(fake, "runCheck")).toEqual([["folder-of-the-press"], ["press-kit-is-complete"]]);
    expect(screen.getByRole("heading", { level: 1 })).toHaveTextContent("Overview");
  });

  it("pauses one and lets it go on, with everything else as it was", async () => {
    const { fake, user } = await openPage();
    const turn = screen.getByRole("switch", { name: "On its schedule: Winter files published" });
    await user.click(turn);
    await waitFor(() => expect(row("Winter files published")).toHaveTextContent("Paused"));
    expect(screen.getByText("2 checks are not good")).toBeInTheDocument();
    await user.click(turn);
    await waitFor(() => expect(row("Winter files published")).toHaveTextContent("Not as expected"));
    const [[first], [second]] = asked(fake, "saveCheck") as [[SaveCheck], [SaveCheck]];
    expect(first).toMatchObject({ id: "winter-files-published", on: false, every_seconds: 300 });
    expect({ ...first, on: true }).toEqual(second);
  });

  it("removes one after a question", async () => {
    const { fake, user } = await openPage();
    await user.click(screen.getByRole("button", { name: "More for Old catalogue" }));
    await user.click(await screen.findByRole("menuitem", { name: "Remove..." }));
    expect(asked(fake, "removeCheck")).toEqual([]);
    await user.click(await screen.findByRole("button", { name: "Remove" }));
    await waitFor(() => expect(list().queryByText("Old catalogue")).toBeNull());
    expect(asked(fake, "removeCheck")).toEqual([["old-catalogue"]]);
  });

  it("is named where one is about to delete what it sends", async () => {
    const { user } = await openPage();
    await user.keyboard("{Alt>}6{/Alt}");
    await user.click(await screen.findByRole("tab", { name: "Explorer" }));
    await user.click(await screen.findByRole("button", { name: "More for Press kit files" }));
    await user.click(await screen.findByRole("menuitem", { name: "Delete..." }));
    expect(await screen.findByRole("alertdialog")).toHaveTextContent("2 checks send it");
  });

  it("offers what can be done about it where it was not reached", async () => {
    const { fake, user } = await openPage();
    const { id } = await fake.saveCheck({
      id: null,
      connection: "c5",
      name: "Night shift is there",
      of: { kind: "trigger", id: "t3" },
      every_seconds: 60,
      expectation: { status: null, value: null },
      on: true,
    });
    await fake.runCheck(id);
    await waitFor(() => expect(row("Night shift is there")).toHaveTextContent("Not reached"));
    await user.click(within(row("Night shift is there")).getByText("Log in again"));
    expect(await screen.findByRole("dialog", { name: /Night shift/ })).toBeVisible();
  });

  it("keeps what was read where a reading fails, and offers another", async () => {
    const { fake, user } = await openPage();
    fake.failNext("listChecks", fault("unreachable", ""));
    fake.emit("checksChanged", null);
    expect(await screen.findByText("The server could not be reached")).toBeVisible();
    expect(list().getByText("Press kit is complete")).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Try again" }));
    await waitFor(() => expect(screen.queryByText("The server could not be reached")).toBeNull());
  });
});

describe("a check that is made", () => {
  it("is chosen of what is saved, gets its name, and is sent as it was filled in", async () => {
    const { fake, user } = await openPage();
    const dialog = await addCheck(user);
    await user.selectOptions(dialog.getByLabelText("Connection"), "Press office");
    await user.click(dialog.getByLabelText("What is sent"));
    await user.keyboard("winter{Enter}");
    expect(dialog.getByLabelText("Name")).toHaveValue("Files of the winter");
    await user.clear(dialog.getByLabelText("Every"));
    await user.type(dialog.getByLabelText("Every"), "2");
    await user.selectOptions(dialog.getByLabelText("Unit of time"), "hours");
    await user.click(dialog.getByLabelText("Is this"));
    await user.type(dialog.getByLabelText("Place"), "/state");
    await user.type(dialog.getByLabelText("Value"), "on");
    await user.keyboard("{Control>}{Enter}{/Control}");
    expect(await screen.findByText("“Files of the winter” is checked from now on.")).toBeVisible();
    expect(asked(fake, "saveCheck")[0]?.[0]).toEqual({
      id: null,
      connection: "c6",
      name: "Files of the winter",
      of: { kind: "saved_request", id: "s2" },
      every_seconds: 7200,
      expectation: {
        status: null,
        value: { pointer: "/state", must: { kind: "be", value: "on" } },
      },
      on: true,
    });
    expect(row("Files of the winter")).toHaveTextContent("Press office, every 2 hours");
  });

  it("says at each field what is wrong, and loses nothing that was typed", async () => {
    const { fake, user } = await openPage();
    const dialog = await addCheck(user);
    await user.type(dialog.getByLabelText("Status"), "99");
    await user.type(dialog.getByLabelText("Every"), "x");
    await user.click(dialog.getByLabelText("Is there"));
    await user.type(dialog.getByLabelText("Place"), "state");
    await user.keyboard("{Control>}{Enter}{/Control}");
    expect(await dialog.findByText("Choose what is sent.")).toBeVisible();
    expect(dialog.getByLabelText("What is sent")).toHaveFocus();
    expect(dialog.getByText("Give it a name.")).toBeVisible();
    expect(dialog.getByText("A whole number, from 30 seconds to 24 hours.")).toBeVisible();
    expect(dialog.getByText("A whole number from 100 to 599, or nothing.")).toBeVisible();
    expect(dialog.getByText(/^It begins with “\/”/)).toBeVisible();
    expect(asked(fake, "saveCheck")).toEqual([]);
    await axeFindsNothing();
    expect(dialog.getByLabelText("Place")).toHaveValue("state");
    expect(dialog.getByLabelText("Every")).toHaveValue("5x");
  });

  it("from a saved form knows it, says that it changes something, and shows what the core refuses there", async () => {
    const { user } = await openWindow({ checks: true });
    await user.click(await screen.findByRole("button", { name: "More for Evacuation drill" }));
    await user.click(await screen.findByRole("menuitem", { name: "Check on a schedule..." }));
    const dialog = within(await screen.findByRole("dialog", { name: "Add a check" }));
    expect(dialog.getByRole("textbox", { name: "Name" })).toHaveValue("Evacuation drill");
    expect(dialog.queryByRole("combobox", { name: "What is sent" })).toBeNull();
    expect(
      await dialog.findByText("“Evacuation drill” changes something at the server"),
    ).toBeVisible();
    expect(dialog.getByText(/each time, to 214 targets/)).toBeVisible();
    await user.keyboard("{Control>}{Enter}{/Control}");
    expect(
      await dialog.findByText("A check sends to 20 at most; this form has more."),
    ).toBeVisible();
    await axeFindsNothing();
  });

  it("from a saved request knows it", async () => {
    const { fake, user } = await openWindow();
    await screen.findByRole("button", { name: /^Press office/ });
    await user.keyboard("{Alt>}[Digit6]{/Alt}{Control>}2{/Control}");
    await user.click(await screen.findByRole("button", { name: "More for Press kit files" }));
    await user.click(await screen.findByRole("menuitem", { name: "Check on a schedule..." }));
    const dialog = within(await screen.findByRole("dialog", { name: "Add a check" }));
    expect(await dialog.findByText("Press kit files")).toBeVisible();
    await user.keyboard("{Control>}{Enter}{/Control}");
    await waitFor(() =>
      expect(asked(fake, "saveCheck")[0]?.[0]).toMatchObject({
        connection: "c6",
        of: check.of,
        name: "Press kit files",
        every_seconds: 300,
        expectation: { status: null, value: null },
      }),
    );
  });

  it("is edited with all that it holds, and keeps being paused", async () => {
    const { fake, user } = await openPage();
    await user.click(screen.getByRole("button", { name: "More for Old catalogue" }));
    await user.click(await screen.findByRole("menuitem", { name: "Edit..." }));
    const dialog = within(await screen.findByRole("dialog", { name: "Edit Old catalogue" }));
    await user.click(dialog.getByRole("combobox", { name: "What is sent" }));
    await user.keyboard("kit{Enter}");
    expect(dialog.getByRole("textbox", { name: "Name" })).toHaveValue("Old catalogue");
    await user.keyboard("{Control>}{Enter}{/Control}");
    await waitFor(() =>
      expect(asked(fake, "saveCheck")[0]?.[0]).toMatchObject({
        id: "old-catalogue",
        of: { kind: "saved_request", id: "s1" },
        on: false,
      }),
    );
  });
});

describe("what the form of a check holds", () => {
  it("comes to what is saved, and what was saved fills it as it was", () => {
    const saved = toSave(filledOf(begun, ""), begun);
    expect(saved).toMatchObject({ id: null, every_seconds: 300, on: true, name: "Press kit" });
    const other: SaveCheck = {
      id: "k1",
      ...begun,
      every_seconds: 5400,
      expectation: { status: 204, value: { pointer: "", must: { kind: "stay" } } },
      on: false,
    };
    const filled = filledOf(other, "");
    expect(filled).toMatchObject({ every: "90", unit: "minutes", status: "204", must: "stay" });
    expect(toSave(filled, other)).toEqual(other);
    expect(filledOf({ every_seconds: 86_400 }, "c1")).toMatchObject({ every: "24", unit: "hours" });
    expect(filledOf({ every_seconds: 45 }, "c1")).toMatchObject({ every: "45", unit: "seconds" });
  });

  it("is refused outside the lines that the core draws", () => {
    const filled = filledOf(begun, "");
    const fields = (more: object) => Object.keys(problemsOf({ ...filled, ...more }));
    expect(fields({})).toEqual([]);
    expect(fields({ every: "29", unit: "seconds" })).toEqual(["every_seconds"]);
    expect(fields({ every: "25", unit: "hours" })).toEqual(["every_seconds"]);
    expect(fields({ every: "1.5", unit: "hours" })).toEqual(["every_seconds"]);
    expect(fields({ status: "600" })).toEqual(["status"]);
    expect(fields({ of: null, name: " " })).toEqual(["of", "name"]);
  });

  it("takes a JSON Pointer as RFC 6901 has it, and looks at it only where a value counts", () => {
    const filled = filledOf(begun, "");
    const isGood = (pointer: string) =>
      Object.keys(problemsOf({ ...filled, must: "exist", pointer })).length === 0;
    expect(["", "/", "/a~1b/0", "/m~0n", "/ä b"].every(isGood)).toBe(true);
    expect(["a", "#/a", "/a~", "/a~2", "$.a"].some(isGood)).toBe(false);
    expect(problemsOf({ ...filled, must: "none", pointer: "a" })).toEqual({});
  });
});

describe("the state of checks", () => {
  it("runs no check that is under way already", async () => {
    const fake = createFake({ checks: true });
    const checks = new Checks(fake);
    await checks.load();
    expect(await checks.run("answers-at-all")).toBeNull();
    expect(asked(fake, "runCheck")).toEqual([]);
    expect((await checks.run("front-desk-battery"))?.finding?.value).toBe("81");
  });

  it("keeps what it read where a reading fails, and says why", async () => {
    const fake = createFake({ checks: true });
    const checks = new Checks(fake);
    await checks.load();
    fake.failNext("listChecks", fault("internal", ""));
    await checks.load();
    expect(checks.list).toHaveLength(8);
    expect(checks.error?.code).toBe("internal");
  });
});

describe("the words of checks", () => {
  it("say the state: what goes on, else what came last", () => {
    expect(stateOf(check)).toBe("good");
    expect(stateOf({ ...check, running: true })).toBe("checking");
    expect(stateOf({ ...check, on: false })).toBe("paused");
    expect(stateOf({ ...check, finding: null })).toBe("waiting");
    const bad = { ...check, finding: { ...finding, found: "failed" as const } };
    expect([isAmiss(check), isAmiss(bad), isAmiss({ ...bad, on: false })]).toEqual([
      false,
      true,
      false,
    ]);
  });

  it("say how often in the largest unit that it is whole in", () => {
    expect([30, 60, 90, 300, 3600, 5400, 86_400].map(everyWords)).toEqual([
      "every 30 seconds",
      "every minute",
      "every 90 seconds",
      "every 5 minutes",
      "every hour",
      "every 90 minutes",
      "every 24 hours",
    ]);
  });

  it("say what is expected", () => {
    const at = (pointer: string, must: { kind: "exist" } | { kind: "stay" }) =>
      expectedWords({ status: null, value: { pointer, must } });
    expect(expectedWords({ status: null, value: null })).toBe("Any good status");
    const is = { kind: "be", value: "running" } as const;
    expect(expectedWords({ status: 200, value: { pointer: "/state", must: is } })).toBe(
      "Status 200; /state is running",
    );
    expect(at("/a", { kind: "exist" })).toBe("Any good status; /a is there");
    expect(at("", { kind: "exist" })).toBe("Any good status; the answer is JSON");
    expect(at("", { kind: "stay" })).toBe("Any good status; the whole answer stays as it is");
  });

  it("say what was found, and how it is not as expected", () => {
    const expectation = {
      status: null,
      value: { pointer: "/state", must: { kind: "stay" } },
    } as const;
    const found = (more: Partial<Finding>) =>
      foundWords({ ...check, expectation, finding: { ...finding, ...more } });
    const bad = (unmet: Finding["unmet"], more: Partial<Finding> = {}) =>
      found({ found: "bad", unmet, ...more });
    expect(foundWords({ ...check, finding: null })).toBe("Nothing yet");
    expect(found({ value: "idle" })).toBe("Status 200 in 212 ms; /state is idle");
    expect(found({ status: null })).toBe("Answered in 212 ms");
    const failed = fault("server_failed", "api.example");
    expect(bad({ kind: "status", expected: 200, got: 503 }, { error: failed })).toBe(
      "Status 503 in place of 200: the server failed",
    );
    expect(bad({ kind: "status", expected: null, got: 503 })).toBe("Status 503");
    expect(bad({ kind: "missing" })).toBe("There is no /state in the answer");
    expect(bad({ kind: "other", expected: "idle", got: "" })).toBe(
      "/state is an empty text in place of idle",
    );
    expect(bad({ kind: "not_json" })).toBe(
      "The answer is not valid JSON, so /state cannot be read",
    );
    expect(bad({ kind: "too_large" })).toBe("The answer is too large to look for /state");
    const away = fault("unreachable", "api.example:443.");
    expect(found({ found: "failed", status: null, error: away, target: "Pool" })).toBe(
      "Pool: The server could not be reached: api.example:443",
    );
  });

  it("say when it was and will be, and since when it stands so", () => {
    expect(timesWords(check, now)).toBe("12 s ago, next in 48 s");
    expect(timesWords({ ...check, on: false, next_at: null }, now)).toBe("12 s ago");
    expect(timesWords({ ...check, running: true, next_at: null }, now)).toBe("12 s ago");
    expect(timesWords({ ...check, finding: null }, now)).toBe("Next in 48 s");
    expect(timesWords(check, Date.parse("2026-11-22T09:43:00Z"))).toBe("1 m ago, next now");
    expect(timesWords({ ...check, finding: null, next_at: null }, now)).toBe("");
    expect(sinceWords(check, now)).toBe("for 3 h 12 m");
    expect(sinceWords({ ...check, running: true }, now)).toBe("good for 3 h 12 m");
    expect(sinceWords({ ...check, on: false }, now)).toBe("was good");
    expect(sinceWords({ ...check, finding: null, changed_at: null }, now)).toBe("");
  });

  it("say the strip of the last findings", () => {
    expect(recentWords([])).toBe("Nothing yet");
    expect(recentWords(["good"])).toBe("The last one: 1 good.");
    expect(recentWords(["failed", "good", "bad", "good"])).toBe(
      "The last 4: 2 good, 1 not as expected, 1 not reached.",
    );
  });

  it("have keys that no saved form can take", () => {
    expect(chordProblem("Alt C")).toBe("taken");
  });
});
