import { screen, waitFor } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import { chordOf, chordProblem } from "../src/components/chord";
import { asked, axeFindsNothing, goTo, openWindow } from "./window";

describe("saved forms", () => {
  it("are saved with a name and keys, and refuse keys of the window", async () => {
    const { fake, user } = await openWindow();
    await user.click(await screen.findByRole("combobox", { name: "Workflow" }));
    await user.keyboard("my{Enter}");
    await user.click(screen.getByRole("button", { name: "Save as one-click" }));
    await user.keyboard("{Control>}{Enter}{/Control}");
    expect(await screen.findByText("Give it a name.")).toBeVisible();
    await user.type(screen.getByRole("textbox", { name: "Name" }), "Towels");
    const keys = screen.getByRole("textbox", { name: /^Keys/ });
    await user.click(keys);
    await user.keyboard("{Control>}n{/Control}");
    expect(await screen.findByText("Ctrl N is taken by the window itself.")).toBeVisible();
    await user.keyboard("{Alt>}t{/Alt}");
    expect(keys).toHaveValue("Alt T");
    await axeFindsNothing();
    await user.keyboard("{Control>}{Enter}{/Control}");
    await waitFor(() =>
      expect(asked(fake, "saveTrigger")[0]?.[0]).toMatchObject({
        name: "Towels",
        shortcut: "Alt T",
      }),
    );
    expect(await screen.findByRole("button", { name: "Towels" })).toBeVisible();
  });

  it("are sent by a press, by their keys from any page, and from the palette", async () => {
    const { fake, user } = await openWindow({ triggers: true });
    await goTo(user, "Overview");
    await user.click(await screen.findByRole("button", { name: "Night porter" }));
    expect(await screen.findByText("“Night porter”: 2 of 2 accepted.")).toBeVisible();
    await user.keyboard("{F6}");
    expect(await screen.findByText("“Towels to 204”: 1 of 1 accepted.")).toBeVisible();
    await user.keyboard("{Control>}k{/Control}towels{Enter}");
    await waitFor(() => expect(asked(fake, "startTrigger")).toHaveLength(3));
    expect(screen.getByRole("heading", { level: 1 })).toHaveTextContent("Overview");
  });

  it("that go to many are asked about first", async () => {
    const { fake, user } = await openWindow({ triggers: true });
    await screen.findByRole("button", { name: "Evacuation drill" });
    await user.keyboard("{Control>}{Shift>}[Digit1]{/Shift}{/Control}");
    expect(
      await screen.findByRole("dialog", { name: "Evacuation drill: 214 devices?" }),
    ).toBeVisible();
    expect(asked(fake, "startTrigger")).toEqual([]);
  });

  it("fill the form, are saved into again, and are removed after a question", async () => {
    const { fake, user } = await openWindow({ triggers: true });
    await user.click(await screen.findByRole("button", { name: "More for Towels to 204" }));
    await user.click(await screen.findByRole("menuitem", { name: "Fill the form with it" }));
    expect(await screen.findByText("1 of 214 chosen")).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Save into “Towels to 204”" }));
    expect(await screen.findByText("From now on it sends what the form holds.")).toBeVisible();
    await user.keyboard("{Control>}{Enter}{/Control}");
    await waitFor(() => expect(asked(fake, "saveTrigger")[0]?.[0]).toMatchObject({ id: "t2" }));
    await user.click(screen.getByRole("button", { name: "More for Towels to 204" }));
    await user.click(await screen.findByRole("menuitem", { name: "Remove..." }));
    await user.click(await screen.findByRole("button", { name: "Remove" }));
    await waitFor(() => expect(screen.queryByRole("button", { name: "Towels to 204" })).toBeNull());
  });
});

describe("keys", () => {
  const press = (more: Partial<KeyboardEvent>) => ({
    key: "",
    code: "",
    ctrlKey: false,
    altKey: false,
    shiftKey: false,
    metaKey: false,
    ...more,
  });

  it("are a digit by its place and a letter by what it says", () => {
    const held = { ctrlKey: true, shiftKey: true };
    expect(chordOf(press({ ...held, key: "!", code: "Digit1" }))).toBe("Ctrl Shift 1");
    expect(chordOf(press({ altKey: true, key: "t", code: "KeyY" }))).toBe("Alt T");
    expect(chordOf(press({ altKey: true, key: "†", code: "KeyT" }))).toBe("Alt T");
    expect(chordOf(press({ key: "F6", code: "F6" }))).toBe("F6");
    expect(chordOf(press({ ctrlKey: true, key: "Control", code: "ControlLeft" }))).toBeNull();
  });

  it("start something only where nothing else is typed or done by them", () => {
    expect(["T", "Shift T", "1"].map(chordProblem)).toEqual(["alone", "alone", "alone"]);
    expect(
      ["Ctrl K", "Alt 1", "Alt R", "Ctrl C"].every((keys) => chordProblem(keys) === "taken"),
    ).toBe(true);
    expect(["Alt T", "Ctrl Shift 1", "F6", "Shift F6"].map(chordProblem)).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });
});
