import { render, screen, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { devices, workflows } from "../src/backend/fake/catalogue";
import { field } from "../src/backend/fake/field";
import { fault } from "../src/backend/fake/people";
import type { ListState } from "../src/components/form";
import { groupsOf, matching, step } from "../src/components/picker";
import FormBench from "./FormBench.svelte";

const list = (more: Partial<ListState> = {}): ListState => ({
  choices: devices,
  loading: false,
  loaded: true,
  error: null,
  refresh: () => Promise.resolve(),
  ...more,
});
const many = field("devices", "Devices", { kind: "choices", list: "devices" });
const one = field("device", "Device", { kind: "choice", list: "devices" });

function open(more: Partial<ListState> = {}, fields = [many]) {
  const user = userEvent.setup();
  const { component } = render(FormBench, { fields, lists: { devices: list(more) } });
  const input = screen.getByRole("combobox");
  return { user, input, chosen: () => component.read() };
}
const ids = (...labels: string[]) =>
  labels.map((label) => devices.find((device) => device.label === label)?.value);

describe("groups", () => {
  const grouped = devices.map((device, index) => ({
    ...device,
    groups: index % 50 === 0 ? ["Night shift"] : [],
  }));

  it("are found by their names, and listed with those that are in them", () => {
    expect(matching(grouped, "night shift")).toHaveLength(5);
    expect(groupsOf(grouped)).toEqual([
      { name: "Night shift", values: [0, 50, 100, 150, 200].map((at) => devices[at]?.value) },
    ]);
    expect(groupsOf(devices)).toEqual([]);
  });

  it("are chosen whole, by a button that the keyboard reaches", async () => {
    const { user, input, chosen } = open({ choices: grouped });
    await user.click(input);
    screen.getByRole("button", { name: "Night shift (5)" }).focus();
    await user.keyboard("{Enter}");
    expect(chosen()["devices"]).toEqual(groupsOf(grouped)[0]?.values);
  });
});

describe("narrowing", () => {
  it("looks for every word in the name, and for a longer number in the id", () => {
    expect(matching(devices, "PORT 2").map(({ label }) => label)).toEqual(["Porter 2"]);
    const pool = devices[3];
    expect(matching(devices, pool?.value.slice(-5) ?? "")[0]).toBe(pool);
    expect(matching(devices, "nowhere")).toEqual([]);
  });

  it("puts the name that begins so before the one that only holds it", () => {
    const choices = ["East wing", "Wing"].map((label) => ({ value: label, label, detail: null }));
    expect(matching(choices, "wing").map(({ label }) => label)).toEqual(["Wing", "East wing"]);
  });

  it("goes round at the ends", () => {
    expect([step(2, 1, 3), step(0, -1, 3), step(0, 1, 0)]).toEqual([0, 2, -1]);
  });
});

describe("the picker of many, by keyboard alone", () => {
  it("narrows, walks, toggles with Enter and Space, and takes the last away with Backspace", async () => {
    const { user, chosen } = open();
    await user.tab();
    await user.tab();
    await user.keyboard("room 11");
    await user.keyboard("{ArrowDown}{Enter}");
    await user.keyboard("{ArrowDown} ");
    expect(chosen()).toEqual({ devices: ids("Room 111", "Room 112") });
    await user.keyboard(" ");
    expect(chosen()).toEqual({ devices: ids("Room 111") });
    // The filter is still marked: the first Backspace clears it, the next takes the chip.
    await user.keyboard("{Backspace}{Backspace}");
    expect(chosen()).toEqual({ devices: [] });
  });

  it("types a space while a name is being typed", async () => {
    const { user, input, chosen } = open();
    await user.click(input);
    await user.keyboard("front desk");
    expect(input).toHaveValue("front desk");
    expect(chosen()).toEqual({});
  });

  it("chooses all that is shown, and clears", async () => {
    const { user, input, chosen } = open();
    await user.click(input);
    await user.keyboard("porter");
    await user.tab();
    expect(screen.getByRole("button", { name: "Choose all 2" })).toHaveFocus();
    await user.keyboard("{Enter}");
    expect(chosen()).toEqual({ devices: ids("Porter 1", "Porter 2") });
    expect(screen.getByText("2 of 214 chosen")).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Clear" }));
    expect(chosen()).toEqual({ devices: [] });
  });

  it("closes with Escape and keeps what was chosen", async () => {
    const { user, input, chosen } = open();
    await user.click(input);
    await user.keyboard("pool{Enter}{Escape}");
    expect(input).toHaveAttribute("aria-expanded", "false");
    expect(chosen()).toEqual({ devices: ids("Pool") });
  });

  it("says which row the arrows are on", async () => {
    const { user, input } = open();
    await user.click(input);
    await user.keyboard("{ArrowDown}");
    const active = document.getElementById(input.getAttribute("aria-activedescendant") ?? "");
    expect(active).toHaveTextContent("Porter 1");
  });

  it("draws no more rows than can be read, and says how many more there are", async () => {
    const { user, input } = open();
    await user.click(input);
    expect(within(screen.getByRole("listbox")).getAllByRole("option")).toHaveLength(100);
    expect(screen.getByText(/114 more/)).toBeVisible();
  });
});

describe("a live list", () => {
  it("says that it is being read", async () => {
    const { user, input } = open({ choices: [], loading: true, loaded: false });
    await user.click(input);
    expect(screen.getByText("Reading the list...")).toBeVisible();
  });

  it("says why it could not be read, and tries again", async () => {
    const refresh = vi.fn(() => Promise.resolve());
    const error = fault("unreachable", "all-main-pro-ibot.relaysvr.com");
    const { user, input } = open({ choices: [], loaded: false, error, refresh });
    await user.click(input);
    expect(screen.getByRole("alert")).toHaveTextContent("The server could not be reached");
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(refresh).toHaveBeenCalledOnce();
  });

  it("is read anew by its own button", async () => {
    const refresh = vi.fn(() => Promise.resolve());
    const { user } = open({ refresh });
    await user.click(screen.getByRole("button", { name: "Refresh devices" }));
    expect(refresh).toHaveBeenCalledOnce();
  });
});

describe("the picker of one", () => {
  it("takes the row by Enter, closes, and shows the id beside the name", async () => {
    const { user, input, chosen } = open({}, [one]);
    await user.click(input);
    await user.keyboard("spa{Enter}");
    expect(chosen()).toEqual({ device: ids("Spa")[0] });
    expect(input).toHaveValue("Spa");
    expect(input).toHaveAttribute("aria-expanded", "false");
    expect(screen.getByText(ids("Spa")[0] ?? "")).toBeVisible();
  });

  it("shows what was chosen before, though the list does not know it", () => {
    render(FormBench, {
      fields: [{ ...one, list: "workflows" }],
      lists: { workflows: list({ choices: workflows }) },
      initial: { device: "wf_gone" },
    });
    expect(screen.getByRole("combobox")).toHaveValue("wf_gone");
  });
});

describe("a list that cannot be had", () => {
  const failed = { choices: [], error: fault("no_permission", "A device has no lists.") };

  it("takes what was typed, of one and of many", async () => {
    const { user, input, chosen } = open(failed, [one]);
    await user.click(input);
    await user.keyboard(" 4711 ");
    expect(screen.getByRole("option", { name: /^Use “4711” as it is/ })).toBeVisible();
    expect(screen.getByRole("alert")).toHaveTextContent("The list could not be read");
    await user.keyboard("{Enter}");
    expect(chosen()).toEqual({ device: "4711" });
    expect(input).toHaveValue("4711");
  });

  it("takes several", async () => {
    const { user, input, chosen } = open(failed);
    await user.click(input);
    await user.keyboard("4711{Enter}4712{Enter}");
    expect(chosen()).toEqual({ devices: ["4711", "4712"] });
  });

  it("offers nothing that was typed while the list is there", async () => {
    const { user, input, chosen } = open({}, [one]);
    await user.click(input);
    await user.keyboard("4711-nowhere{Enter}");
    expect(chosen()).toEqual({});
  });
});
