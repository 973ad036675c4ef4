import { render, screen, waitFor, within } from "@testing-library/svelte";
import { tick } from "svelte";
import { afterEach, describe, expect, it, vi } from "vitest";
import App from "../src/App.svelte";
import { createFake } from "../src/backend/fake";
import { fault } from "../src/backend/fake/people";
import { fireEvent } from "@testing-library/svelte";
import { asked, openWindow } from "./window";

const SECRET = "eyJmYWtlIjp0cnVlfQ";

afterEach(() => {
  vi.useRealTimers();
});

async function revealed() {
  vi.useFakeTimers();
  const fake = createFake();
  render(App, { backend: fake });
  await vi.advanceTimersByTimeAsync(50);
  await fireEvent.click(screen.getByRole("tab", { name: "Token" }));
  await vi.advanceTimersByTimeAsync(50);
  await fireEvent.click(screen.getByRole("button", { name: "Show" }));
  await vi.advanceTimersByTimeAsync(10);
  return fake;
}

describe("a token that is shown", () => {
  it("hides again after ten seconds, counting down", async () => {
    await revealed();
    expect(document.body.innerHTML).toContain(SECRET);
    await vi.advanceTimersByTimeAsync(4000);
    expect(screen.getByRole("button", { name: "Hide" })).toBeVisible();
    expect(screen.getByText(/^Hidden again in [567] s$/)).toBeVisible();
    await vi.advanceTimersByTimeAsync(6500);
    expect(document.body.innerHTML).not.toContain(SECRET);
    expect(screen.getByRole("button", { name: "Show" })).toBeVisible();
  });

  it("is hidden when one leaves, and stays hidden on coming back", async () => {
    await revealed();
    await fireEvent.click(screen.getByRole("tab", { name: "Actions" }));
    await tick();
    expect(document.body.innerHTML).not.toContain(SECRET);
    await fireEvent.click(screen.getByRole("tab", { name: "Token" }));
    await vi.advanceTimersByTimeAsync(50);
    expect(document.body.innerHTML).not.toContain(SECRET);
  });

  it("is hidden when it was replaced", async () => {
    const fake = await revealed();
    fake.emit("tokenChanged", { connection: "c1" });
    await vi.advanceTimersByTimeAsync(10);
    expect(document.body.innerHTML).not.toContain(SECRET);
  });
});

describe("the token view", () => {
  it("says times in words, and that the signature was not checked", async () => {
    const { user } = await openWindow();
    await user.click(await screen.findByRole("tab", { name: "Token" }));
    const claims = within(await screen.findByRole("table", { name: "Claims" }));
    expect(claims.getByText(/in 1 hour 4\d minutes/)).toBeVisible();
    expect(screen.getByText(/Signature not checked/)).toBeVisible();
  });

  it("explains an opaque token, and does not call it an error", async () => {
    const { user } = await openWindow();
    await screen.findByRole("tab", { name: "Token" });
    await user.keyboard("{Alt>}[Digit3]{/Alt}{Control>}3{/Control}");
    expect(await screen.findByText("An opaque token")).toBeVisible();
    expect(screen.queryByRole("alert")).toBeNull();
  });

  it("says why there is none any more, and offers no second login while one waits", async () => {
    const { fake, user } = await openWindow();
    await screen.findByRole("tab", { name: "Token" });
    await user.keyboard("{Alt>}[Digit5]{/Alt}{Control>}3{/Control}");
    const alert = within(await screen.findByRole("alert"));
    expect(alert.getByText(/Session not active/)).toBeVisible();
    expect(alert.getByRole("button", { name: "Log in again" })).toBeVisible();
    expect(screen.queryByText("No token yet")).toBeNull();
    const login = { connection: "c5", login: "browser", fields: {}, keep: [] };
    await fake.startLogin({ ...login, receive_by: "loopback" });
    await waitFor(() => expect(alert.queryByRole("button")).toBeNull());
  });

  it("asks before it logs out", async () => {
    const { fake, user } = await openWindow();
    await user.click(await screen.findByRole("tab", { name: "Token" }));
    await user.click(await screen.findByRole("button", { name: "Log out" }));
    const question = within(await screen.findByRole("alertdialog"));
    expect(asked(fake, "logOut")).toEqual([]);
    await user.click(question.getByRole("button", { name: "Log out" }));
    expect(await screen.findByText("No token yet")).toBeVisible();
    expect(await screen.findByText(/the server ended the session/)).toBeVisible();
    expect(screen.queryByText(/as soon as Keydesk can open it/)).toBeNull();
  });

  it("says what a log-out could not delete", async () => {
    const { fake, user } = await openWindow();
    const logOut = fake.logOut.bind(fake);
    const locked = fault("keychain_locked", "The keychain is locked.");
    fake.logOut = async (id) => ({ ...(await logOut(id)), not_deleted: locked });
    await user.click(await screen.findByRole("tab", { name: "Token" }));
    await user.click(await screen.findByRole("button", { name: "Log out" }));
    const question = within(await screen.findByRole("alertdialog"));
    await user.click(question.getByRole("button", { name: "Log out" }));
    const said =
      "The keychain is locked. What it has of this connection is deleted as soon as Keydesk can open it.";
    expect(await screen.findByText(said)).toBeVisible();
  });
});

