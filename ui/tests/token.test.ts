import { render, screen, waitFor, within } from "@testing-library/svelte";
import { tick } from "svelte";
import { afterEach, describe, expect, it, vi } from "vitest";
import App from "../src/App.svelte";
import { createFake } from "../src/backend/fake";
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
    await user.keyboard("{Alt>}[Digit3]{/Alt}{Control>}2{/Control}");
    expect(await screen.findByText("An opaque token")).toBeVisible();
    expect(screen.queryByRole("alert")).toBeNull();
  });

  it("says why there is none any more, and offers no second login while one waits", async () => {
    const { fake, user } = await openWindow();
    await screen.findByRole("tab", { name: "Token" });
    await user.keyboard("{Alt>}[Digit5]{/Alt}{Control>}2{/Control}");
    const alert = within(await screen.findByRole("alert"));
    expect(alert.getByText(/Session not active/)).toBeVisible();
    expect(alert.getByRole("button", { name: "Log in again" })).toBeVisible();
    expect(screen.queryByText("No token yet")).toBeNull();
    await fake.startLogin({ connection: "c5", login: "browser", receive_by: "loopback" });
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
    expect(await screen.findByText("This is no token: a token has no spaces.")).toBeVisible();
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
