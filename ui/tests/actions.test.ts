import { screen, waitFor, within } from "@testing-library/svelte";
import type { UserEvent } from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { fault, noToken } from "../src/backend/fake/people";
import { asked, openWindow } from "./window";

async function fill(user: UserEvent, ...names: string[]): Promise<void> {
  await user.click(await screen.findByRole("combobox", { name: "Workflow" }));
  await user.keyboard("my{Enter}");
  await user.click(screen.getByRole("combobox", { name: "Devices" }));
  for (const name of names) await user.keyboard(`${name}{Enter}`);
  await user.keyboard("{Escape}");
}
const action = (name: string) =>
  within(screen.getByRole("navigation", { name: "Actions" })).getByRole("button", { name });
const results = () => within(screen.getByRole("region", { name: "Results" }));

describe("sending a trigger", () => {
  it("counts the devices, sends by Ctrl Enter, and shows a row for each", async () => {
    const { fake, user } = await openWindow();
    await fill(user, "front desk", "porter 2", "pool");
    expect(screen.getByRole("button", { name: "Send to 3 devices" })).toBeEnabled();
    await user.type(screen.getByLabelText("Key 1"), "room");
    await user.type(screen.getByLabelText("Value 1"), "204");
    await user.keyboard("{Control>}{Enter}{/Control}");
    expect(await results().findByText("3 of 3 accepted")).toBeVisible();
    expect(results().getAllByRole("row")).toHaveLength(4);
    expect(asked(fake, "startRun")[0]?.[0]).toMatchObject({
      values: { arguments: [{ key: "room", kind: "string", value: "204" }] },
    });
  });

  it("sends nothing while something is missing, and says what at each field", async () => {
    const { fake, user } = await openWindow();
    await user.click(await screen.findByRole("button", { name: "Send" }));
    expect(await screen.findByText("Workflow: choose one.")).toBeVisible();
    expect(screen.getByText("Devices: choose at least one.")).toBeVisible();
    expect(asked(fake, "startRun")).toEqual([]);
  });

  it("loses nothing typed when it fails, nor when one looks elsewhere", async () => {
    const { fake, user } = await openWindow();
    await fill(user, "pool");
    await user.type(screen.getByLabelText("Key 1"), "room");
    fake.failNext("startRun", fault("unreachable", "all-main-pro-ibot.relaysvr.com"));
    await user.keyboard("{Control>}{Enter}{/Control}");
    expect(await results().findByText("The server could not be reached")).toBeVisible();
    await user.keyboard("{Control>}3{/Control}");
    await user.keyboard("{Alt>}[Digit2]{/Alt}");
    await user.keyboard("{Alt>}[Digit1]{/Alt}");
    await user.keyboard("{Control>}1{/Control}");
    expect(await screen.findByLabelText("Key 1")).toHaveValue("room");
    expect(screen.getByRole("combobox", { name: "Workflow" })).toHaveValue("my_http_wf");
    expect(screen.getByRole("button", { name: "Send to 1 device" })).toBeVisible();
  });

  it("shows a failed device first, with what to do", async () => {
    const { user } = await openWindow();
    await fill(user, "front desk", "spa");
    await user.keyboard("{Control>}{Enter}{/Control}");
    expect(await results().findByText("1 of 2 accepted")).toBeVisible();
    expect(results().getByRole("alert")).toHaveTextContent("Not found");
    expect(results().getByText("Response from Spa")).toBeVisible();
  });

  it("can be stopped on the way", async () => {
    const { fake, user } = await openWindow({ batchEvery: 60 });
    await fill(user, "front desk", "pool", "spa", "kitchen", "porter 1");
    await user.keyboard("{Control>}{Enter}{/Control}");
    await user.click(await screen.findByRole("button", { name: "Stop" }));
    expect(await results().findByText("Stopped")).toBeVisible();
    expect(asked(fake, "stopRun")).toHaveLength(1);
  });

  it("sends nothing by Ctrl Enter where nobody is logged in", async () => {
    const { fake, user } = await openWindow();
    await fill(user, "pool");
    fake.setConnection("c1", { token: noToken });
    await screen.findByText("Log in first");
    await user.keyboard("{Control>}{Enter}{/Control}");
    expect(asked(fake, "startRun")).toEqual([]);
  });

  it("sends a form once, however often it is asked to while it runs", async () => {
    const { fake, user } = await openWindow({ batchEvery: 60 });
    await fill(user, "front desk", "pool");
    await user.keyboard("{Control>}{Enter}{/Control}{Control>}{Enter}{/Control}");
    expect(await results().findByText("2 of 2 accepted")).toBeVisible();
    expect(asked(fake, "startRun")).toHaveLength(1);
  });

  it("asks for a login first where the token has expired and cannot be renewed", async () => {
    const { fake, user } = await openWindow();
    await screen.findByRole("combobox", { name: "Workflow" });
    await user.keyboard("{Alt>}[Digit4]{/Alt}");
    expect(await screen.findByText("Log in first")).toBeVisible();
    expect(screen.getByRole("button", { name: "Send" })).toBeDisabled();
    await user.click(screen.getByRole("combobox", { name: "Workflow" }));
    expect(screen.getByText("Log in to read the list.")).toBeVisible();
    expect(asked(fake, "listChoices").filter(([connection]) => connection === "c4")).toEqual([]);
  });

  it("shows what will be sent before it is sent", async () => {
    const { fake, user } = await openWindow();
    await fill(user, "pool");
    expect(await screen.findByText("What will be sent to Pool")).toBeVisible();
    expect(screen.getByText("Authorization: Bearer ••••••••")).toBeVisible();
    expect(asked(fake, "startRun")).toEqual([]);
  });
});

describe("what only reads", () => {
  it("is read as soon as it is opened, and only once", async () => {
    const { fake, user } = await openWindow();
    await screen.findByRole("combobox", { name: "Workflow" });
    await user.click(action("Who am I"));
    expect(await screen.findByText("alice@hillside.example")).toBeVisible();
    // What no row names is not lost.
    expect(screen.getByText("Everything else")).toBeVisible();
    expect(screen.getByText("VIRT7Hk2mQ0s3V5")).toBeVisible();
    await user.click(action("Send trigger"));
    await user.click(action("Who am I"));
    expect(asked(fake, "startRun")).toHaveLength(1);
  });

  it("waits for the device it needs, then reads it", async () => {
    const { fake, user } = await openWindow();
    await screen.findByRole("combobox", { name: "Workflow" });
    await user.click(action("Device info"));
    expect(asked(fake, "startRun")).toEqual([]);
    await user.click(screen.getByRole("combobox", { name: "Device" }));
    await user.keyboard("pool{Enter}");
    expect(await screen.findByText("4020 Hillside Road")).toBeVisible();
    expect(screen.getByText(/^\d+ %$/)).toBeVisible();
  });

  it("is not asked for without a login", async () => {
    const { fake, user } = await openWindow();
    await user.keyboard("{Alt>}[Digit5]{/Alt}");
    await screen.findByText("Log in first");
    await user.click(action("Workflows"));
    expect(await screen.findByText("Log in first")).toBeVisible();
    await waitFor(() => expect(asked(fake, "startRun")).toEqual([]));
  });
});
