// What the fake knows of APIs: providers, their actions and their live lists. Believable, and nobody's real data.
import type { ActionView, Choice } from "../../bindings";
import { choice, field } from "./field";

const rooms = ["Front desk", "Porter 1", "Porter 2", "Pool", "Spa", "Kitchen", "Night manager"];
export const devices: Choice[] = Array.from({ length: 214 }, (_, at) =>
  choice(
    `99000756023${String(4501 + at * 7).padStart(4, "0")}`,
    rooms[at] ?? `Room ${String(101 + at)}`,
    at % 9 === 4 ? "offline" : null,
  ),
);

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

export const actions: ActionView[] = [
  {
    id: "send_trigger",
    label: "Send trigger",
    summary: "Starts an HTTP workflow on one or more devices.",
    icon: "send",
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
    view: { kind: "json" },
  },
  {
    id: "device_info",
    label: "Device info",
    summary: "What a device last said about itself.",
    icon: "smartphone",
    submit: "Read",
    fields: [{ ...deviceField, id: "device", label: "Device", kind: "choice" }],
    target_field: null,
    changes: false,
    view: {
      kind: "form",
      sections: [
        {
          title: "Device",
          rows: [
            { label: "Name", at: ["/device_name"], format: "text" },
            { label: "Number", at: ["/device_id"], format: "mono" },
            { label: "Status", at: ["/device_status"], format: "text" },
            { label: "Last connected", at: ["/last_connect_timestamp"], format: "time" },
          ],
        },
        {
          title: "Battery",
          rows: [
            {
              label: "Level",
              at: ["/device_details/device_info/battery_level"],
              format: "percent",
            },
            { label: "State", at: ["/device_details/device_info/battery_status"], format: "text" },
          ],
        },
        {
          title: "Location",
          rows: [
            { label: "Address", at: ["/device_details/location/address"], format: "text" },
            {
              label: "Position",
              at: ["/device_details/location/lat", "/device_details/location/long"],
              format: "mono",
            },
          ],
        },
        { title: "Groups", rows: [{ label: "Member of", at: ["/groups"], format: "list" }] },
      ],
    },
  },
  {
    id: "who_am_i",
    label: "Who am I",
    summary: "The person this token speaks for.",
    icon: "user",
    submit: "Read",
    fields: [],
    target_field: null,
    changes: false,
    view: {
      kind: "form",
      sections: [
        {
          title: "Person",
          rows: [
            { label: "Name", at: ["/given_name", "/family_name"], format: "text" },
            { label: "E-mail", at: ["/email"], format: "text" },
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
      ],
    },
  },
  {
    id: "workflows",
    label: "Workflows",
    summary: "What can be started, and on which devices it is installed.",
    icon: "workflow",
    submit: "Read",
    fields: [],
    target_field: null,
    changes: false,
    view: {
      kind: "table",
      rows_at: "/results",
      columns: [
        { label: "Name", at: "/name", format: "text" },
        { label: "Workflow", at: "/workflow_id", format: "mono" },
        { label: "Hidden", at: "/options/hidden", format: "yes_no" },
      ],
    },
  },
  {
    id: "devices",
    label: "Devices",
    summary: "Every device of the subscriber.",
    icon: "radio",
    submit: "Read",
    fields: [],
    target_field: null,
    changes: false,
    view: {
      kind: "table",
      rows_at: "/devices",
      columns: [
        { label: "Name", at: "/name", format: "text" },
        { label: "Number", at: "/id", format: "mono" },
        { label: "Battery", at: "/battery", format: "percent" },
      ],
    },
  },
];
