// A broker of the fake: a few vans that say where they are.
import type { MessageRow, MqttOffer, MqttView } from "../../bindings";
import type { Backend } from "../backend";
import { fail, type Desk } from "./desk";
import { field } from "./field";
import { at, fault } from "./people";

type Commands = Pick<
  Backend,
  | "mqttOffer"
  | "connectMqtt"
  | "disconnectMqtt"
  | "readMqtt"
  | "subscribeMqtt"
  | "unsubscribeMqtt"
  | "publishMqtt"
  | "readMessages"
  | "clearMessages"
>;
const MOST = 10_000;
const VANS = [
  ["417", 48.2082, 16.3738],
  ["418", 48.3069, 14.2858],
  ["421", 47.0707, 15.4395],
  ["433", 47.2692, 11.4041],
] as const;

const off = (connection: string): MqttView => ({
  connection,
  state: "off",
  error: null,
  since: null,
  waits_until: null,
  subscriptions: [],
  received: 0,
  kept: 0,
  publish_prefix: null,
});

function matches(topic: string, filter: string): boolean {
  const levels = filter.split("/");
  const names = topic.split("/");
  for (const [index, level] of levels.entries()) {
    if (level === "#") return true;
    if (level !== "+" && level !== names[index]) return false;
  }
  return levels.length === names.length;
}

/** What is said at this turn; no two turns alike. */
function said(turn: number): Omit<MessageRow, "number" | "at"> {
  const [device, lat, long] = VANS[turn % VANS.length] ?? VANS[0];
  const plain = { binary: false, retained: turn < VANS.length, own: false, place: null };
  if (turn % 23 === 7) {
    const payload = "0896011204746573741a0b68656c6c6f20776f726c64ff00fe7f80";
    return { ...plain, topic: `mrs/d/${device}/mon/raw`, payload, binary: true, size: 27 };
  }
  if (turn % 9 === 4) {
    const payload = JSON.stringify({ app: "2.4.1", boot: "1.0.9", modem: `EG25G-${String(turn)}` });
    return { ...plain, topic: `mrs/d/${device}/mon/versions`, payload, size: payload.length };
  }
  const drift = Math.floor(turn / VANS.length) % 400;
  const place = {
    lat: Math.round((lat + drift * 0.0006) * 1e4) / 1e4,
    long: Math.round((long + drift * 0.0009) * 1e4) / 1e4,
    heading: (turn * 17) % 360,
    speed: 8 + (turn % 14),
  };
  const payload = JSON.stringify({
    lat: place.lat,
    lon: place.long,
    heading: place.heading,
    speed: place.speed,
  });
  return { ...plain, topic: `mrs/d/${device}/mon/location`, payload, size: payload.length, place };
}

