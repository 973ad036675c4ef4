// Every way in: its fields, what is sent, and what becomes of what was typed.
import { screen, waitFor, within } from "@testing-library/svelte";
import type { UserEvent } from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { fault } from "../src/backend/fake/people";
import type { FakeOptions } from "../src/backend/fake";
import { asked, openWindow } from "./window";

const api = (user: UserEvent, name: RegExp) =>
  screen.findByRole("button", { name }).then((card) => user.click(card));
const way = async (user: UserEvent, name: RegExp) =>
  user.click(await screen.findByRole("tab", { name }));
const field = (label: string) => screen.getByLabelText(label, { selector: "input, textarea" });

async function opened(name: RegExp, chosen: RegExp | null, options: FakeOptions = {}) {
  const window = await openWindow({ empty: true, ...options });
  await api(window.user, name);
  if (chosen) await way(window.user, chosen);
  return window;
}

/** The login dialog of a connection that is there already. */
async function again(label: RegExp) {
  const window = await openWindow();
  await window.user.click(await screen.findByRole("button", { name: label }));
  await window.user.click(screen.getByRole("button", { name: "More for this connection" }));
  await window.user.click(await screen.findByRole("menuitem", { name: "Log in again" }));
  const dialog = within(await screen.findByRole("dialog"));
  return { ...window, dialog };
}

describe("a way in whose fields are sent", () => {
  it("sends them at once, and keeps the password only where that was asked for", async () => {
    const { fake, user } = await opened(/^Wazo/, /^For a while/);
    await user.type(field("Your Wazo server"), "pbx.example.com");
    await user.type(field("Username"), "alice");
    await user.type(field("Password"), "canary-password");
    expect(screen.getByRole("checkbox", { name: /^Keep it with the token/ })).not.toBeChecked();
    await user.click(screen.getByRole("checkbox", { name: /^Keep it with the token/ }));
    await user.click(screen.getByRole("button", { name: "Log in" }));
    expect(await screen.findByText(/^Logged in/, { selector: ".toast p" })).toBeVisible();
    expect(asked(fake, "logIn")).toEqual([
      [
        expect.objectContaining({
          login: "online",
          fields: { username: "alice", password: "canary-password", expiration: "7200" },
          keep: ["password"],
        }),
      ],
    ]);
    expect(document.body.innerHTML).not.toContain("canary-password");
  });

  it("says at its field what was refused, and loses nothing that was typed, the secret neither", async () => {
    const { fake, user } = await opened(/^Spoke/, /^User/);
    await user.type(field("Username"), "alice");
    await user.type(field("Password"), "wrong");
    await user.click(screen.getByRole("button", { name: "Log in" }));
    await waitFor(() => expect(field("Password")).toHaveAccessibleDescription(/was not accepted/));
    expect(field("Password")).toHaveValue("wrong");
    expect(field("Username")).toHaveValue("alice");
    fake.failNext("logIn", fault("unreachable", "api.spoke.zone", { retryable: true }));
    await user.click(screen.getByRole("button", { name: "Log in" }));
    expect(await screen.findByText("The server could not be reached")).toBeVisible();
    expect(field("Password")).toHaveValue("wrong");
    expect(asked(fake, "addConnection")).toHaveLength(1);
  });

  it("refuses a number that is none, and JSON that is none, before anything is sent", async () => {
    const { fake, user } = await opened(/^Wazo/, /^For a while/);
    await user.clear(field("Lasts"));
    await user.type(field("Lasts"), "two hours");
    await user.click(screen.getByRole("button", { name: "Log in" }));
    expect(await screen.findByText(/^Lasts: give a number/)).toBeVisible();
    await api(user, /^World/);
    const body = screen.getByLabelText(/^Body/, { selector: "textarea" });
    await user.clear(body);
    await user.type(body, "{{broken");
    await user.click(screen.getByRole("button", { name: "Log in" }));
    expect(await screen.findByText(/^Body is not JSON/)).toBeVisible();
    expect(asked(fake, "addConnection")).toEqual([]);
  });

  it("leads to the certificate of the connection where the server’s is not known here", async () => {
    const { fake, user } = await opened(/^Wazo/, null);
    await user.type(field("Your Wazo server"), "pbx.example.com");
    await user.type(field("Username"), "alice");
    await user.type(field("Password"), "secret");
    fake.failNext("logIn", fault("tls_untrusted", "pbx.example.com"));
    await user.click(screen.getByRole("button", { name: "Log in" }));
    await user.click(await screen.findByRole("button", { name: "Open addresses and certificate" }));
    expect(await screen.findByLabelText(/^Authority of the certificate/)).toBeVisible();
  });

  it("warns before it is used where its provider says so", async () => {
    await opened(/^Image Relay/, /^Username and password/);
    expect(screen.getByText("Before you use this")).toBeVisible();
    expect(screen.getByText(/advises against this/)).toBeVisible();
  });

  it("takes a file of several lines as a secret", async () => {
    const { fake, user } = await opened(/^Spoke/, /^spoke-zone.conf/);
    expect(field("spoke-zone.conf").tagName).toBe("TEXTAREA");
    expect(field("spoke-zone.conf")).toHaveClass("disguised");
    await user.click(field("spoke-zone.conf"));
    await user.paste("cpu_id=1\nuuid=2\ntoken=3");
    await user.click(screen.getByRole("button", { name: "Use this spoke-zone.conf" }));
    expect(await screen.findByText(/^Logged in/, { selector: ".toast p" })).toBeVisible();
    expect(asked(fake, "logIn")).toMatchObject([
      [{ fields: { conf: "cpu_id=1\nuuid=2\ntoken=3" } }],
    ]);
  });

  it("shows no secret of one way in at another", async () => {
    const { user } = await opened(/^Another/, /^Client credentials/);
    await user.type(field("Client identifier"), "desk");
    await user.type(field("Client secret"), "canary");
    await way(user, /^Device code/);
    expect(field("Client identifier")).toHaveValue("desk");
    expect(screen.getByLabelText(/^Client secret/, { selector: "input" })).toHaveValue("");
  });
});

