import { screen, waitFor, within } from "@testing-library/svelte";
import type { UserEvent } from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { readCsv } from "../src/backend/fake/csv";
import type { RunView } from "../src/bindings";
import { csvOf } from "../src/state/csv";
import { fillsWords } from "../src/words/csv";
import { cutOff, noteOf, pace, runTone, summary } from "../src/words/runs";
import { asked, axeFindsNothing, goTo, openWindow } from "./window";

async function chooseAll(user: UserEvent, amount: string): Promise<void> {
  await user.click(await screen.findByRole("combobox", { name: "Workflow" }));
  await user.keyboard("my{Enter}");
  await user.click(screen.getByRole("combobox", { name: "Devices" }));
  await user.click(await screen.findByRole("button", { name: `Choose all ${amount}` }));
  await user.keyboard("{Escape}");
}
const send = (user: UserEvent) => user.keyboard("{Control>}{Enter}{/Control}");
const table = () => within(screen.getByRole("table", { name: "Results" }));

describe("a run over many", () => {
  it("is asked about first, with the first request, and nothing is sent before", async () => {
    const { fake, user } = await openWindow();
    await chooseAll(user, "214");
    await send(user);
    const dialog = within(
      await screen.findByRole("dialog", { name: "Send trigger: 214 devices?" }),
    );
    expect(await dialog.findByText("The first goes to Front desk")).toBeVisible();
    expect(asked(fake, "startRun")).toEqual([]);
    await user.keyboard("{Escape}");
    expect(asked(fake, "startRun")).toEqual([]);
    await send(user);
    await screen.findByRole("dialog");
    await send(user);
    await waitFor(() => expect(asked(fake, "startRun")).toHaveLength(1));
    expect(asked(fake, "startRun")[0]?.[1]).toEqual({ confirmed: true });
  });

  it("of a few is not asked about", async () => {
    const { fake, user } = await openWindow();
    await user.click(await screen.findByRole("combobox", { name: "Workflow" }));
    await user.keyboard("my{Enter}");
    await user.click(screen.getByRole("combobox", { name: "Devices" }));
    await user.keyboard("pool{Enter}{Escape}");
    await send(user);
    await waitFor(() => expect(asked(fake, "startRun")).toHaveLength(1));
    expect(asked(fake, "startRun")[0]?.[1]).toEqual({ confirmed: false });
  });

  it("draws a page of its rows, however many there are", async () => {
    const { user } = await openWindow();
    await chooseAll(user, "214");
    await send(user);
    await screen.findByRole("dialog");
    await send(user);
    expect(await screen.findByText("of 214 done")).toBeVisible();
    expect(await screen.findByText(/^Done after/, {}, { timeout: 4000 })).toBeVisible();
    expect(table().getAllByRole("row")).toHaveLength(51);
    await user.click(screen.getByRole("button", { name: "Last page" }));
    expect(await screen.findByText("201 to 214 of 214")).toBeVisible();
    await user.click(screen.getByRole("button", { name: /^Failed/ }));
    await waitFor(() => expect(table().queryByText("Front desk")).toBeNull());
    await user.type(screen.getByRole("searchbox", { name: "Search the results" }), "room 147");
    await waitFor(() => expect(table().getAllByRole("row")).toHaveLength(2));
    await axeFindsNothing();
  });

  it("is paused, gone on with, exported, and what failed is tried again by another", async () => {
    const { fake, user } = await openWindow({ batchEvery: 30 });
    await chooseAll(user, "214");
    await send(user);
    await screen.findByRole("dialog");
    await send(user);
    await user.click(await screen.findByRole("button", { name: "Pause" }));
    expect(await screen.findByText("Paused")).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Go on" }));
    const again = await screen.findByRole(
      "button",
      { name: /^Retry the \d+ that failed/ },
      { timeout: 4000 },
    );
    await user.click(screen.getByRole("button", { name: "Export CSV" }));
    expect(await screen.findByText(/Downloads\/send_trigger.*csv/)).toBeVisible();
    await user.click(again);
    await waitFor(() => expect(asked(fake, "retryRun")[0]?.[1]).toEqual(["failed"]));
    expect(await screen.findByText(/another run was begun/i)).toBeVisible();
  });

  it("shows one answer when its row is chosen", async () => {
    const { user } = await openWindow({ pastRuns: true });
    await goTo(user, "Runs");
    const rows = within(screen.getByRole("table", { name: "Runs" }));
    await user.click(rows.getAllByRole("button")[2] ?? document.body);
    await user.click(await screen.findByRole("button", { name: "Spa" }));
    const dialog = within(await screen.findByRole("dialog", { name: "Answer of Spa" }));
    expect(await dialog.findByText("Not found")).toBeVisible();
    await axeFindsNothing();
  });
});

