// The whole window over an in-memory backend, as a person meets it.
import { render, screen } from "@testing-library/svelte";
import userEvent, { type UserEvent } from "@testing-library/user-event";
import App from "../src/App.svelte";
import { createFake, type Fake, type FakeOptions } from "../src/backend/fake";

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
