// Connections and settings of the fake.
import type { Backend } from "../backend";
import { addressesOf } from "./addresses";
import type { Desk } from "./desk";
import { noToken } from "./people";

type Commands = Pick<Backend, "addConnection" | "editConnection" | "removeConnection">;

export const connecting = (desk: Desk): Commands => ({
  addConnection: async ({ provider: wanted, label, parameters, sandbox, ca = null }) => {
    const provider = desk.findProvider(wanted);
    const id = desk.id("c");
    desk.people = [
      ...desk.people,
      {
        id,
        provider: provider.id,
        provider_name: provider.name,
        hue: provider.hue,
        label: label ?? provider.name,
        detail: sandbox ? "Sandbox" : "Production",
        login: null,
        parameters,
        sandbox,
        identity: null,
        kept: [],
        ca,
        addresses: addressesOf(provider.id, parameters),
        token: noToken,
      },
    ];
    desk.note(id, { kind: "connection_added" });
    desk.emit("connectionChanged", { connection: id });
    return desk.find(id);
  },
  editConnection: async ({ connection, label, parameters, ca = null }) => {
    const addresses = addressesOf(desk.find(connection).provider, parameters);
    return desk.setConnection(connection, { label, parameters, ca, addresses });
  },
  removeConnection: async (connection) => {
    desk.note(connection, { kind: "connection_removed" });
    desk.people = desk.people.filter(({ id }) => id !== connection);
    desk.emit("connectionChanged", { connection });
  },
});
