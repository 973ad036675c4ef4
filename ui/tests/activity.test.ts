// What happened, and what caused it.
import { screen, waitFor, within } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import type { ActivityEntry, ActivityEvent } from "../src/bindings";
import { chains } from "../src/views/activity/chains";
import { asked, axeFindsNothing, goTo, openWindow } from "./window";

const rows = async () => (await screen.findAllByRole("row")).length;
const rowOf = (words: RegExp) => {
  const found = screen.getAllByRole("row").find((row) => words.test(row.textContent));
  if (!found) throw new Error(`no row of ${String(words)}`);
  return found;
};

describe("activity", () => {
  it("is filtered by the core, and cleared only after a question", async () => {
    const { fake, user } = await openWindow();
    await goTo(user, "Activity");
    const before = await rows();
    await user.type(screen.getByRole("searchbox", { name: "Filter the activity" }), "pool");
    await waitFor(async () => expect(await rows()).toBeLessThan(before));
    await user.click(screen.getByRole("button", { name: "Clear activity" }));
    const question = within(await screen.findByRole("alertdialog"));
    expect(question.getByText("Clear all activity?")).toBeVisible();
    await user.click(question.getByRole("button", { name: "Cancel" }));
    expect(asked(fake, "clearActivity")).toEqual([]);
  });

  it("names a request, and below it in their order what it caused, each with its time and duration", async () => {
    const { user } = await openWindow();
    await goTo(user, "Activity");
    await screen.findByText("Pool");
    await axeFindsNothing();
    const all = screen.getAllByRole("row");
    const from = all.indexOf(rowOf(/^.*Pool refused the token, retried once/));
    const told = all.slice(from + 1, from + 4).map((row) => row.textContent.replace(/\s+/g, " "));
    expect(told[0]).toMatch(/\d\d:\d\d:\d\d\.\d ?Token refused with 401/);
    expect(told[1]).toMatch(/Token was refused, got a new one .* ?402 ms/);
    expect(told[2]).toMatch(/Token kept in the keychain ?11 ms/);
  });

  it("folds away what a request caused, and shows it again", async () => {
    const { user } = await openWindow();
    await goTo(user, "Activity");
    await screen.findByText("Pool");
    const before = await rows();
    const fold = within(rowOf(/Pool refused/)).getByRole("button", { name: "3 steps" });
    expect(fold).toHaveAttribute("aria-expanded", "true");
    await user.click(fold);
    expect(await rows()).toBe(before - 3);
    expect(fold).toHaveAttribute("aria-expanded", "false");
    await user.keyboard("{Enter}");
    expect(await rows()).toBe(before);
  });

  it("tells of a blank answer as such", async () => {
    const { user } = await openWindow();
    await goTo(user, "Activity");
    expect(
      await screen.findByText(/no new one: the token endpoint gave a blank token/),
    ).toBeVisible();
  });
});

describe("the entries of one chain", () => {
  const sent: ActivityEvent = {
    kind: "request_sent",
    method: "GET",
    url: "https://api.example/me",
    target: null,
    status: 200,
    replayed: false,
  };
  const kept: ActivityEvent = { kind: "token_kept", kept_in: "keychain" };
  const renewed: ActivityEvent = {
    kind: "token_renewed",
    cause: "ahead",
    seconds: 60,
    rotated: false,
  };
  const entry = (id: number, chain: string | null, event: ActivityEvent): ActivityEntry => ({
    id,
    at: new Date(id * 1000).toISOString(),
    connection: "c1",
    run: null,
    chain,
    duration_ms: null,
    event,
  });
  const ids = (entries: ActivityEntry[]) =>
    chains(entries).map(({ head, steps }) => [head.id, ...steps.map(({ id }) => id)]);

  it("stand together where the newest of them stands, though others came between", () => {
    const entries = [entry(5, "a", sent), entry(4, null, kept), entry(3, "a", kept)];
    expect(ids([...entries, entry(2, "b", sent), entry(1, "a", renewed)])).toEqual([
      [5, 1, 3],
      [4],
      [2],
    ]);
  });

  it("are named by what caused them, else by the first", () => {
    expect(ids([entry(2, "a", kept), entry(1, "a", renewed)])).toEqual([[1, 2]]);
    expect(ids([entry(3, "a", kept), entry(2, "a", sent), entry(1, "a", renewed)])).toEqual([
      [2, 1, 3],
    ]);
  });
});
