// Provider files: looked at, copied, written, mended, taken away.
import { screen, waitFor, within } from "@testing-library/svelte";
import type { UserEvent } from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import type { FakeOptions } from "../src/backend/fake";
import { fault } from "../src/backend/fake/people";
import { asked, openWindow } from "./window";

const GOOD = `id = "harbour"
name = "Harbour"
summary = "Berths"
hue = 200
[api]
base_url = "https://harbour.example"
[[login]]
id = "key"
label = "API key"
[login.grant.paste]
token = "access_token"
`;

async function page(options: FakeOptions = {}) {
  const window = await openWindow(options);
  await screen.findByRole("heading", { level: 1, name: "Hillside Hotel" });
  await window.user.keyboard("{Control>}p{/Control}");
  await screen.findByRole("heading", { level: 1, name: "Providers" });
  return window;
}
async function choose(user: UserEvent, name: string, doing: string): Promise<void> {
  await user.click(await screen.findByRole("button", { name: `More for ${name}` }));
  await user.click(await screen.findByRole("menuitem", { name: doing }));
}
const editor = () => screen.findByRole("textbox", { name: "Provider file" });
const add = () => screen.getByRole("button", { name: "Add" });
const doings = async (user: UserEvent, name: string) => {
  await user.click(await screen.findByRole("button", { name: `More for ${name}` }));
  return (await screen.findAllByRole("menuitem")).map((item) => item.textContent.trim());
};

describe("the providers page", () => {
  it("lists what comes with the app and the person’s own; only those can be changed", async () => {
    const { user } = await page();
    const list = within(await screen.findByRole("list", { name: "Providers" }));
    expect(list.getAllByRole("listitem")).toHaveLength(7);
    expect(await doings(user, "Relay")).toEqual(["Show file", "Make a copy", "Export"]);
    await user.keyboard("{Escape}");
    expect(await doings(user, "Trans Elite")).toEqual([
      "Show file",
      "Make a copy",
      "Export",
      "Edit",
      "Remove",
    ]);
  });

  it("leads to the ways in of a provider", async () => {
    const { user } = await page();
    await user.click(await screen.findByRole("button", { name: "Connect to Trans Elite" }));
    expect(await screen.findByRole("heading", { level: 2, name: "Trans Elite" })).toBeVisible();
  });

  it("says where an exported file was written", async () => {
    const { user } = await page();
    await choose(user, "Relay", "Export");
    expect(await screen.findByText("Written to /home/alice/Downloads/relay.toml")).toBeVisible();
  });

  it("shows a file to be read, and makes a copy of it under another id", async () => {
    const { user } = await page();
    await choose(user, "Relay", "Show file");
    expect(await editor()).toHaveAttribute("readonly");
    await user.click(screen.getByRole("button", { name: "Make a copy" }));
    await waitFor(async () => expect(await editor()).not.toHaveAttribute("readonly"));
    expect(((await editor()) as HTMLTextAreaElement).value).toContain('id = "relay-copy"');
  });

  it("removes an own one only after a question, and says which connections are in the way", async () => {
    const { fake, user } = await page();
    fake.failNext("removeProvider", fault("provider_in_use", "Bookings north"));
    for (const time of [1, 2]) {
      await choose(user, "Trans Elite", "Remove");
      const question = within(await screen.findByRole("alertdialog"));
      await user.click(question.getByRole("button", { name: "Remove" }));
      await waitFor(() => expect(asked(fake, "removeProvider")).toHaveLength(time));
      if (time === 1) expect(await screen.findByText(/Bookings north/)).toBeVisible();
    }
    expect(await screen.findByText("Trans Elite removed.")).toBeVisible();
    await waitFor(() => expect(screen.queryByRole("heading", { name: /^Trans Elite/ })).toBeNull());
  });

  it("is opened and searched from the palette too", async () => {
    const { user } = await page();
    await user.keyboard("{Control>}k{/Control}");
    await user.type(await screen.findByRole("combobox", { name: "Find or run" }), "export trans");
    await user.keyboard("{Enter}");
    expect(await screen.findByText(/Downloads\/trans-elite.toml/)).toBeVisible();
  });
});

