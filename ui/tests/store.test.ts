// Where tokens are kept: said everywhere, asked for where it is wanted, and changed by nobody but the person.
import { screen, waitFor, within } from "@testing-library/svelte";
import type { UserEvent } from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import type { StoreView } from "../src/bindings";
import { fault, noToken } from "../src/backend/fake/people";
import type { FakeOptions } from "../src/backend/fake";
import { asked, axeFindsNothing, goTo, openWindow } from "./window";

const PASSPHRASE = "correct horse";
const status = () => within(screen.getByRole("contentinfo", { name: "Status" }));
const banner = async () => within(await screen.findByRole("region", { name: "Token store" }));
const noBanner = () => expect(screen.queryByRole("region", { name: "Token store" })).toBeNull();
const place = (name: string) => screen.getByRole("radio", { name });
const lockedFile: FakeOptions = {
  store: { kept_in: "file", state: "locked", file_exists: true },
};
const openFile: FakeOptions = { store: { kept_in: "file" } };

async function settings(options: FakeOptions = {}) {
  const window = await openWindow(options);
  await goTo(window.user, "Settings");
  return window;
}
/** Chooses another place, and shows what that means. */
async function choose(user: UserEvent, name: string): Promise<void> {
  await user.click(place(name));
  expect(place(name)).toBeChecked();
}

describe("the status bar", () => {
  const places: [string, Partial<StoreView>][] = [
    ["Keychain unlocked", {}],
    ["Keychain locked", { state: "locked" }],
    ["No keychain", { state: "absent" }],
    ["Checking the keychain", { state: "checking" }],
    ["Passphrase file open", { kept_in: "file" }],
    ["Passphrase file locked", { kept_in: "file", state: "locked" }],
    ["Memory only: gone when Keydesk closes", { kept_in: "memory" }],
  ];
  it.each(places)("says: %s, and leads to the settings of it", async (words, store) => {
    const { user } = await openWindow({ store });
    await user.click(await status().findByRole("button", { name: words }));
    const places = await screen.findByRole("radiogroup", { name: "Where tokens are kept" });
    expect(within(places).getByRole("radio", { checked: true })).toHaveFocus();
  });
});

describe("the banner", () => {
  it.each(["absent", "locked", "silent"] as const)(
    "f3: says that the keychain is %s, with every way on, and chooses none of them",
    async (state) => {
      const { fake, user } = await openWindow({ store: { state } });
      const at = await banner();
      await axeFindsNothing();
      expect(at.getByRole("button", { name: "Use a passphrase file..." })).toBeVisible();
      expect(asked(fake, "useKeychain")).toEqual([]);
      expect(asked(fake, "useMemoryOnly")).toEqual([]);
      await user.click(at.getByRole("button", { name: "Memory only" }));
      expect(await screen.findByText("Memory only: gone when Keydesk closes")).toBeVisible();
      noBanner();
    },
  );

  it("tries the keychain again", async () => {
    const { fake, user } = await openWindow({ store: { state: "locked" } });
    await user.click((await banner()).getByRole("button", { name: "Try again" }));
    expect(await status().findByText("Keychain unlocked")).toBeVisible();
    expect(asked(fake, "useKeychain")).toHaveLength(1);
    noBanner();
  });

  it("f3: stays until what was in memory only is kept, though the keychain is open before", async () => {
    const { fake, user } = await openWindow({ store: { state: "locked" } });
    let isKept = (): void => undefined;
    const kept = new Promise<void>((resolve) => (isKept = resolve));
    const { useKeychain, appStatus } = fake;
    fake.useKeychain = async () => {
      await useKeychain();
      await kept;
      return appStatus();
    };
    await user.click((await banner()).getByRole("button", { name: "Try again" }));
    await waitFor(() => expect(asked(fake, "appStatus").length).toBeGreaterThan(1));
    expect((await appStatus()).store.state).toBe("ready");
    expect(await banner()).toBeDefined();
    isKept();
    expect(await status().findByText("Keychain unlocked")).toBeVisible();
    noBanner();
  });

  it.each([{ state: "checking" }, { kept_in: "memory" }] as const)(
    "makes no noise about %o",
    async (store) => {
      await openWindow({ store });
      await status().findByText(/Checking the keychain|Memory only/);
      noBanner();
    },
  );

  it("makes the file under a passphrase that was given twice", async () => {
    const { fake, user } = await openWindow({ store: { state: "absent" } });
    await user.click((await banner()).getByRole("button", { name: "Use a passphrase file..." }));
    const dialog = within(await screen.findByRole("dialog", { name: "Use a passphrase file" }));
    await axeFindsNothing();
    await user.type(dialog.getByLabelText("Passphrase"), `${PASSPHRASE}`);
    await user.type(dialog.getByLabelText("The same once more"), `${PASSPHRASE}{Enter}`);
    await waitFor(() => expect(asked(fake, "useFile")).toEqual([[PASSPHRASE]]));
    expect(await status().findByText("Passphrase file open")).toBeVisible();
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(document.body.innerHTML).not.toContain(PASSPHRASE);
  });
});

