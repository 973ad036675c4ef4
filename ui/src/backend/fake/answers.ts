// What the pretended APIs answer.
import type {
  ActionRequest,
  ErrorView,
  FieldValue,
  Refusal,
  RequestPreview,
  RunRow,
} from "../../bindings";
import { actions, devices, everyDevice, workflows } from "./catalogue";
import { fault } from "./people";
import { refusalOf } from "./refusal";
import { seen } from "./seen";

const text = (value: FieldValue | undefined): string => (typeof value === "string" ? value : "");
const many = (value: FieldValue | undefined): string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];

export function targets(request: ActionRequest): string[] {
  const action = actions.find(({ id }) => id === request.action);
  const field = action?.target_field;
  if (!field) return [];
  return request.rows?.map((row) => row[field] ?? "") ?? many(request.values[field]);
}

const names = new Map(everyDevice.map(({ value, label }) => [value, label]));
export const nameOf = (device: string): string => names.get(device) ?? device;

/** Whoever works here names the same thing twice: so that one has somewhat to compare. */
const seedOf = (id: string): number => Number(id.slice(-4)) % 97;
let asked = 0;

function deviceInfo(id: string): unknown {
  const seed = seedOf(id);
  // What is asked again has moved a little.
  asked += 1;
  return {
    device_id: id,
    device_name: nameOf(id),
    device_status: seed % 5 === 4 ? "offline" : "online",
    last_connect_timestamp: new Date(Date.now() - 240_000).toISOString(),
    disable_sos: false,
    mode: "undefined",
    groups: [
      { group_id: "g1", name: "Housekeeping" },
      { group_id: "g2", name: "Everyone" },
    ],
    device_details: {
      location: {
        lat: 35.7796 + seed / 4000 + (asked % 3) / 10_000,
        long: -78.6382 - seed / 3000,
        accuracy: 12,
        address: "4020 Hillside Road",
        timestamp_z: new Date(Date.now() - 95_000).toISOString(),
      },
      device_info: {
        battery_level: Math.max(3, ((71 + seed) % 100) - Math.floor(asked / 3)),
        battery_status: "discharging",
        network_status: { connection_type: "wifi", wifi_bars: 1 + (seed % 4), cell_bars: 0 },
      },
    },
  };
}

function body(request: ActionRequest, target: string | null): unknown {
  switch (request.action) {
    case "device_info":
      return deviceInfo(target ?? text(request.values["device"]));
    case "who_am_i":
      return {
        given_name: "Alice",
        family_name: "Rodriguez",
        email: "alice@hillside.example",
        subscriber_id: "ee4547e0-8f53-4d3c-9a1f-2b7c0f6d1e90",
        user_ids: ["VIRT7Hk2mQ0s3V5", "VIRT9aLx1bTz8W2"],
        capabilities: { workflow_sdk: true, indoor_positioning: false, ui_nfc: true },
      };
    case "workflows":
      return {
        results: workflows.map(({ value, label }) => ({
          workflow_id: value,
          name: label,
          options: { hidden: false, transient: true },
        })),
      };
    case "devices":
      return {
        devices: devices.map(({ value, label }, at) => ({
          id: value,
          name: label,
          battery: (at * 37) % 101,
        })),
      };
    default:
      return (
        seen(request.action, text(request.values["folder"]), text(request.values["page"])) ?? {
          result: "success",
          trigger_id: `5ce0${(target ?? "a1").slice(-2)}`,
        }
      );
  }
}

/** Some devices are not there, some are not for this token, and for some the server is too busy. */
function failing(target: string | null): [ErrorView, Refusal | null] | null {
  const name = target === null ? "" : nameOf(target);
  if (name === "Spa") return [fault("not_found", name, { status: 404 }), null];
  if (name === "Night manager")
    return [fault("no_permission", name, { status: 403 }), refusalOf(403)];
  if (/^Room \d*(47|93)$/.test(name))
    return [fault("server_failed", "Service Unavailable", { status: 503 }), null];
  return null;
}

export function answer(request: ActionRequest, target: string | null, at: number): RunRow {
  const [error, refusal] = failing(target) ?? [null, null];
  const said = error?.status === 403 ? "insufficient scope" : "no such device";
  return {
    number: at + 1,
    target,
    label: target === null ? null : nameOf(target),
    state: error ? "failed" : "accepted",
    status: error?.status ?? 200,
    duration_ms: 190 + ((at * 83) % 460),
    attempts: at === 2 ? 2 : 1,
    replayed: at === 2,
    body: JSON.stringify(error ? { message: said } : body(request, target)),
    truncated: false,
    error,
    refusal,
  };
}

export function preview(request: ActionRequest): RequestPreview {
  const host = "https://all-main-pro-ibot.relaysvr.com";
  const headers = [
    { name: "Authorization", value: "Bearer ••••••••" },
    { name: "Content-Type", value: "application/json" },
  ];
  if (request.action !== "send_trigger")
    return {
      label: null,
      method: "GET",
      url: `${host}/ibot/${request.action}`,
      headers,
      body: null,
    };
  const device = targets(request)[0] ?? "";
  const given = request.values["arguments"];
  const args = Array.isArray(given) ? given.filter((item) => typeof item !== "string") : [];
  return {
    label: nameOf(device),
    method: "POST",
    url: `${host}/ibot/workflow/${text(request.values["workflow"])}?subscriber_id=ee4547e0-8f53-4d3c-9a1f-2b7c0f6d1e90&user_id=${device}`,
    headers,
    body: JSON.stringify({
      action: "invoke",
      target_device_ids: [device],
      action_args: Object.fromEntries(
        args.map(({ key, kind, value }) => [
          key,
          kind === "number" ? Number(value) : kind === "boolean" ? value === "true" : value,
        ]),
      ),
    }),
  };
}