describe("the editor", () => {
  it("says what is wrong, where, and what may be meant; then what the file is and where it goes", async () => {
    const { fake, user } = await page();
    await user.click(screen.getByRole("button", { name: "Add a provider" }));
    await user.click(await editor());
    await user.paste(GOOD.replace("paste", "past"));
    const problem = await screen.findByRole("button", { name: /^Line 10/ });
    expect(problem).toHaveTextContent("No grant is called “past”. Perhaps: paste");
    expect(add()).toBeDisabled();
    await user.click(problem);
    const area = (await editor()) as HTMLTextAreaElement;
    expect(area).toHaveFocus();
    expect(area.value.slice(area.selectionStart, area.selectionEnd)).toBe("[login.grant.past]");
    await user.clear(area);
    await user.paste(GOOD);
    expect(await screen.findByText("No mistakes")).toBeVisible();
    expect(screen.getByText("harbour.example")).toBeVisible();
    await user.keyboard("{Control>}{Enter}{/Control}");
    expect(await screen.findByText("Harbour added.")).toBeVisible();
    expect(asked(fake, "saveProvider")).toEqual([[{ text: GOOD, replaces: null, file: null }]]);
    expect(await screen.findByRole("button", { name: "Connect to Harbour" })).toBeVisible();
  });

  it("keeps the text when it could not be saved, and when one leaves and comes back", async () => {
    const { fake, user } = await page();
    await user.click(screen.getByRole("button", { name: "Add a provider" }));
    await user.click(await editor());
    await user.paste(GOOD);
    await screen.findByText("No mistakes");
    fake.failNext("saveProvider", fault("internal", "disk full"));
    await user.click(add());
    expect(await screen.findByText("disk full")).toBeVisible();
    await user.keyboard("{Control>}n{/Control}");
    await user.keyboard("{Control>}p{/Control}");
    expect(await editor()).toHaveValue(GOOD);
    await user.click(screen.getByRole("button", { name: "Discard" }));
    const question = within(await screen.findByRole("alertdialog"));
    await user.click(question.getByRole("button", { name: "Cancel" }));
    expect(await editor()).toHaveValue(GOOD);
  });

  it("changes an own provider in its place", async () => {
    const { fake, user } = await page();
    await choose(user, "Trans Elite", "Edit");
    await screen.findByText("No mistakes");
    await user.click(screen.getByRole("button", { name: "Save" }));
    expect(await screen.findByText("Trans Elite saved.")).toBeVisible();
    expect(asked(fake, "saveProvider")).toMatchObject([[{ replaces: "trans-elite" }]]);
  });
});

describe("a file that was set aside", () => {
  it("is told with its reasons, and mended", async () => {
    const { fake, user } = await page({ faulty: true });
    expect(await screen.findByText("harbour.toml was set aside: 2 mistakes")).toBeVisible();
    expect(screen.getByText("480 is no angle: it goes from 0 to 359.")).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Mend harbour.toml" }));
    await user.clear(await editor());
    await user.paste(GOOD);
    await screen.findByText("No mistakes");
    await user.click(screen.getByRole("button", { name: "Save" }));
    expect(await screen.findByText("Harbour added.")).toBeVisible();
    expect(asked(fake, "saveProvider")).toMatchObject([[{ file: "harbour.toml" }]]);
    expect(screen.queryByText(/was set aside/)).toBeNull();
  });

  it("is removed only after a question", async () => {
    const { fake, user } = await page({ faulty: true });
    await user.click(await screen.findByRole("button", { name: "Remove harbour.toml" }));
    const question = within(await screen.findByRole("alertdialog"));
    expect(asked(fake, "removeSetAside")).toEqual([]);
    await user.click(question.getByRole("button", { name: "Remove" }));
    await waitFor(() => expect(screen.queryByText(/was set aside/)).toBeNull());
  });
});

describe("a provider from a file", () => {
  const toml = (text: string | Uint8Array<ArrayBuffer>) => new File([text], "harbour.toml");

  it("is looked at first, then added, and its ways in are shown where it was asked for", async () => {
    const { user } = await openWindow({ empty: true });
    await screen.findByRole("button", { name: "Add a provider from a file..." });
    await user.upload(screen.getByLabelText("Provider file"), toml(GOOD));
    expect(await editor()).toHaveValue(GOOD);
    await screen.findByText("No mistakes");
    await user.click(add());
    expect(await screen.findByRole("heading", { level: 2, name: "Harbour" })).toBeVisible();
  });

  it("is not read where it is no text", async () => {
    const { user } = await openWindow({ empty: true });
    await screen.findByRole("button", { name: "Add a provider from a file..." });
    const binary = new Uint8Array([0xff, 0xfe, 0, 1]);
    await user.upload(screen.getByLabelText("Provider file"), toml(binary));
    expect(await screen.findByText("This is not a text file. Nothing was read.")).toBeVisible();
  });
});
