// What the fake knows of APIs: providers, their actions and their live lists. Believable, and nobody's real data.
import type { ActionView, Choice } from "../../bindings";
import { choice, field } from "./field";
import { action, form, table } from "./forms";

const rooms = ["Front desk", "Porter 1", "Porter 2", "Pool", "Spa", "Kitchen", "Night manager"];
export const everyDevice: Choice[] = Array.from({ length: 2140 }, (_, at) =>
  choice(
    `99000756023${String(4501 + at * 7).padStart(4, "0")}`,
    rooms[at] ?? `Room ${String(101 + at)}`,
    at % 9 === 4 ? "offline" : null,
  ),
);

export const FEW_DEVICES = 214;
export const devices = everyDevice.slice(0, FEW_DEVICES);

export const workflows: Choice[] = [
  choice("wf_http_Y4xdLSLW8gJIpGaCjqOSp3", "my_http_wf"),
  choice("wf_towels_b8SkLLqT0mW3xVfN2uEr", "towels_to_room"),
  choice("wf_drill_Q1pZ7cKdR4sHgY9tMwJa", "evacuation_drill"),
];

const deviceField = field("devices", "Devices", {
  kind: "choices",
  list: "devices",
  placeholder: "Type a name or number",
});

const aDevice = { ...deviceField, id: "device", label: "Device" };
const position = {
  lat: ["/device_details/location/lat", "/lat"],
  long: ["/device_details/location/long", "/long"],
  label: ["/device_name", "/label", "/name"],
  accuracy: ["/device_details/location/accuracy", "/radius"],
  at: ["/device_details/location/timestamp_z"],
};

export const actions: ActionView[] = [
  action(
    "send_trigger",
    "Send trigger",
    "Starts an HTTP workflow on one or more devices.",
    "send",
    {
      submit: "Send",
      fields: [
        field("workflow", "Workflow", { kind: "choice", list: "workflows" }),
        deviceField,
        field("arguments", "Arguments", {
          kind: "arguments",
          required: false,
          note: "sent as action_args",
        }),
      ],
      target_field: "devices",
      changes: true,
    },
  ),
  action("device_info", "Device info", "What a device last said about itself.", "smartphone", {
    group: "Devices",
    fields: [aDevice],
    target_field: "device",
    watch: true,
    view: form(
      [
        {
          title: "Device",
          rows: [
            { label: "Name", at: ["/device_name"] },
            { label: "Number", at: ["/device_id"], format: "mono" },
            { label: "Status", at: ["/device_status"] },
            { label: "Last connected", at: ["/last_connect_timestamp"], format: "time" },
          ],
        },
        {
          title: "Battery",
          rows: [
            {
              label: "Level",
              at: ["/device_details/device_info/battery_level"],
              format: "battery",
            },
            { label: "State", at: ["/device_details/device_info/battery_status"] },
          ],
        },
        {
          title: "Network",
          rows: [
            {
              label: "Connected by",
              at: ["/device_details/device_info/network_status/connection_type"],
            },
            {
              label: "Wi-Fi",
              at: ["/device_details/device_info/network_status/wifi_bars"],
              format: "signal",
            },
            {
              label: "Mobile",
              at: ["/device_details/device_info/network_status/cell_bars"],
              format: "signal",
            },
          ],
        },
        {
          title: "Location",
          rows: [
            { label: "Address", at: ["/device_details/location/address"] },
            {
              label: "Position",
              at: ["/device_details/location/lat", "/device_details/location/long"],
              format: "mono",
            },
          ],
        },
        { title: "Groups", rows: [{ label: "Member of", at: ["/groups"], format: "list" }] },
      ],
      { place: position },
    ),
  }),
  action("who_am_i", "Who am I", "The person this token speaks for.", "user", {
    view: form([
      {
        title: "Person",
        rows: [
          { label: "Name", at: ["/given_name", "/family_name"] },
          { label: "E-mail", at: ["/email"] },
          { label: "Default subscriber", at: ["/subscriber_id"], format: "mono" },
        ],
      },
      {
        title: "Capabilities",
        rows: [
          { label: "Workflow SDK", at: ["/capabilities/workflow_sdk"], format: "yes_no" },
          {
            label: "Indoor positioning",
            at: ["/capabilities/indoor_positioning"],
            format: "yes_no",
          },
        ],
      },
    ]),
  }),
  action(
    "workflows",
    "Workflows",
    "What can be started, and on which devices it is installed.",
    "workflow",
    {
      group: "Workflows",
      view: table("/results", [
        { label: "Name", at: "/name" },
        { label: "Workflow", at: "/workflow_id", format: "mono" },
        { label: "Hidden", at: "/options/hidden", format: "yes_no" },
      ]),
    },
  ),
  action("devices", "Devices", "Every device of the subscriber.", "radio", {
    group: "Devices",
    view: table(
      "/devices",
      [
        { label: "Name", at: "/name" },
        { label: "Number", at: "/id", format: "mono" },
        { label: "Battery", at: "/battery", format: "battery" },
      ],
      {
        opens: [
          { action: "device_info", label: "Show the device", set: { device: "/id" } },
          { action: "send_trigger", label: "Send a trigger", set: { devices: "/id" } },
        ],
      },
    ),
  }),
  action("analytics", "Analytics", "What workflows wrote down, the newest first.", "chart-line", {
    group: "Workflows",
    view: table(
      "/data",
      [
        { label: "Time", at: "/timestamp", format: "time" },
        { label: "Category", at: "/category" },
        { label: "Workflow", at: "/workflow_id", format: "mono" },
      ],
      { chart: { time: "/timestamp", by: "/category" } },
    ),
  }),
  action("geofences", "Geofences", "Where something begins or ends.", "map-pin", {
    group: "Places",
    view: table(
      "/results",
      [
        { label: "Label", at: "/label" },
        { label: "Address", at: "/address" },
        { label: "Radius", at: "/radius" },
      ],
      { place: position },
    ),
  }),
  action("instances", "Running instances", "What runs now.", "activity", {
    group: "Workflows",
    watch: true,
    view: table("", [
      { label: "Instance", at: "/instance_id", format: "mono" },
      { label: "Workflow", at: "/workflow_id", format: "mono" },
    ]),
  }),
  action("groups", "Groups", "Who belongs together.", "users", { group: "Devices" }),
  action("audit", "Audit", "Who was given which device, and when.", "list-checks"),
];
