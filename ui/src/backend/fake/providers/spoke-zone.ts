import type { FieldView, ProviderView } from "../../../bindings";
import { field, login, secret } from "../field";

const device: FieldView[] = [
  field("cpu_id", "CPU id"),
  field("uuid", "UUID"),
  secret("token", "Device token", { hint: "The last one the device was given." }),
];

export const spokeZone: ProviderView = {
  id: "spoke-zone",
  name: "Spoke Zone",
  summary: "As a user, or as a device",
  hue: 155,
  docs: "https://docs.spoke.zone",
  own: false,
  parameters: [],
  logins: [
    login("user", "User", "Username and password.", "request", [
      field("username", "Username", { placeholder: "you@example.com" }),
      secret("password", "Password", { keep: "asked" }),
    ]),
    login(
      "device",
      "Device",
      "With the three secrets of a device. Its token lasts 7 days and renews itself.",
      "request",
      device,
    ),
    login(
      "device_secrets",
      "Device, found for me",
      "A super user reads the device’s secrets, then the device logs in.",
      "request",
      [
        field("username", "Username"),
        secret("password", "Password", { keep: "never" }),
        field("device_id", "Device", { kind: "number", hint: "Its number in the fleet." }),
      ],
    ),
    login(
      "new_device",
      "New device",
      "A super user makes the device, and it logs in with the token it is given.",
      "request",
      [
        field("username", "Username"),
        secret("password", "Password", { keep: "never" }),
        field("customer_id", "Customer", { kind: "number" }),
        field("identifier", "Identifier", { hint: "Must not be in use yet." }),
        field("serial_number", "Serial number", { required: false }),
      ],
      "This makes a device at the provider. It stays there when you remove the connection.",
    ),
    login("conf", "spoke-zone.conf", "Paste the file that lies on the device.", "paste", [
      secret("conf", "spoke-zone.conf", {
        lines: true,
        hint: "The whole file, with cpu_id, uuid and token in it.",
      }),
    ]),
  ],
};