describe("a locked file", () => {
  it("asks for its passphrase at once; Enter opens it", async () => {
    const { fake, user } = await openWindow(lockedFile);
    const field = (await banner()).getByLabelText("Passphrase");
    await waitFor(() => expect(field).toHaveFocus());
    await axeFindsNothing();
    await user.keyboard(`${PASSPHRASE}{Enter}`);
    expect(await status().findByText("Passphrase file open")).toBeVisible();
    expect(asked(fake, "useFile")).toEqual([[PASSPHRASE]]);
    noBanner();
  });

  it("says at the field that it was wrong, and what was typed stays", async () => {
    const { user } = await openWindow(lockedFile);
    const field = (await banner()).getByLabelText("Passphrase");
    await user.type(field, "wrong{Enter}");
    await waitFor(() => expect(field).toHaveAccessibleDescription("That is not its passphrase."));
    expect(field).toHaveValue("wrong");
    expect(field).toHaveFocus();
    expect(status().getByText("Passphrase file locked")).toBeVisible();
  });

  it("says another failure in full, and what was typed stays too", async () => {
    const { fake, user } = await openWindow(lockedFile);
    const field = (await banner()).getByLabelText("Passphrase");
    fake.failNext("useFile", fault("store_failed", "secrets.age: permission denied"));
    await user.type(field, `${PASSPHRASE}{Enter}`);
    expect(await screen.findByText("secrets.age: permission denied")).toBeVisible();
    expect(field).toHaveValue(PASSPHRASE);
  });

  it("shows the other places, and says that a forgotten passphrase can’t be brought back", async () => {
    const { user } = await openWindow(lockedFile);
    await user.click((await banner()).getByRole("button", { name: "Another place..." }));
    expect(await screen.findByText(/^Forgotten\?/)).toBeVisible();
    await axeFindsNothing();
  });

  it("is opened from the palette as well", async () => {
    const { user } = await openWindow(lockedFile);
    await user.click(await screen.findByRole("heading", { level: 1 }));
    await user.keyboard("{Control>}k{/Control}");
    const find = await screen.findByRole("combobox", { name: "Find or run" });
    await user.type(find, "give the passphrase{Enter}");
    const dialog = await screen.findByRole("dialog", { name: "Open the passphrase file" });
    await user.type(within(dialog).getByLabelText("Passphrase"), `${PASSPHRASE}{Enter}`);
    expect(await status().findByText("Passphrase file open")).toBeVisible();
  });
});