describe("runs of before", () => {
  it("are listed, the newest first, and those that need a person are counted", async () => {
    const { user } = await openWindow({ pastRuns: true });
    await user.keyboard("{Alt>}r{/Alt}");
    await screen.findByRole("heading", { level: 1, name: "Runs" });
    expect(screen.getByText("2 runs wait for you")).toBeInTheDocument();
    const rows = within(screen.getByRole("table", { name: "Runs" })).getAllByRole("row");
    expect(
      rows.map((row) => within(row).queryByText(/^(Interrupted|Paused|Done)$/)?.textContent),
    ).toEqual([undefined, "Interrupted", "Paused", "Done", "Done"]);
    await axeFindsNothing();
  });

  it("say of one that was cut off what was sent, and nothing is sent by itself", async () => {
    const { fake, user } = await openWindow({ pastRuns: true });
    const banner = within(
      await screen.findByRole("region", { name: "A run that was interrupted" }),
    );
    expect(banner.getByRole("alert")).toHaveTextContent(
      "107 were sent, 99 were not, of 8 it is not known",
    );
    expect(asked(fake, "resumeRun")).toEqual([]);
    await user.click(banner.getByRole("button", { name: "Look" }));
    expect(await screen.findByText("Keydesk ended in the middle of it")).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Go on" }));
    await waitFor(() => expect(asked(fake, "resumeRun")).toHaveLength(1));
    expect(await screen.findByText(/^Done after/)).toBeVisible();
    // What is unknown is sent once more only after a question.
    await user.click(screen.getByRole("button", { name: "Retry the 8 that are unknown" }));
    expect(asked(fake, "retryRun")).toEqual([]);
    await user.click(await screen.findByRole("button", { name: "Send once more" }));
    await waitFor(() => expect(asked(fake, "retryRun")[0]?.[1]).toEqual(["unknown"]));
  });

  it("can be left where they are: the banner goes, and what waits can still be sent", async () => {
    const { fake, user } = await openWindow({ pastRuns: true });
    await user.click(await screen.findByRole("button", { name: "Leave it" }));
    await waitFor(() => expect(screen.queryByRole("button", { name: "Leave it" })).toBeNull());
    expect(asked(fake, "resumeRun")).toEqual([]);
    await goTo(user, "Runs");
    const rows = within(screen.getByRole("table", { name: "Runs" }));
    await user.click(rows.getAllByRole("button")[0] ?? document.body);
    expect(await screen.findByRole("button", { name: "Send the 99 that wait" })).toBeVisible();
  });
});

