// Answers as trees, pictures, charts, places, beside each other and watched.
import { screen, waitFor, within } from "@testing-library/svelte";
import { afterEach, describe, expect, it, vi } from "vitest";
import { asked, axeFindsNothing, openWindow } from "./window";

const menu = () => within(screen.getByRole("navigation", { name: "Actions" }));
const open = async (connection: RegExp, action: string) => {
  const window = await openWindow();
  await window.user.click(await screen.findByRole("button", { name: connection }));
  await window.user.click(await menu().findByRole("button", { name: action }));
  return window;
};
const device = async (...names: string[]) => {
  const window = await open(/^Hillside Hotel/, "Device info");
  await window.user.click(screen.getByRole("combobox", { name: "Device" }));
  for (const name of names) await window.user.keyboard(`${name}{Enter}`);
  await window.user.keyboard("{Escape}");
  await screen.findByRole("heading", { name: "Battery" });
  return window;
};

describe("the menu of actions", () => {
  it("has headings, is searched by any word, and walked by the arrow keys", async () => {
    const { user } = await openWindow();
    await screen.findByRole("navigation", { name: "Actions" });
    expect(await menu().findByRole("list", { name: "Devices" })).toBeVisible();
    const search = menu().getByRole("searchbox", { name: "Find an action" });
    await user.type(search, "places");
    expect(
      menu()
        .getAllByRole("button")
        .map((one) => one.textContent?.trim()),
    ).toEqual(["Geofences"]);
    await user.keyboard("{ArrowDown}");
    expect(menu().getByRole("button", { name: "Geofences" })).toHaveFocus();
    await user.keyboard("{Enter}");
    expect(await screen.findByRole("heading", { name: "Geofences" })).toBeVisible();
    expect(search).toHaveValue("");
    await user.type(search, "nothing like it");
    expect(menu().getByText("Nothing matches.")).toBeVisible();
  });
});

describe("a tree", () => {
  it("reads what is below a row when it is opened, and is walked as trees are", async () => {
    const { fake, user } = await open(/^Press office/, "Folders");
    const kit = await screen.findByRole("treeitem", { name: "Press kit" });
    const before = asked(fake, "startRun").length;
    kit.focus();
    await user.keyboard("{ArrowRight}");
    const menus = await screen.findByRole("treeitem", { name: "Menus" });
    expect(asked(fake, "startRun")).toHaveLength(before + 1);
    expect(kit).toHaveAttribute("aria-expanded", "true");
    expect(menus).toHaveAttribute("aria-level", "2");
    await user.keyboard("{ArrowDown}");
    await waitFor(() => expect(menus).toHaveFocus());
    await user.keyboard("{ArrowLeft}");
    await waitFor(() => expect(kit).toHaveFocus());
    await user.keyboard("{ArrowLeft}");
    expect(screen.queryByRole("treeitem", { name: "Menus" })).toBeNull();
    await axeFindsNothing();
  });

  it("opens the form of a row filled, leads back, and stands open as it was", async () => {
    const { fake, user } = await open(/^Press office/, "Folders");
    (await screen.findByRole("treeitem", { name: "Press kit" })).focus();
    await user.keyboard("{ArrowRight}");
    (await screen.findByRole("treeitem", { name: "Rooms" })).focus();
    await user.keyboard("{Enter}");
    expect(await screen.findByText("24 pictures")).toBeVisible();
    expect(asked(fake, "startRun").at(-1)?.[0]).toMatchObject({
      action: "files",
      values: { folder: "12" },
    });
    await user.click(screen.getByRole("button", { name: "Back to folders" }));
    expect(await screen.findByRole("treeitem", { name: "Rooms" })).toBeVisible();
  });

  it("says at its row what could not be read, and reads it again", async () => {
    const { fake, user } = await open(/^Press office/, "Folders");
    const kit = await screen.findByRole("treeitem", { name: "Press kit" });
    fake.failNext("startRun", {
      code: "unreachable",
      message: "",
      field: null,
      status: null,
      oauth: null,
      retryable: true,
      retry_after: null,
    });
    kit.focus();
    await user.keyboard("{ArrowRight}");
    expect(await screen.findByText("The server could not be reached")).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByRole("treeitem", { name: "Menus" })).toBeVisible();
  });
});

describe("a folder of pictures", () => {
  it("is one stop for Tab, and the arrow keys go from picture to picture", async () => {
    const { user } = await open(/^Press office/, "Folders");
    (await screen.findByRole("treeitem", { name: "Press kit" })).focus();
    await user.keyboard("{Enter}");
    const first = await screen.findByRole("button", { name: /^lobby-evening-1.jpg/ });
    first.focus();
    await user.keyboard("{ArrowRight}");
    expect(screen.getByRole("button", { name: /^pool-wide-2.jpg/ })).toHaveFocus();
    await user.keyboard("{End}");
    expect(screen.getByRole("button", { name: /^suite-204-24.jpg/ })).toHaveFocus();
    expect(first).toHaveAttribute("tabindex", "-1");
    await axeFindsNothing();
  });

  it("is turned to its next page, and back", async () => {
    const { user } = await open(/^Press office/, "Folders");
    (await screen.findByRole("treeitem", { name: "Press kit" })).focus();
    await user.keyboard("{Enter}");
    await user.click(await screen.findByRole("button", { name: "Next page" }));
    expect(await screen.findByRole("button", { name: /^breakfast-25.jpg/ })).toBeVisible();
    expect(screen.getByLabelText("Page")).toHaveValue("2");
    await user.click(screen.getByRole("button", { name: "Earlier page" }));
    expect(await screen.findByRole("button", { name: /^lobby-evening-1.jpg/ })).toBeVisible();
  });
});

