import { screen, waitFor, within } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import { fault } from "../src/backend/fake/people";
import { asked, axeFindsNothing, goTo, openWindow } from "./window";

describe("the keys", () => {
  it("T copies the token, but not while one types", async () => {
    const { fake, user } = await openWindow();
    const field = await screen.findByLabelText("Key 1");
    await user.type(field, "t");
    expect(asked(fake, "copyToken")).toEqual([]);
    await user.click(screen.getByRole("heading", { level: 1 }));
    await user.keyboard("t");
    expect(asked(fake, "copyToken")).toEqual([["c1", "token"]]);
    expect(
      await screen.findByText("Token copied. The clipboard is cleared in 30 s."),
    ).toBeVisible();
  });

  it("Alt and a digit choose a connection, Ctrl and a digit its tab", async () => {
    const { user } = await openWindow();
    await screen.findByRole("heading", { level: 1, name: "Hillside Hotel" });
    await user.keyboard("{Alt>}[Digit2]{/Alt}{Control>}4{/Control}");
    expect(screen.getByRole("heading", { level: 1 })).toHaveTextContent("Hillside QA");
    expect(screen.getByRole("tab", { name: "Activity" })).toHaveAttribute("aria-selected", "true");
    await user.keyboard("{Control>}n{/Control}");
    expect(screen.getByRole("heading", { level: 1 })).toHaveTextContent("Add connection");
  });

  it("Alt 0 opens the overview of all connections", async () => {
    const { user } = await openWindow();
    await screen.findByRole("heading", { level: 1, name: "Hillside Hotel" });
    await user.keyboard("{Alt>}[Digit0]{/Alt}");
    expect(await screen.findByRole("heading", { level: 1, name: "Overview" })).toBeVisible();
  });

  it("Ctrl K finds an action and runs it", async () => {
    const { user } = await openWindow();
    await screen.findByRole("combobox", { name: "Workflow" });
    await user.keyboard("{Control>}k{/Control}");
    await user.type(await screen.findByRole("combobox", { name: "Find or run" }), "who am{Enter}");
    expect(await screen.findByRole("heading", { name: "Who am I" })).toBeVisible();
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  it("Ctrl Enter sends the form of the screen again after a dialog was closed, and not under it", async () => {
    const { user } = await openWindow();
    await screen.findByRole("combobox", { name: "Workflow" });
    await user.keyboard("{Control>}k{/Control}");
    await screen.findByRole("dialog");
    await user.keyboard("{Control>}{Enter}{/Control}");
    expect(screen.queryByText("Workflow: choose one.")).toBeNull();
    await user.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    await user.keyboard("{Control>}{Enter}{/Control}");
    expect(await screen.findByText("Workflow: choose one.")).toBeVisible();
  });

  it("Ctrl Enter sends the form too while a tab has the focus", async () => {
    const { user } = await openWindow();
    await screen.findByRole("combobox", { name: "Workflow" });
    await user.click(screen.getByRole("tab", { name: "Actions" }));
    expect(screen.getByRole("tab", { name: "Actions" })).toHaveFocus();
    await user.keyboard("{Control>}{Enter}{/Control}");
    expect(await screen.findByText("Workflow: choose one.")).toBeVisible();
  });

  it("Ctrl Enter does one thing: it neither presses the button nor opens the menu that has the focus", async () => {
    const { fake, user } = await openWindow();
    await screen.findByRole("combobox", { name: "Workflow" });
    const who = screen.getByRole("button", { name: "Who am I" });
    who.focus();
    await user.keyboard("{Control>}{Enter}{/Control}");
    expect(await screen.findByText("Workflow: choose one.")).toBeVisible();
    expect(screen.queryByRole("heading", { name: "Who am I" })).toBeNull();
    screen.getByRole("button", { name: "More for this connection" }).focus();
    await user.keyboard("{Control>}{Enter}{/Control}");
    expect(screen.queryByRole("menu")).toBeNull();
    expect(asked(fake, "startRun")).toEqual([]);
  });

  it("Ctrl Enter held down in a login form starts one login", async () => {
    const { fake, user } = await openWindow({ empty: true });
    await user.click(await screen.findByRole("button", { name: /^Relay Log in/ }));
    screen.getByRole("button", { name: "Log in with browser" }).focus();
    await user.keyboard("{Control>}{Enter>5/}{/Control}");
    expect(await screen.findByText("Waiting for you in the browser")).toBeVisible();
    expect(asked(fake, "startLogin")).toHaveLength(1);
  });

  it("? shows the keys, Escape closes them", async () => {
    const { user } = await openWindow();
    await screen.findByRole("heading", { level: 1, name: "Hillside Hotel" });
    await user.keyboard("?");
    const dialog = within(await screen.findByRole("dialog", { name: "Keys" }));
    const keys = dialog
      .getAllByRole("term")
      .map(({ children }) => [...children].map(({ textContent }) => textContent).join(" "));
    for (const one of ["Ctrl K", "Ctrl .", "Ctrl PageDown", "Ctrl Shift Delete", "?"])
      expect(keys).toContain(one);
    expect(dialog.getByText(/Shift T opens it again/)).toBeVisible();
    await user.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  });
});

describe("a connection", () => {
  it("is removed only after a question", async () => {
    const { fake, user } = await openWindow();
    await screen.findByRole("heading", { level: 1, name: "Hillside Hotel" });
    await user.keyboard("{Control>}5{/Control}");
    await user.click(await screen.findByRole("button", { name: "Remove connection" }));
    const question = within(await screen.findByRole("alertdialog"));
    await user.click(question.getByRole("button", { name: "Remove connection" }));
    expect(await screen.findByText("Hillside Hotel removed.")).toBeVisible();
    expect(asked(fake, "removeConnection")).toEqual([["c1"]]);
    expect(screen.getByRole("heading", { level: 1 })).toHaveTextContent("Hillside QA");
  });

  it("keeps a new name in its field when it could not be saved", async () => {
    const { fake, user } = await openWindow();
    await screen.findByRole("heading", { level: 1, name: "Hillside Hotel" });
    await user.keyboard("{Control>}5{/Control}");
    const name = await screen.findByLabelText("Name");
    await user.clear(name);
    await user.type(name, "Lobby");
    fake.failNext("editConnection", fault("internal", "disk full"));
    await user.click(screen.getByRole("button", { name: "Save" }));
    expect(await screen.findByText("disk full")).toBeVisible();
    expect(name).toHaveValue("Lobby");
    await user.click(screen.getByRole("button", { name: "Save" }));
    expect(await screen.findByRole("heading", { level: 1, name: "Lobby" })).toBeVisible();
  });

  it("whose token is dead says who was logged in last", async () => {
    const { user } = await openWindow();
    expect(await screen.findByText("Logged in as Alice Rodriguez, production")).toBeVisible();
    await user.keyboard("{Alt>}[Digit4]{/Alt}");
    expect(await screen.findByText("Last logged in as Alice Rodriguez, production")).toBeVisible();
  });

  it("is read anew when the core says it changed", async () => {
    const { fake } = await openWindow();
    await screen.findByRole("heading", { level: 1, name: "Hillside Hotel" });
    fake.setConnection("c1", { label: "Renamed elsewhere" });
    expect(
      await screen.findByRole("heading", { level: 1, name: "Renamed elsewhere" }),
    ).toBeVisible();
  });
});

describe("the settings", () => {
  it("change the theme at once", async () => {
    const { user } = await openWindow({ theme: "light" });
    const pages = within(screen.getByRole("navigation", { name: "Other pages" }));
    await user.click(pages.getByRole("button", { name: "Settings" }));
    await user.click(await screen.findByRole("radio", { name: "Dark" }));
    await waitFor(() => expect(document.documentElement.dataset["theme"]).toBe("dark"));
  });

  it("tell or do not tell when one is needed, at once", async () => {
    const { fake, user } = await openWindow();
    await goTo(user, "Settings");
    const notify = screen.getByRole("switch", { name: "Tell me when I am needed" });
    expect(notify).toBeChecked();
    await user.click(notify);
    await waitFor(() => expect(notify).not.toBeChecked());
    expect(asked(fake, "saveSettings")).toEqual([[expect.objectContaining({ notify: false })]]);
    fake.failNext("saveSettings", fault("internal", "disk full"));
    await user.click(notify);
    expect(await screen.findByText(/disk full/)).toBeVisible();
    expect(notify).not.toBeChecked();
  });

  it("refuse a number that makes no sense, and keep it to be corrected", async () => {
    const { fake, user } = await openWindow();
    const pages = within(screen.getByRole("navigation", { name: "Other pages" }));
    await user.click(pages.getByRole("button", { name: "Settings" }));
    const minutes = screen.getByLabelText("A login waits");
    await user.clear(minutes);
    await user.type(minutes, "soon");
    await user.click(screen.getByRole("button", { name: "Save" }));
    expect(await screen.findByText("Give a whole number from 1 to 30.")).toBeVisible();
    expect(minutes).toHaveValue("soon");
    expect(asked(fake, "saveSettings")).toEqual([]);
  });
});

describe("a file of Keydesk's own that was damaged", () => {
  const damaged = [
    { name: "settings.json", kept_as: "/home/alice/.config/keydesk/settings.json.broken" },
    { name: "explorer.sqlite", kept_as: "/home/alice/.local/share/keydesk/explorer.sqlite.broken" },
  ];
  const banner = () => screen.findByRole("region", { name: "Damaged files" });

  it("f12: is said with the place where it is kept, until one has read it", async () => {
    const { user } = await openWindow({ damaged });
    const said = await banner();
    expect(said).toHaveTextContent("2 files were damaged");
    for (const { kept_as } of damaged) expect(said).toHaveTextContent(kept_as);
    await axeFindsNothing();
    await user.click(within(said).getByRole("button", { name: "Dismiss" }));
    expect(screen.queryByRole("region", { name: "Damaged files" })).toBeNull();
  });

  it("is said again when another one is damaged", async () => {
    const known = damaged.slice(0, 1);
    const { fake, user } = await openWindow({ damaged: known });
    await user.click(within(await banner()).getByRole("button", { name: "Dismiss" }));
    known.push(...damaged.slice(1));
    fake.emit("statusChanged", null);
    const said = await banner();
    expect(said).toHaveTextContent("A file was damaged");
    expect(said).toHaveTextContent("explorer.sqlite");
  });
});