describe("the settings of the place", () => {
  it("change nothing until the button is pressed, and can be left as they were", async () => {
    const { fake, user } = await settings();
    await choose(user, "Memory only");
    expect(screen.getByText(/^What is in the keychain stays there unused/)).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Leave it as it is" }));
    expect(place("System keychain")).toBeChecked();
    expect(asked(fake, "useMemoryOnly")).toEqual([]);
    await choose(user, "Memory only");
    await user.click(screen.getByRole("button", { name: "Use memory only" }));
    expect(await status().findByText(/^Memory only/)).toBeVisible();
  });

  it("refuse a short passphrase, and two that differ, before anything is done", async () => {
    const { fake, user } = await settings();
    await choose(user, "Passphrase file");
    await axeFindsNothing();
    const first = screen.getByLabelText("Passphrase");
    const second = screen.getByLabelText("The same once more");
    await user.type(first, "seven77{Enter}");
    expect(await screen.findByText("At least 8 characters.")).toBeVisible();
    await user.type(first, "8");
    await user.type(second, "seven778x{Enter}");
    expect(await screen.findByText("It is not the same as above.")).toBeVisible();
    expect(first).toHaveValue("seven778");
    expect(asked(fake, "useFile")).toEqual([]);
    await user.clear(second);
    await user.type(second, "seven778{Enter}");
    expect(await status().findByText("Passphrase file open")).toBeVisible();
    expect(place("Passphrase file")).toBeChecked();
  });

  it("open a file that is there with its passphrase, without making another", async () => {
    const { fake, user } = await settings({ store: { file_exists: true } });
    await choose(user, "Passphrase file");
    expect(screen.queryByLabelText("The same once more")).toBeNull();
    await user.type(screen.getByLabelText("Passphrase"), `${PASSPHRASE}{Enter}`);
    await waitFor(() => expect(asked(fake, "useFile")).toEqual([[PASSPHRASE]]));
  });

  it("change the passphrase, and say at its field when the one so far is wrong", async () => {
    const { fake, user } = await settings(openFile);
    await user.click(screen.getByRole("button", { name: "Change the passphrase" }));
    const current = screen.getByLabelText("Passphrase so far");
    await user.type(current, "not this one");
    await user.type(screen.getByLabelText("New passphrase"), "battery staple");
    await user.type(screen.getByLabelText("The same once more"), "battery staple{Enter}");
    await waitFor(() => expect(current).toHaveAccessibleDescription("That is not its passphrase."));
    await user.clear(current);
    await user.type(current, `${PASSPHRASE}{Enter}`);
    expect(await screen.findByText("Passphrase changed.")).toBeVisible();
    expect(asked(fake, "changePassphrase").at(-1)).toEqual([PASSPHRASE, "battery staple"]);
    expect(screen.queryByLabelText("New passphrase")).toBeNull();
  });

  it("lock the file now", async () => {
    const { user } = await settings(openFile);
    await user.click(screen.getByRole("button", { name: "Lock now" }));
    expect(await status().findByText("Passphrase file locked")).toBeVisible();
    expect((await banner()).getByLabelText("Passphrase")).toBeVisible();
  });

  it("keep the file when the keychain could not take what it holds", async () => {
    const { fake, user } = await settings(openFile);
    await choose(user, "System keychain");
    fake.failNext("useKeychain", fault("keychain_locked", "org.freedesktop.Secret.IsLocked"));
    await user.click(screen.getByRole("button", { name: "Use the keychain" }));
    expect(await screen.findByText("The keychain is locked")).toBeVisible();
    expect(status().getByText("Passphrase file open")).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Use the keychain" }));
    expect(await status().findByText("Keychain unlocked")).toBeVisible();
  });
});

describe("a connection whose token is locked away", () => {
  it("offers to open the place, and no login, which could not be kept", async () => {
    const { fake, user } = await openWindow(lockedFile);
    const [first] = await fake.listConnections();
    const { id = "", label = "" } = first ?? {};
    fake.setConnection(id, { token: { ...noToken, last_error: fault("passphrase_needed", "") } });
    const capsule = within(await screen.findByRole("group", { name: "Token" }));
    const give = "Give the passphrase...";
    expect(await capsule.findByText("Locked")).toBeVisible();
    expect(capsule.queryByRole("button", { name: "Log in" })).toBeNull();
    expect(screen.queryByText("Log in first")).toBeNull();
    expect(screen.getAllByText("The passphrase file is locked")).toHaveLength(2);
    await user.click(capsule.getByRole("button", { name: give }));
    expect(await screen.findByRole("dialog")).toBeVisible();
    await user.keyboard("{Escape}{Alt>}[Digit0]{/Alt}");
    const row = within(await screen.findByRole("row", { name: new RegExp(`^${label}`) }));
    expect(row.getByRole("button", { name: /^Give the passphrase/ })).toBeVisible();
    await axeFindsNothing();
  });
});

describe("a request that lacks the passphrase", () => {
  it("offers to give it", async () => {
    const { fake, user } = await openWindow(openFile);
    await screen.findByRole("heading", { level: 1, name: "Hillside Hotel" });
    fake.failNext("readToken", fault("passphrase_needed", ""));
    await user.click(screen.getByRole("tab", { name: "Token" }));
    await user.click(await screen.findByRole("button", { name: "Give the passphrase..." }));
    expect(await screen.findByRole("dialog", { name: "Open the passphrase file" })).toBeVisible();
  });
});
