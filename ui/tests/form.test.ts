import { render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { field } from "../src/backend/fake/field";
import type { Argument } from "../src/bindings";
import { argumentProblems, problems, shown, toSend } from "../src/components/form";
import FormBench from "./FormBench.svelte";

const row = (key: string, value: string, kind: Argument["kind"] = "string"): Argument => ({
  key,
  kind,
  value,
});

describe("arguments", () => {
  it("say what is wrong at their own row", () => {
    const found = argumentProblems([
      row("room", "204"),
      row("floor", "two", "number"),
      row("room", "205"),
      row("", "lost"),
      row("", ""),
      row("weight", "-2.5e3", "number"),
    ]);
    expect(found.map((problem) => problem !== null)).toEqual([
      true,
      true,
      true,
      true,
      false,
      false,
    ]);
  });

  it("are sent without their blank rows", () => {
    const fields = [field("args", "Arguments", { kind: "arguments", required: false })];
    const values = { args: [row("a", " 7 ", "number"), row("", ""), row("", "true", "boolean")] };
    expect(toSend(fields, values)).toEqual({ args: [row("a", "7", "number")] });
  });
});

describe("a form", () => {
  const fields = [
    field("name", "Name"),
    field("key", "Key", { kind: "secret" }),
    field("devices", "Devices", { kind: "choices" }),
    field("note", "Note", { required: false }),
  ];

  it("names every required field that is empty, in words", () => {
    expect(problems(fields, { name: "  ", devices: [] })).toEqual({
      name: "Name is needed.",
      key: "Key is needed.",
      devices: "Devices: choose at least one.",
    });
    expect(problems(fields, { name: "a", key: "b", devices: ["1"] })).toEqual({});
  });

  it("needs no secret that is kept, and says that it is", () => {
    const kept = ["key"];
    expect(problems(fields.slice(1, 2), {}, kept)).toEqual({});
    render(FormBench, { fields, kept });
    expect(screen.getByLabelText("Key")).toHaveAttribute("placeholder", "kept with the token");
  });

  it("takes numbers and JSON only where they are meant", () => {
    const some = [
      field("many", "Many", { kind: "number" }),
      field("body", "Body", { kind: "json", required: false }),
    ];
    expect(Object.keys(problems(some, { many: "12x", body: "{" }))).toEqual(["many", "body"]);
    expect(problems(some, { many: " 12 ", body: '{"a":[1]}' })).toEqual({});
    expect(problems(some, { many: "0.5", body: "" })).toEqual({});
  });

  it("begins with what the provider file gives, and keeps what was typed over it", () => {
    const withInitial = [field("environment", "Environment", { initial: "pro" })];
    expect(shown(withInitial, {})).toEqual({ environment: "pro" });
    expect(shown(withInitial, { environment: "" })).toEqual({ environment: "" });
  });

  it("labels every field, and ties its error to it", () => {
    render(FormBench, { fields, errors: { name: "Name is needed." } });
    expect(screen.getByLabelText(/^Name/)).toHaveAccessibleDescription("Name is needed.");
    expect(screen.getByLabelText("Key")).toHaveAttribute("type", "password");
    expect(screen.getByRole("combobox", { name: "Devices" })).toBeVisible();
  });

  it("shows a secret only while asked to", async () => {
    const user = userEvent.setup();
    render(FormBench, { fields });
    await user.click(screen.getByRole("button", { name: "Show key" }));
    expect(screen.getByLabelText("Key")).toHaveAttribute("type", "text");
    await user.click(screen.getByRole("button", { name: "Hide key" }));
    expect(screen.getByLabelText("Key")).toHaveAttribute("type", "password");
  });

  it("edits arguments by row and keeps the value when the kind changes", async () => {
    const user = userEvent.setup();
    const { component } = render(FormBench, {
      fields: [field("args", "Arguments", { kind: "arguments" })],
    });
    await user.type(screen.getByLabelText("Key 1"), "floor");
    await user.type(screen.getByLabelText("Value 1"), "2x");
    await user.selectOptions(screen.getByLabelText("Kind of 1"), "number");
    expect(screen.getByText(/Not a number/)).toBeVisible();
    expect(screen.getByLabelText("Value 1")).toBeInvalid();
    expect(screen.getByLabelText("Key 1")).toBeValid();
    expect(component.read()).toEqual({ args: [row("floor", "2x", "number")] });
    await user.click(screen.getByRole("button", { name: "Add argument" }));
    await user.type(screen.getByLabelText("Key 2"), "floor");
    expect(screen.getAllByText(/is there twice/)).toHaveLength(2);
    expect(screen.getByLabelText("Key 2")).toBeInvalid();
    expect(screen.getByLabelText("Value 2")).toBeValid();
    await user.click(screen.getByRole("button", { name: "Remove argument 1" }));
    expect(component.read()).toEqual({ args: [row("floor", "")] });
  });
});
