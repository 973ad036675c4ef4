// The place of the tokens, as the fake has it.
import type { Backend } from "../backend";
import { fail, type Desk } from "./desk";
import { fault } from "./people";

type Commands = Pick<
  Backend,
  "useKeychain" | "useMemoryOnly" | "useFile" | "changePassphrase" | "lockFile" | "setFileAside"
>;
const SHORTEST = 8;

function check(desk: Desk, passphrase: string): void {
  if (passphrase !== desk.passphrase) fail(fault("passphrase_wrong", ""));
}

export const keeping = (desk: Desk): Commands => ({
  useKeychain: async () => desk.setStore({ kept_in: "keychain", state: "ready", message: null }),
  useMemoryOnly: async () => desk.setStore({ kept_in: "memory", state: "ready", message: null }),
  useFile: async (passphrase) => {
    if (desk.status.store.file_exists) check(desk, passphrase);
    else if (passphrase.length < SHORTEST)
      fail(fault("invalid_input", "At least 8 characters.", { field: "passphrase" }));
    desk.passphrase = passphrase;
    return desk.setStore({ kept_in: "file", state: "ready", message: null, file_exists: true });
  },
  changePassphrase: async (current, next) => {
    check(desk, current);
    desk.passphrase = next;
    return desk.status;
  },
  lockFile: async () => desk.setStore({ state: "locked" }),
  setFileAside: async () => desk.setStore({ state: "absent", file_exists: false }),
});
