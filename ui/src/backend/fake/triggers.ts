// Saved forms of the fake.
import type { TriggerView } from "../../bindings";
import { BackendError, type Backend } from "../backend";
import type { Desk } from "./desk";
import { fault } from "./people";

type Does = Pick<Backend, "listTriggers" | "saveTrigger" | "removeTrigger" | "startTrigger">;

const refuse = (field: string, message: string): never => {
  throw new BackendError(fault("invalid_input", message, { field }));
};

function some(desk: Desk): TriggerView[] {
  const all = desk.devices.map(({ value }) => value);
  const trigger = (id: string, name: string, workflow: string, devices: string[]): TriggerView => ({
    id,
    name,
    connection: "c1",
    action: "send_trigger",
    values: { workflow, devices },
    rows: null,
    shortcut: null,
    in_tray: false,
  });
  return [
    {
      ...trigger("t1", "Evacuation drill", "wf_drill_Q1pZ7cKdR4sHgY9tMwJa", all),
      shortcut: "Ctrl Shift 1",
      in_tray: true,
    },
    {
      ...trigger("t2", "Towels to 204", "wf_towels_b8SkLLqT0mW3xVfN2uEr", all.slice(0, 1)),
      shortcut: "F6",
    },
    trigger("t3", "Night porter", "wf_http_Y4xdLSLW8gJIpGaCjqOSp3", all.slice(1, 3)),
  ];
}

export function triggering(desk: Desk, startRun: Backend["startRun"]): Does {
  let list = desk.options.triggers || desk.options.checks ? some(desk) : [];
  const find = (id: string): TriggerView =>
    list.find((one) => one.id === id) ?? refuse("trigger", `There is no trigger “${id}”.`);
  return {
    listTriggers: async () => list,
    saveTrigger: async ({ id, ...wanted }) => {
      const others = list.filter((one) => one.id !== id);
      if (others.some(({ name }) => name.toLowerCase() === wanted.name.toLowerCase()))
        refuse("name", `Another one is called “${wanted.name}”.`);
      const other = others.find(
        ({ shortcut }) => shortcut !== null && shortcut === wanted.shortcut,
      );
      if (other) refuse("shortcut", `“${other.name}” is started with these keys.`);
      const saved: TriggerView = {
        ...wanted,
        id: id ?? desk.id("t"),
        rows: wanted.rows ?? null,
        shortcut: wanted.shortcut ?? null,
        in_tray: wanted.in_tray ?? false,
      };
      list = id ? list.map((one) => (one.id === id ? saved : one)) : [...list, saved];
      desk.emit("triggersChanged", null);
      return saved;
    },
    removeTrigger: async (id) => {
      list = list.filter((one) => one.id !== id);
      desk.emit("triggersChanged", null);
    },
    startTrigger: async (id, options, onEvent) => {
      const { connection, action, values, rows } = find(id);
      return startRun({ connection, action, values, rows }, options, onEvent);
    },
  };
}
