import { screen, waitFor, within } from "@testing-library/svelte";
import type { UserEvent } from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import type { FakeOptions } from "../src/backend/fake";
import { isFilter, shortTopics } from "../src/words/live";
import { hexLines } from "../src/views/live/hex";
import { asked, axeFindsNothing, openWindow } from "./window";

async function openLive(options: FakeOptions = {}) {
  const window = await openWindow({ messageEvery: 20, ...options });
  await screen.findByRole("button", { name: /^Gateway 0417/ });
  await window.user.keyboard("{Alt>}[Digit8]{/Alt}");
  await screen.findByRole("tab", { name: "Live" });
  await window.user.keyboard("{Control>}6{/Control}");
  await screen.findByRole("region", { name: "Messages" });
  return window;
}
async function connect(user: UserEvent): Promise<void> {
  await screen.findByLabelText("Device id");
  await user.keyboard("{Control>}{Enter}{/Control}");
  await screen.findByText("Connected");
}
const list = () => screen.findByRole("listbox", { name: "Live messages" });

describe("live messages", () => {
  it("are a part of those connections only that have a broker", async () => {
    const { user } = await openLive();
    await user.keyboard("{Alt>}[Digit1]{/Alt}");
    await screen.findByRole("heading", { level: 1, name: "Hillside Hotel" });
    await waitFor(() => expect(screen.queryByRole("tab", { name: "Live" })).toBeNull());
    await user.keyboard("{Control>}6{/Control}");
    expect(screen.getByRole("tab", { name: "Actions" })).toHaveAttribute("data-state", "active");
  });

  it("are heard once one has connected and subscribed, all by keys", async () => {
    const { fake, user } = await openLive();
    await connect(user);
    expect(asked(fake, "connectMqtt")).toEqual([["c8", { device: "417" }]]);
    (await screen.findByRole("button", { name: /^Subscribe to Locations of all/ })).focus();
    await user.keyboard("{Enter}");
    const rows = within(await list());
    expect((await rows.findAllByRole("option"))[0]).toHaveTextContent("mon/location");
    screen.getByRole("listbox").focus();
    await user.keyboard("{ArrowDown}");
    expect(await screen.findByRole("region", { name: "Message" })).toHaveTextContent('"lat"');
    await axeFindsNothing();
  });

  it("tell a subscription that the broker refuses from one that it grants", async () => {
    const { user } = await openLive();
    await connect(user);
    await user.type(screen.getByLabelText("Topic filter"), "$SYS/#{Enter}");
    expect(await screen.findByText("refused")).toBeVisible();
    await user.type(screen.getByLabelText("Topic filter"), "a/#/b{Enter}");
    expect(await screen.findByText(/This is not a topic filter/)).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Unsubscribe from $SYS/#" }));
    await waitFor(() => expect(screen.queryByText("refused")).toBeNull());
  });

  it("are published under the prefix that stands there", async () => {
    const { fake, user } = await openLive();
    await connect(user);
    expect(await screen.findByText("mrs/d/417/")).toBeVisible();
    await user.type(screen.getByLabelText("Topic"), "hello");
    await user.type(screen.getByLabelText("Message"), "hi");
    await user.keyboard("{Control>}{Enter}{/Control}");
    const message = { connection: "c8", topic: "mrs/d/417/hello", payload: "hi", retain: false };
    await waitFor(() => expect(asked(fake, "publishMqtt")).toEqual([[message]]));
    expect(await within(await list()).findByText("own")).toBeVisible();
  });

  it("stay as they are while the view is paused, and lose none", async () => {
    const { user } = await openLive({ live: 50 });
    await list();
    await user.click(screen.getByRole("button", { name: "Pause" }));
    const [first] = within(await list()).getAllByRole("option");
    const before = first?.id;
    expect(await screen.findByText(/new since then, and kept/)).toBeVisible();
    expect(within(await list()).getAllByRole("option")[0]?.id).toBe(before);
    await user.click(screen.getByRole("button", { name: "Go on" }));
    await waitFor(async () =>
      expect(within(await list()).getAllByRole("option")[0]?.id).not.toBe(before),
    );
  });

  it("are drawn only as far as they are seen, of 10,000", async () => {
    await openLive({ live: 10_000, messageEvery: 100_000 });
    expect(await screen.findByText(/10,000 kept/)).toBeVisible();
    expect(within(await list()).getAllByRole("option").length).toBeLessThan(60);
  });

  it("of another login are not there any more", async () => {
    const { fake, user } = await openLive({ live: 100, messageEvery: 100_000 });
    const [old] = within(await list()).getAllByRole("option");
    const { messages } = await fake.readMessages({
      connection: "c8",
      filter: null,
      search: null,
      before: null,
      limit: 1,
    });
    const fresh = messages.map((message) => ({ ...message, number: 1, topic: "mrs/d/417/other" }));
    fake.readMessages = async () => ({ messages: fresh, total: 1 });
    await user.click(screen.getByRole("button", { name: "Pause" }));
    await user.click(screen.getByRole("button", { name: "Go on" }));
    await waitFor(async () => {
      const rows = within(await list()).getAllByRole("option");
      expect(rows).toHaveLength(1);
      expect(rows[0]?.id).not.toBe(old?.id);
    });
  });

  it("are narrowed by topics and by a text", async () => {
    const { user } = await openLive({ live: 100, messageEvery: 100_000 });
    await list();
    await user.type(screen.getByLabelText("Show topics"), "mrs/d/417/#");
    await waitFor(async () => {
      const rows = within(await list()).getAllByRole("option");
      for (const row of rows) expect(row).toHaveTextContent("mrs/d/417/");
    });
    await user.type(screen.getByLabelText("Search in messages"), "no such thing");
    expect(await screen.findByText("No message is like that")).toBeVisible();
  });

  it("say when the broker is tried again, and let one try now", async () => {
    const { fake, user } = await openLive({ brokerAway: true });
    await screen.findByLabelText("Device id");
    await user.keyboard("{Control>}{Enter}{/Control}");
    expect(await screen.findByText(/tries again in 0:4/)).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Try now" }));
    await waitFor(() => expect(asked(fake, "connectMqtt")).toHaveLength(2));
  });
});

describe("the words of topics", () => {
  it("knows a topic filter", () => {
    for (const good of ["#", "+", "a/#", "+/a", "a//b"]) expect(isFilter(good)).toBe(true);
    for (const bad of ["", "a#", "#/a", "a/b+/c"]) expect(isFilter(bad)).toBe(false);
  });

  it("calls places by what differs in their topics", () => {
    expect(shortTopics(["d/417/location", "d/418/location"])).toEqual(["417", "418"]);
    expect(shortTopics(["d/417/location"])).toEqual(["d/417/location"]);
  });

  it("lays bytes out with what can be read of them", () => {
    expect(hexLines("48690aff")).toBe("0000 48 69 0a ff             Hi..");
  });
});
