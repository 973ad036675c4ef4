// What the fake has exchanged with servers: some hundreds, of some days.
import type { ComparedLine, ErrorCode, ExchangeDetails, ExchangeRow } from "../../bindings";
import type { Backend } from "../backend";
import { fail, type Desk } from "./desk";
import { at, fault } from "./people";

type Commands = Pick<
  Backend,
  | "listExchanges"
  | "readExchange"
  | "compareExchanges"
  | "exchangeRequest"
  | "clearExchanges"
  | "exportHar"
>;
type Kind = {
  connection: string;
  method: string;
  url: string;
  sent?: object;
  answer: (turn: number) => [number, object | string | null];
};

const AMOUNT = 640;
const RELAY = "https://all-main-pro-ibot.relaysvr.com";
const IMAGES = "https://api.imagerelay.com/api/v2";
const NAMES = ["Front desk", "Porter 2", "Pool", "Housekeeping 4", "Spa", "Kitchen"];

const kinds: Kind[] = [
  {
    connection: "c1",
    method: "POST",
    url: `${RELAY}/ibot/workflow/wf_http_Y4xdLSLW8gJIpGaCjqOSp3`,
    sent: { action: "invoke", action_args: { text: "Towels to room 204" } },
    answer: (turn) => [200, { trigger_id: `t${String(7000 + turn)}`, accepted: true }],
  },
  {
    connection: "c1",
    method: "GET",
    url: `${RELAY}/relaypro/api/v1/device/990007560245${String(10)}/device_info`,
    answer: (turn) => [
      200,
      {
        results: {
          name: NAMES[turn % NAMES.length],
          battery: 100 - (turn % 70),
          latlong: [48.2082, 16.3738 + turn / 1e4],
          indoor: turn % 3 === 0,
        },
      },
    ],
  },
  {
    connection: "c6",
    method: "GET",
    url: `${IMAGES}/folders/3001/files?page=1&per_page=50`,
    answer: (turn) => [
      200,
      [
        { id: 81000 + turn, name: "hillside-lobby.jpg", size: 2_400_117, tags: ["lobby", "press"] },
        { id: 81001 + turn, name: "hillside-pool.jpg", size: 1_930_002, tags: ["pool"] },
      ],
    ],
  },
  {
    connection: "c6",
    method: "POST",
    url: `${IMAGES}/quick_links`,
    sent: { asset_id: 81007, purpose: "Press" },
    answer: (turn) =>
      turn % 2 === 0
        ? [201, { uid: `q${String(turn)}`, processing: false }]
        : [422, { errors: [{ field: "asset_id", detail: "does not exist" }] }],
  },
  {
    connection: "c9",
    method: "GET",
    url: "https://10.0.0.7/api/confd/1.1/users?search=•••",
    answer: (turn) =>
      turn % 4 === 0
        ? [502, "<html><body>Bad Gateway</body></html>"]
        : [200, { total: 2, items: [{ firstname: "Alice" }, { firstname: "Bob" }] }],
  },
  {
    connection: "c1",
    method: "DELETE",
    url: `${RELAY}/ibot/workflow/wf_old`,
    answer: () => [404, { error: "workflow_not_found" }],
  },
];

const unreachable: ErrorCode = "unreachable";

/** So long ago, in seconds: a few in the last hour, most of them days ago. */
const ago = (turn: number): number => -(40 + turn * 71 + turn * turn * 1.9);

function one(turn: number): ExchangeDetails {
  const kind = kinds[(turn * 7 + (turn % 5)) % kinds.length];
  if (!kind) throw new Error("there are kinds");
  const isLost = turn % 41 === 12;
  const [status, came] = isLost ? [null, null] : kind.answer(turn);
  const body = came === null || typeof came === "string" ? came : JSON.stringify(came);
  const json = { name: "content-type", value: "application/json" };
  return {
    id: AMOUNT - turn,
    at: at(ago(turn)),
    connection: kind.connection,
    source: turn % 3 === 0 ? "action" : "explorer",
    method: kind.method,
    url: kind.url,
    status,
    error: isLost ? unreachable : null,
    duration_ms: isLost ? 10_004 : 80 + ((turn * 37) % 460),
    size: body?.length ?? null,
    sent_headers: [
      { name: "accept", value: "application/json" },
      { name: "authorization", value: "Bearer •••" },
      ...(kind.sent ? [json] : []),
    ],
    sent_body: kind.sent ? JSON.stringify(kind.sent) : null,
    headers: isLost ? [] : [json, { name: "x-request-id", value: `r-${String(turn * 977)}` }],
    body,
  };
}

const holds = (exchange: ExchangeDetails, search: string | null): boolean => {
  const text = JSON.stringify([exchange.url, exchange.sent_body, exchange.body]).toLowerCase();
  return (search ?? "")
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
};

function outcome({ status }: ExchangeRow): string[] {
  if (status === null) return ["none", "failed"];
  if (status < 400) return ["good"];
  return ["failed", status < 500 ? "refused" : "server_failed"];
}

const lines = ({ method, url, status, headers, body }: ExchangeDetails): string[] => [
  `${method} ${url}`,
  status === null ? "no answer" : String(status),
  ...headers.map(({ name, value }) => `${name}: ${value}`),
  "",
  ...(body?.startsWith("{") || body?.startsWith("[")
    ? JSON.stringify(JSON.parse(body), null, 2)
    : (body ?? "")
  ).split("\n"),
];

/** What follows of each is looked for in the other; good enough to look at. */
function compared(first: readonly string[], second: readonly string[]): ComparedLine[] {
  const told: ComparedLine[] = [];
  let from = 0;
  for (const text of first) {
    const found = second.indexOf(text, from);
    if (found < 0) {
      told.push({ side: "one", text });
      continue;
    }
    for (const other of second.slice(from, found)) told.push({ side: "other", text: other });
    told.push({ side: "both", text });
    from = found + 1;
  }
  for (const text of second.slice(from)) told.push({ side: "other", text });
  return told;
}

export function exchanging(desk: Desk): Commands {
  let all = desk.options.empty ? [] : Array.from({ length: AMOUNT }, (_, turn) => one(turn));
  const find = (id: number): ExchangeDetails =>
    all.find((exchange) => exchange.id === id) ??
    fail(fault("invalid_input", "This exchange is not kept any more.", { field: "exchange" }));
  return {
    listExchanges: async ({ connection, search, status = "any", since, before, limit }) =>
      all
        .filter((exchange) => connection === null || exchange.connection === connection)
        .filter((exchange) => status === "any" || outcome(exchange).includes(status))
        .filter((exchange) => since === null || exchange.at >= since)
        .filter((exchange) => before === null || exchange.id < before)
        .filter((exchange) => holds(exchange, search))
        .slice(0, limit),
    readExchange: async (exchange) => find(exchange),
    compareExchanges: async (first, second) => compared(lines(find(first)), lines(find(second))),
    exchangeRequest: async (exchange) => {
      const { method, url, sent_body } = find(exchange);
      return {
        method,
        url,
        parameters: [],
        query: [],
        headers: [],
        body: sent_body === null ? { kind: "none" } : { kind: "json", text: sent_body },
        follow: true,
      };
    },
    clearExchanges: async (connection) => {
      all = all.filter((exchange) => connection !== null && exchange.connection !== connection);
    },
    exportHar: async () => "/home/alice/Downloads/keydesk-2026-11-23.har",
  };
}
