import { screen, waitFor, within } from "@testing-library/svelte";
import type { UserEvent } from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import type { FakeOptions } from "../src/backend/fake";
import { everyState } from "../src/backend/fake/transferring";
import { fault } from "../src/backend/fake/people";
import { bytes } from "../src/words/size";
import { part, stateLine, stateWord } from "../src/words/transfers";
import { asked, axeFindsNothing, openWindow } from "./window";

async function openFiles(options: FakeOptions = {}) {
  const window = await openWindow(options);
  await screen.findByRole("button", { name: /^Press office/ });
  await window.user.keyboard("{Alt>}[Digit6]{/Alt}");
  await openAction(window.user, "Upload a file");
  return window;
}
async function openAction(user: UserEvent, name: string): Promise<void> {
  const actions = await screen.findByRole("navigation", { name: "Actions" });
  await user.click(await within(actions).findByRole("button", { name }));
  await screen.findByRole("heading", { level: 2, name });
}
async function fill(user: UserEvent): Promise<void> {
  await user.click(screen.getByRole("combobox", { name: "Folder" }));
  await user.keyboard("winter{Enter}{Escape}");
  await user.click(screen.getByRole("button", { name: "File Choose a file..." }));
  await screen.findByText("garden-winter-2026.mp4");
}
const pane = () => within(screen.getByRole("region", { name: "File" }));

describe("sending a file", () => {
  it("chooses it in the system's dialog and never learns its path", async () => {
    const { fake, user } = await openFiles();
    await fill(user);
    expect(screen.getByText("96 MB")).toBeVisible();
    await user.keyboard("{Control>}{Enter}{/Control}");
    await waitFor(() => expect(asked(fake, "startTransfer")).toHaveLength(1));
    const [request, file] = asked(fake, "startTransfer")[0] ?? [];
    expect(request).toMatchObject({
      connection: "c6",
      action: "upload_file",
      values: { folder: "1284332", file: "garden-winter-2026.mp4" },
    });
    expect(file).toBe("f1");
    const runs = asked(fake, "startRun").map(([run]) => (run as { action: string }).action);
    expect(runs).not.toContain("upload_file");
  });

  it("shows how far it is, and at the end what the server answered", async () => {
    const { user } = await openFiles({ pieces: 3 });
    await fill(user);
    await user.keyboard("{Control>}{Enter}{/Control}");
    expect(await pane().findByRole("progressbar")).toBeVisible();
    expect(await pane().findByText("Done", {}, { timeout: 3000 })).toBeVisible();
    expect(pane().getByText("88121007")).toBeVisible();
    await axeFindsNothing();
  });

  it("says that a file is needed, and starts nothing", async () => {
    const { fake, user } = await openFiles();
    await user.keyboard("{Control>}{Enter}{/Control}");
    expect(await screen.findByText("File: choose a file.")).toBeVisible();
    expect(asked(fake, "startTransfer")).toEqual([]);
  });

  it("says why it did not begin, and loses nothing", async () => {
    const { fake, user } = await openFiles();
    await fill(user);
    fake.failNext("startTransfer", fault("unreachable", "acme.imagerelay.com"));
    await user.keyboard("{Control>}{Enter}{/Control}");
    expect(await pane().findByText("The server could not be reached")).toBeVisible();
    expect(screen.getByText("garden-winter-2026.mp4")).toBeVisible();
  });

  it("can be paused, gone on with and stopped", async () => {
    const { fake, user } = await openFiles({ pieces: 500 });
    await fill(user);
    await user.keyboard("{Control>}{Enter}{/Control}");
    await user.click(await pane().findByRole("button", { name: /^Pause/ }));
    expect(await pane().findByText("Paused")).toBeVisible();
    await user.click(pane().getByRole("button", { name: /^Go on/ }));
    await user.click(await pane().findByRole("button", { name: /^Stop/ }));
    expect(await pane().findByText("Stopped")).toBeVisible();
    for (const method of ["pauseTransfer", "resumeTransfer", "stopTransfer"])
      expect(asked(fake, method)).toHaveLength(1);
  });
});

describe("fetching a file", () => {
  it("waits to be told, and says where the file lies", async () => {
    const { fake, user } = await openFiles({ pieces: 2 });
    await openAction(user, "Download a file");
    await user.click(screen.getByRole("combobox", { name: "File" }));
    await user.keyboard("suite{Enter}{Escape}");
    expect(asked(fake, "startTransfer")).toEqual([]);
    await user.keyboard("{Control>}{Enter}{/Control}");
    const place = "/home/alice/Downloads/suite-204.tif";
    expect(await pane().findByText(place, {}, { timeout: 3000 })).toBeVisible();
    await user.click(pane().getByRole("button", { name: /^Copy its place/ }));
    expect(asked(fake, "copyText")).toEqual([[place]]);
  });
});

describe("the list of transfers", () => {
  it("is opened by a key, names each with its state, and removes what is over", async () => {
    const { fake, user } = await openWindow({ transfers: true });
    expect(await screen.findByRole("button", { name: "5 transfers" })).toBeVisible();
    await user.keyboard("{Control>}j{/Control}");
    await screen.findByRole("heading", { level: 1, name: "Transfers" });
    expect(screen.getAllByRole("article")).toHaveLength(10);
    await axeFindsNothing();
    await user.click(screen.getByRole("button", { name: "Remove what is over" }));
    await waitFor(() => expect(screen.getAllByRole("article")).toHaveLength(7));
    expect(asked(fake, "removeTransfer").flat()).toEqual(["t7", "t8", "t10"]);
  });
});

describe("the words of transfers", () => {
  it("has a word for every state, and a line where the word does not say enough", () => {
    const now = Date.now();
    const all = everyState();
    expect(new Set(all.map(({ state }) => state)).size).toBe(8);
    for (const one of all) {
      expect(stateWord(one)).toMatch(/^[A-Z]/);
      expect(stateLine(one, now) ?? "").not.toMatch(/undefined|null|NaN/);
    }
  });

  it("tells a limit from a cut, and when it goes on", () => {
    const [waiting] = everyState().filter(({ state }) => state === "waiting");
    if (waiting?.waits_until == null) throw new Error("one waits");
    const now = Date.parse(waiting.waits_until) - 251_500;
    expect(stateLine(waiting, now)).toMatch(/lets no more through.*in 4:11/);
    const cut = { ...waiting, error: fault("unreachable", "") };
    expect(stateLine(cut, now)).toMatch(/The server could not be reached\. It goes on/);
  });

  it("never says that all is there before it is", () => {
    const [running] = everyState();
    if (!running) throw new Error("one runs");
    expect(part({ ...running, done: 95_999_999 })).toBeLessThan(1);
    expect(part({ ...running, size: null })).toBeNull();
  });

  it("says amounts as people do", () => {
    expect([0, 1, 812, 14_200, 4_100_000, 310_000_000, 999_999].map(bytes)).toEqual([
      "0 bytes",
      "1 byte",
      "812 bytes",
      "14 KB",
      "4.1 MB",
      "310 MB",
      "1 MB",
    ]);
  });
});
