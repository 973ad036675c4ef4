// The whole window over an in-memory backend, as a person meets it.
import { render, screen, within } from "@testing-library/svelte";
import userEvent, { type UserEvent } from "@testing-library/user-event";
import axe from "axe-core";
import { expect } from "vitest";
import App from "../src/App.svelte";
import { loadAll } from "../src/components/lazy.svelte";
import { createFake, type Fake, type FakeOptions } from "../src/backend/fake";

// As it is soon after the window is there. How long that takes here is no promise of the window's.
await loadAll();

export async function openWindow(
  options: FakeOptions = {},
): Promise<{ fake: Fake; user: UserEvent; unmount: () => void }> {
  const fake = createFake(options);
  const user = userEvent.setup();
  const { unmount } = render(App, { backend: fake });
  await screen.findByRole("heading", { level: 1 });
  return { fake, user, unmount };
}

export const asked = (fake: Fake, method: string): unknown[][] =>
  fake.calls.filter((call) => call.method === method).map(({ args }) => args);

/** Goes to a page by its row in the sidebar. */
export async function goTo(user: UserEvent, page: string): Promise<void> {
  const sidebar = within(screen.getByRole("complementary", { name: "Keydesk" }));
  await user.click(sidebar.getByRole("button", { name: new RegExp(`^${page}`) }));
  await screen.findByRole("heading", { level: 1, name: page });
}

/** The token of the first connection. */
export async function tokenTab(): Promise<{ fake: Fake; user: UserEvent }> {
  const window = await openWindow();
  await window.user.click(await screen.findByRole("button", { name: /^Hillside Hotel/ }));
  await window.user.click(await screen.findByRole("tab", { name: "Token" }));
  await screen.findByRole("region", { name: "Claims" });
  return window;
}

/** What can be seen without drawing: names, roles, relations. Colours are looked at in the real window. */
export async function axeFindsNothing(): Promise<void> {
  const rules = { "color-contrast": { enabled: false } };
  const { violations } = await axe.run(document.body, { rules });
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((one) => one.html).join()}`);
  expect(found).toEqual([]);
}
