// Tokens for other programs, as the fake has it: nothing listens, but all can be looked at.
import type { AskView, BrokerView, GrantFor, GrantView, ProgramView } from "../../bindings";
import type { Backend } from "../backend";
import type { Desk } from "./desk";
import { at } from "./people";

type Commands = Pick<
  Backend,
  "readBroker" | "setBroker" | "addProgram" | "removeProgram" | "revokeGrant" | "answerAsk"
>;
const FOLDER = "/run/user/1000/keydesk";
const ANY_PORT = 41733;
const lasting: Record<Exclude<GrantFor, "once">, number> = {
  hour: 3600,
  day: 86_400,
  month: 30 * 86_400,
};

const headerFile = (id: string) => `${FOLDER}/${id}.header`;
const program = (id: string, name: string, used: number | null, grants: GrantView[]) => ({
  id,
  name,
  added_at: at(-9 * 86_400),
  header_file: headerFile(id),
  last_used_at: used === null ? null : at(used),
  grants,
});
const grant = (connection: string, from: number, until: number): GrantView => ({
  connection,
  granted_at: at(from),
  ends_at: at(until),
});

export const askOf = (id: string, connection: string, seconds = 60): AskView => ({
  id: `ask-${id}-${connection}`,
  program: id,
  program_name: id === "backup" ? "Backup script" : "Room display",
  connection,
  asked_at: at(0),
  ends_at: at(seconds),
});

export const brokerOff = (): BrokerView => ({
  settings: { on: false, tcp: false, tcp_port: null },
  listening: false,
  socket: null,
  tcp: null,
  error: null,
  programs: [],
  asks: [],
});

export const brokerOn = (): BrokerView => ({
  ...brokerOff(),
  settings: { on: true, tcp: false, tcp_port: null },
  listening: true,
  socket: `${FOLDER}/broker.sock`,
  programs: [
    program("backup", "Backup script", -240, [
      grant("c1", -1500, 2100),
      grant("c9", -86_400, 29 * 86_400),
    ]),
    program("room-display", "Room display", null, []),
  ],
});

/** What follows from being on, off, or on another port. */
function listening(view: BrokerView): BrokerView {
  const { on = false, tcp = false, tcp_port = null } = view.settings;
  return {
    ...view,
    listening: on,
    socket: on ? `${FOLDER}/broker.sock` : null,
    tcp: on && tcp ? `127.0.0.1:${String(tcp_port ?? ANY_PORT)}` : null,
    programs: view.programs.map((one) => ({
      ...one,
      header_file: on ? headerFile(one.id) : null,
    })),
    asks: on ? view.asks : [],
  };
}

export function brokering(desk: Desk): Commands {
  const change = (more: Partial<BrokerView>) =>
    desk.setBroker(listening({ ...desk.broker, ...more }));
  const changeProgram = (id: string, more: (one: ProgramView) => Partial<ProgramView>) =>
    desk.broker.programs.map((one) => (one.id === id ? { ...one, ...more(one) } : one));
  return {
    readBroker: async () => desk.broker,
    setBroker: async (settings) => change({ settings }),
    addProgram: async (name) => {
      const id = name.toLowerCase().replace(/[^a-z0-9]+/g, "-");
      const added = { ...program(id, name, null, []), added_at: at(0) };
      return change({ programs: [...desk.broker.programs, added] });
    },
    removeProgram: async (id) =>
      change({ programs: desk.broker.programs.filter((one) => one.id !== id) }),
    revokeGrant: async (id, connection) => {
      const name = desk.broker.programs.find((one) => one.id === id)?.name ?? id;
      desk.note(connection, { kind: "grant_revoked", program: name });
      const programs = changeProgram(id, ({ grants }) => ({
        grants: grants.filter((one) => one.connection !== connection),
      }));
      return change({ programs });
    },
    answerAsk: async (id, given) => {
      const asked = desk.broker.asks.find((one) => one.id === id);
      const asks = desk.broker.asks.filter((one) => one.id !== id);
      if (!asked) return change({ asks });
      const { program: by, program_name: name, connection } = asked;
      if (given === null) {
        const reason = "refused";
        desk.note(connection, { kind: "token_not_handed_out", program: name, reason });
        return change({ asks });
      }
      const chain = desk.id("x");
      desk.note(
        connection,
        { kind: "program_granted", program: name, grant_for: given },
        null,
        chain,
      );
      desk.note(connection, { kind: "token_at_hand", seconds_left: 6120 }, null, chain);
      desk.note(connection, { kind: "token_handed_out", program: name }, null, chain);
      const programs = changeProgram(by, ({ grants }) => ({
        last_used_at: at(0),
        // This once is for the request that waits: nothing of it stays.
        grants: given === "once" ? grants : [...grants, grant(connection, 0, lasting[given])],
      }));
      return change({ asks, programs });
    },
  };
}