describe("targets of a table", () => {
  it("are those that stand there when they are used, also right after they were typed", async () => {
    const { user } = await openWindow();
    await user.click(await screen.findByRole("button", { name: "From a CSV..." }));
    const text = await screen.findByRole("textbox", { name: "Table" });
    await user.click(text);
    await user.paste("device\n99000756024501\n99000756024508");
    await screen.findByText("2 rows can be sent.");
    await user.type(text, "\n99000756024511");
    await user.keyboard("{Control>}{Enter}{/Control}");
    expect(await screen.findByText("3 rows of a CSV")).toBeVisible();
  });

  it("may have a column twice, which is said", async () => {
    const { user } = await openWindow();
    await user.click(await screen.findByRole("button", { name: "From a CSV..." }));
    await user.click(await screen.findByRole("textbox", { name: "Table" }));
    await user.paste("device,room,room\n99000756024501,204,205");
    expect(await screen.findByText(/“room” stands there twice/)).toBeVisible();
    expect(screen.getAllByRole("combobox", { name: "What “room” fills" })).toHaveLength(1);
  });

  it("fill the form by its columns, and lines with a mistake are named and left out", async () => {
    const { fake, user } = await openWindow();
    await user.click(await screen.findByRole("button", { name: "From a CSV..." }));
    const text = await screen.findByRole("textbox", { name: "Table" });
    await user.click(text);
    await user.paste("device,room\n99000756024501,204\n,205\n99000756024508,117");
    expect(await screen.findByText("2 rows can be sent.")).toBeVisible();
    expect(screen.getByText("It names no target.")).toBeVisible();
    expect(screen.getByRole("combobox", { name: "What “device” fills" })).toHaveValue("devices");
    await axeFindsNothing();
    await user.selectOptions(
      screen.getByRole("combobox", { name: "What “room” fills" }),
      "Nothing",
    );
    await waitFor(() =>
      expect(asked(fake, "previewCsv").at(-1)?.[3]).toEqual({ device: "devices" }),
    );
    await user.click(await screen.findByRole("button", { name: "Use 2 rows" }));
    expect(await screen.findByText("They fill Devices.")).toBeVisible();
    expect(screen.queryByRole("combobox", { name: "Devices" })).toBeNull();
    await user.click(screen.getByRole("combobox", { name: "Workflow" }));
    await user.keyboard("my{Enter}");
    await send(user);
    await waitFor(() =>
      expect(asked(fake, "startRun")[0]?.[0]).toMatchObject({
        rows: [{ devices: "99000756024501" }, { devices: "99000756024508" }],
      }),
    );
  });

  it("is read again with other columns, and one that names none says so", () => {
    expect(readCsv("send_trigger", "device,room\n1,204", null).mapping).toEqual({
      device: "devices",
      room: "arguments.room",
    });
    expect(() => readCsv("send_trigger", ",", null)).toThrow();
    expect(csvOf([{ devices: "1", "arguments.room": "204" }]).fills).toEqual(["devices"]);
    const fields = [{ id: "devices", label: "Devices" }];
    const mapping = { device: "devices", room: "arguments.room", floor: "arguments.floor" };
    expect(fillsWords(mapping, fields)).toBe("They fill Devices and the arguments room and floor.");
  });
});

describe("the words of runs", () => {
  const counts = { total: 2140, waiting: 828, sending: 0, accepted: 1298, failed: 14, unknown: 0 };
  const run: RunView = {
    id: "r",
    connection: "c1",
    action: "send_trigger",
    action_label: "Send trigger",
    state: "running",
    counts,
    began_at: "2026-11-22T09:41:07Z",
    ended_at: null,
    at_once: 8,
    per_second: null,
    rate: 148.2,
    seconds_left: 6,
    waits_until: null,
    retry_of: null,
    note: null,
  };
  const now = Date.parse("2026-11-22T09:42:00Z");

  it("say the speed, what is waited for, why it stands, and how long it took", () => {
    expect(pace(run, now)).toBe("148 a second, 6 s left");
    expect(pace({ ...run, rate: 0, seconds_left: null }, now)).toBe("Beginning");
    expect(pace({ ...run, waits_until: "2026-11-22T09:42:30Z" }, now)).toMatch(
      /in 0:30: the server/,
    );
    expect(pace({ ...run, state: "paused", note: "login_needed" }, now)).toBe(
      "Paused: you are not logged in",
    );
    const limit = { state: "paused", note: "daily_limit" } as const;
    expect(pace({ ...run, ...limit, waits_until: "2026-11-22T11:00:00Z" }, now)).toMatch(
      /^Paused: the limit of the day is reached\. The server takes requests again: \d\d:\d\d$/,
    );
    const ended = { ...run, state: "done" as const, ended_at: "2026-11-22T09:41:22Z" };
    expect(pace(ended, now)).toBe("Done after 15 s");
    expect(runTone(ended)).toBe("dead");
    expect(summary(counts)).toBe("1,298 accepted, 14 failed, 828 waiting");
  });

  it("say of one that was cut off what is known", () => {
    const cut = cutOff({
      ...run,
      state: "interrupted",
      counts: { ...counts, unknown: 8, waiting: 820 },
    });
    expect(cut.title).toBe("A run was interrupted: send trigger to 2,140 targets");
    expect(cut.line).toBe(
      "1,312 were sent, 820 were not, of 8 it is not known. Nothing more is sent before you say so.",
    );
  });

  it("note what is worth a word of a target", () => {
    const row = {
      number: 1,
      target: "1",
      label: "Pool",
      state: "accepted" as const,
      status: 200,
      duration_ms: 12,
      attempts: 1,
      replayed: false,
      error: null,
      body: null,
      truncated: false,
      refusal: null,
    };
    expect(noteOf(row)).toBe("");
    expect(noteOf({ ...row, replayed: true, attempts: 2 })).toBe("Sent once more with a new token");
    expect(noteOf({ ...row, state: "unknown", attempts: 3 })).toBe(
      "The server may have done it, tried 3 times",
    );
  });
});