export function live(desk: Desk): Commands {
  let messages: MessageRow[] = [];
  let turn = 0;
  let number = 0;
  let view: MqttView | null = null;
  let device = "417";
  const add = (message: Omit<MessageRow, "number" | "at">, when = at(0)): void => {
    number += 1;
    messages = [{ ...message, number, at: when }, ...messages].slice(0, MOST);
  };
  const current = (connection: string): MqttView => ({
    ...(view ?? off(connection)),
    connection,
    received: number,
    kept: messages.length,
  });
  const set = (connection: string, change: Partial<MqttView>): MqttView => {
    view = { ...current(connection), ...change };
    desk.emit("messagesChanged", { connection });
    return current(connection);
  };
  const hears = (topic: string): boolean =>
    (view?.subscriptions ?? []).some(
      ({ filter, state }) => state === "granted" && matches(topic, filter),
    );
  let telling = false;
  /** At most ten times a second, as the core. */
  const tell = (connection: string): void => {
    if (telling) return;
    telling = true;
    setTimeout(() => {
      telling = false;
      desk.emit("messagesChanged", { connection });
    }, 100);
  };
  const tick = (): void => {
    if (view?.state !== "connected") return;
    const message = said(turn);
    turn += 1;
    if (hears(message.topic)) {
      add(message);
      tell(view.connection);
    }
    setTimeout(tick, desk.options.messageEvery ?? 600);
  };
  /** So many as if they had come in over the last hour. */
  const fill = (count: number): void => {
    const made: MessageRow[] = [];
    for (; turn < count; turn += 1) {
      number += 1;
      const when = at(((turn - count) * 3600) / count);
      made.unshift({ ...said(turn), number, at: when });
    }
    messages = made;
  };
  const isGateway = (connection: string) => desk.find(connection).provider === "spoke-zone";
  if (desk.options.live) {
    fill(desk.options.live);
    const heard = ["mrs/d/+/mon/location", "mrs/d/+/mon/versions", "mrs/d/+/mon/raw"];
    view = {
      ...off("c8"),
      state: "connected",
      since: at(-3700),
      publish_prefix: "mrs/d/417/",
      subscriptions: [
        ...heard.map((filter) => ({ filter, state: "granted" as const })),
        { filter: "$SYS/#", state: "refused" },
      ],
    };
    const topic = "mrs/d/417/hello";
    const own = { topic, payload: "{}", binary: false, size: 2, retained: false, place: null };
    add({ ...own, own: true });
    tick();
  }
  return {
    mqttOffer: async (connection): Promise<MqttOffer | null> =>
      isGateway(connection)
        ? {
            url: "mqtts://io.spoke.zone:8883",
            fields: [field("device", "Device id", { hint: "The number of the device." })],
            values: { device },
            publish_prefix: `mrs/d/${device}/`,
            suggestions: [
              { label: "Locations of all", filter: "mrs/d/+/mon/location" },
              { label: "Versions of all", filter: "mrs/d/+/mon/versions" },
              { label: "All of this device", filter: `mrs/d/${device}/#` },
            ],
          }
        : null,
    connectMqtt: async (connection, values) => {
      if (desk.options.brokerAway)
        return set(connection, {
          state: "waiting",
          waits_until: at(42),
          error: fault("unreachable", "io.spoke.zone:8883"),
        });
      device = values["device"] ?? device;
      const publish_prefix = `mrs/d/${device}/`;
      const connected = {
        state: "connected",
        since: at(0),
        error: null,
        waits_until: null,
      } as const;
      const made = set(connection, { ...connected, publish_prefix });
      tick();
      return made;
    },
    disconnectMqtt: async (connection) =>
      set(connection, { state: "off", since: null, error: null, waits_until: null }),
    readMqtt: async (connection) => current(connection),
    subscribeMqtt: async (connection, filter) => {
      const state = filter.startsWith("$") ? "refused" : "granted";
      const others = current(connection).subscriptions.filter((one) => one.filter !== filter);
      return set(connection, { subscriptions: [...others, { filter, state }] });
    },
    unsubscribeMqtt: async (connection, filter) => {
      const rest = current(connection).subscriptions.filter((one) => one.filter !== filter);
      return set(connection, { subscriptions: rest });
    },
    publishMqtt: async ({ connection, topic, payload }) => {
      const prefix = view?.publish_prefix;
      if (prefix && !topic.startsWith(prefix))
        fail(fault("invalid_input", `Topics begin with ${prefix}.`, { field: "topic" }));
      const own = { topic, payload, binary: false, size: payload.length, retained: false };
      add({ ...own, own: true, place: null });
      desk.emit("messagesChanged", { connection });
    },
    readMessages: async ({ filter, search, before, limit }) => {
      const wanted = search?.toLowerCase();
      const found = messages.filter(
        ({ topic, payload }) =>
          (!filter || matches(topic, filter)) &&
          (!wanted || `${topic} ${payload}`.toLowerCase().includes(wanted)),
      );
      const older = found.filter((one) => before === null || one.number < before);
      return { messages: older.slice(0, limit), total: found.length };
    },
    clearMessages: async (connection) => {
      messages = [];
      desk.emit("messagesChanged", { connection });
    },
  };
}