describe("the inspector", () => {
  it("decodes what is pasted, and forgets it on leaving", async () => {
    const { user } = await openWindow();
    await user.click(screen.getByRole("button", { name: "Token inspector" }));
    const field = screen.getByRole("textbox", { name: "Token" });
    await user.click(field);
    await user.paste("aaaa.bbbb.cccc");
    expect(await screen.findByRole("table", { name: "Claims" })).toBeVisible();
    const pages = within(screen.getByRole("navigation", { name: "Other pages" }));
    await user.click(pages.getByRole("button", { name: "Settings" }));
    await user.click(pages.getByRole("button", { name: "Token inspector" }));
    expect(screen.getByRole("textbox", { name: "Token" })).toHaveValue("");
  });

  it("refuses a text with spaces in it, and says so", async () => {
    const { fake, user } = await openWindow();
    await user.click(screen.getByRole("button", { name: "Token inspector" }));
    await user.click(screen.getByRole("textbox", { name: "Token" }));
    await user.paste("Bearer two words");
    expect(await screen.findByText("This is not a token: a token has no spaces.")).toBeVisible();
    expect(asked(fake, "decodeToken")).toEqual([]);
  });

  it("refuses what is far too long for a token", async () => {
    const { fake, user } = await openWindow();
    await user.click(screen.getByRole("button", { name: "Token inspector" }));
    await fireEvent.input(screen.getByRole("textbox", { name: "Token" }), {
      target: { value: "a".repeat(1024 * 1024 + 1) },
    });
    expect(await screen.findByText(/more than a million characters/)).toBeVisible();
    expect(asked(fake, "decodeToken")).toEqual([]);
  });
});

describe("a token that is no usual one", () => {
  const go = async (name: RegExp) => {
    const window = await openWindow();
    await window.user.click(await screen.findByRole("button", { name }));
    await window.user.keyboard("{Control>}3{/Control}");
    return window;
  };

  it("and has no end is called by what it is, without a countdown", async () => {
    await go(/^Press office/);
    const capsule = within(screen.getByRole("group", { name: "Token" }));
    expect(capsule.getByText("API key")).toBeVisible();
    expect(capsule.getByText("No expiry")).toBeVisible();
    expect(
      await screen.findByText("It holds until it is taken back where it was made."),
    ).toBeVisible();
    expect(screen.queryByText("Can’t be renewed")).toBeNull();
  });

  it("can be renewed past its end, which is said before that time closes", async () => {
    const { fake, user } = await go(/^Gateway 0417/);
    const notice = await screen.findByText(
      /^Ended 2 h ago. Can be renewed until .*\d\d:\d\d; after that the device needs a new token.$/,
    );
    expect(notice).toBeVisible();
    await user.click(screen.getAllByRole("button", { name: "Renew now" })[0] as HTMLElement);
    await waitFor(() => expect(asked(fake, "renewToken")).toEqual([["c8"]]));
    expect(screen.queryByText("Renew it soon")).toBeNull();
  });

  it("and whose time to be renewed is over asks for a login", async () => {
    const { fake } = await go(/^Gateway 0417/);
    const { token } = (await fake.listConnections()).find(({ id }) => id === "c8") ?? {};
    if (!token) throw new Error("no such connection");
    const past = new Date(Date.now() - 60_000).toISOString();
    fake.setConnection("c8", { token: { ...token, renewable_until: past } });
    expect(await screen.findByText("It can’t be renewed any more")).toBeVisible();
    const capsule = within(screen.getByRole("group", { name: "Token" }));
    expect(capsule.getByRole("button", { name: "Log in again" })).toBeVisible();
  });

  it("that goes into the address is shown and copied as a parameter", async () => {
    const { fake, user } = await go(/^Weather/);
    expect(await screen.findByText(/^\?api_key=/)).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Copy parameter" }));
    expect(asked(fake, "copyToken")).toEqual([["c10", "header"]]);
    expect(await screen.findByText(/^Parameter copied/)).toBeVisible();
  });
});