describe("logging in again", () => {
  it("begins with what was sent last, and needs no secret that is kept", async () => {
    const { fake, user, dialog } = await again(/^Switchboard/);
    expect(dialog.getByRole("tab", { name: /^For a while/ })).toHaveAttribute(
      "aria-selected",
      "true",
    );
    expect(field("Username")).toHaveValue("alice");
    expect(field("Password")).toHaveAttribute("placeholder", "kept with the token");
    await user.click(dialog.getByRole("button", { name: "Log in" }));
    await waitFor(() => expect(asked(fake, "logIn")).toHaveLength(1));
    const [request] = asked(fake, "logIn")[0] as [{ fields: object; keep: string[] }];
    expect(request.fields).not.toHaveProperty("password");
    expect(request.keep).toEqual(["password"]);
  });

  it("in the sandbox is filled in with its demo values, and says so", async () => {
    const { user } = await opened(/^Relay Log in/, null);
    await user.click(screen.getByRole("button", { name: "Use the built-in sandbox" }));
    await user.click(await screen.findByRole("button", { name: "Spoke Zone sandbox" }));
    expect(await screen.findByText("Filled in with the demo values of the sandbox.")).toBeVisible();
    expect(field("Username")).toHaveValue("alice");
    expect(field("Password")).toHaveValue("demo-password");
  });
});

describe("a login with the browser that has fields", () => {
  it("sends them, and lets an https redirect be pasted only", async () => {
    const { fake, user } = await opened(/^Image Relay/, null);
    await user.type(field("Your Image Relay address"), "acme");
    await user.type(field("Client identifier"), "id");
    await user.type(field("Client secret"), "canary");
    await user.clear(field("Redirect URI"));
    await user.type(field("Redirect URI"), "https://acme.example/callback");
    expect(screen.getByRole("radio", { name: /^To this machine/ })).toBeDisabled();
    expect(screen.getByRole("radio", { name: /^I paste the address/ })).toBeChecked();
    await user.click(screen.getByRole("button", { name: "Log in with browser" }));
    expect(await screen.findByLabelText("Address you were sent to")).toBeVisible();
    expect(asked(fake, "startLogin")).toMatchObject([
      [{ receive_by: "paste", fields: { client_id: "id", client_secret: "canary" }, keep: [] }],
    ]);
  });

  it("opens the browser again when asked", async () => {
    const { fake, user } = await opened(/^Relay Log in/, null);
    await user.click(screen.getByRole("button", { name: "Log in with browser" }));
    await user.click(await screen.findByRole("button", { name: /^Open it again/ }));
    await waitFor(() => expect(asked(fake, "openLoginPage")).toHaveLength(1));
  });
});

describe("a login with a code", () => {
  it("shows the code, where to enter it, and the QR code, until it is done", async () => {
    const { fake, user } = await opened(/^Another/, /^Device code/);
    await user.type(field("Issuer"), "https://login.example.com");
    await user.type(field("Client identifier"), "desk");
    await user.click(screen.getByRole("button", { name: "Get a code" }));
    expect(await screen.findByText("WDJB-MJHT")).toBeVisible();
    expect(screen.getByText(/^Open login.example.com\/device and enter this code/)).toBeVisible();
    expect(screen.getByRole("img", { name: /^QR code of/ })).toBeVisible();
    expect(screen.getByRole("timer")).toHaveTextContent(/^[45]:\d\d$/);
    await user.click(screen.getByRole("button", { name: "Copy the code" }));
    expect(asked(fake, "copyText")).toEqual([["WDJB-MJHT"]]);
    await user.click(screen.getByRole("button", { name: "Open in browser" }));
    expect(asked(fake, "openLoginPage")).toHaveLength(1);
    const login = (await fake.listLogins())[0];
    fake.setLogin(login?.id ?? "", { state: "done" });
    expect(await screen.findByText(/^Logged in/, { selector: ".toast p" })).toBeVisible();
  });

  it("is cancelled by Escape, and keeps what was typed for another try", async () => {
    const { fake, user } = await opened(/^Another/, /^Device code/);
    await user.type(field("Issuer"), "https://login.example.com");
    await user.type(field("Client identifier"), "desk");
    await user.click(screen.getByRole("button", { name: "Get a code" }));
    await screen.findByText("WDJB-MJHT");
    await user.keyboard("{Escape}");
    expect(await screen.findByText("Login cancelled")).toBeVisible();
    expect(asked(fake, "cancelLogin")).toHaveLength(1);
    expect(field("Client identifier")).toHaveValue("desk");
  });
});