describe("rows", () => {
  it("open another form filled with what stands in them", async () => {
    const { user } = await open(/^Hillside Hotel/, "Devices");
    await user.click(await screen.findByRole("button", { name: "What to do with Porter 2" }));
    await user.click(await screen.findByRole("menuitem", { name: "Send a trigger" }));
    expect(await screen.findByRole("button", { name: "Send to 1 device" })).toBeVisible();
    expect(screen.getByRole("button", { name: "Back to devices" })).toBeVisible();
  });

  it("with a time are drawn, and said as a table", async () => {
    await open(/^Hillside Hotel/, "Analytics");
    const chart = await screen.findByRole("table", { name: /^Analytics from .* to / });
    expect(within(chart).getAllByRole("row").length).toBeGreaterThan(5);
    await axeFindsNothing();
  });

  it("with a place are listed with their coordinates, which can be copied", async () => {
    const { fake, user } = await open(/^Hillside Hotel/, "Geofences");
    await user.click(await screen.findByText("All 5 places as a list"));
    const places = screen.getByRole("table", { name: "Map: Geofences" });
    expect(within(places).getByText("35.994, -78.8986")).toBeVisible();
    await user.click(
      within(places).getByRole("button", { name: "Copy the coordinates of Laundry" }),
    );
    await waitFor(() => expect(asked(fake, "copyText").at(-1)).toEqual(["35.994, -78.8986"]));
    await axeFindsNothing();
  });
});

describe("two devices", () => {
  it("stand side by side with what differs marked, and alone where that is wanted", async () => {
    const { user } = await device("front desk", "porter 2");
    await user.click(await screen.findByRole("button", { name: "Side by side" }));
    const both = screen.getByRole("table", { name: "Device info" });
    expect(within(both).getByRole("rowheader", { name: /^Level\s*, differs/ })).toBeVisible();
    expect(within(both).getByRole("rowheader", { name: "Address" })).toBeVisible();
    await user.click(screen.getByRole("switch", { name: "Only differences" }));
    expect(within(both).queryByRole("rowheader", { name: "Address" })).toBeNull();
    await axeFindsNothing();
  });

  it("are offered side by side only where there are two", async () => {
    await device("front desk");
    expect(screen.queryByRole("button", { name: "Side by side" })).toBeNull();
  });
});

describe("watching", () => {
  afterEach(() => void vi.useRealTimers());
  const choose = async (seconds: string) => {
    const select = screen.getByRole<HTMLSelectElement>("combobox", { name: "Watch" });
    select.value = seconds;
    select.dispatchEvent(new Event("change", { bubbles: true }));
    await Promise.resolve();
  };

  it("asks again by itself, marks what changed, and says when it asked", async () => {
    const { fake } = await device("front desk");
    const before = asked(fake, "startRun").length;
    vi.useFakeTimers({ shouldAdvanceTime: true });
    await choose("5");
    await vi.advanceTimersByTimeAsync(5100);
    vi.useRealTimers();
    await waitFor(() => expect(asked(fake, "startRun")).toHaveLength(before + 1));
    expect(await screen.findAllByText("changed just now")).not.toHaveLength(0);
    expect(screen.getByText(/^Asked \d\d:\d\d:\d\d,/)).toBeVisible();
    await axeFindsNothing();
  });

  it("says why it stopped when the server fails, and asks no more", async () => {
    const { fake } = await device("front desk");
    vi.useFakeTimers({ shouldAdvanceTime: true });
    await choose("5");
    fake.failNext("startRun", {
      code: "unreachable",
      message: "",
      field: null,
      status: null,
      oauth: null,
      retryable: true,
      retry_after: null,
    });
    await vi.advanceTimersByTimeAsync(5100);
    const after = asked(fake, "startRun").length;
    await vi.advanceTimersByTimeAsync(20_000);
    vi.useRealTimers();
    expect(await screen.findByText(/^Stopped watching: The server could not/)).toBeVisible();
    expect(asked(fake, "startRun")).toHaveLength(after);
  });

  it("ends when one looks elsewhere", async () => {
    const { fake, user } = await device("front desk");
    await choose("5");
    await user.click(menu().getByRole("button", { name: "Who am I" }));
    await screen.findByRole("heading", { name: "Who am I" });
    await screen.findByText("alice@hillside.example");
    const after = asked(fake, "startRun").length;
    vi.useFakeTimers({ shouldAdvanceTime: true });
    await vi.advanceTimersByTimeAsync(20_000);
    expect(asked(fake, "startRun")).toHaveLength(after);
  });
});
