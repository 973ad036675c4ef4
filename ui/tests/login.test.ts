import { screen, waitFor, within } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import { fault } from "../src/backend/fake/people";
import { asked, openWindow } from "./window";

const relay = () => screen.findByRole("button", { name: /^Relay Log in/ });
const logIn = () => screen.getByRole("button", { name: "Log in with browser" });

describe("the first run", () => {
  it("offers the APIs and the sandbox, and sends nothing", async () => {
    const { fake } = await openWindow({ empty: true });
    expect(screen.getByRole("heading", { level: 1 })).toHaveTextContent("Add connection");
    expect(await relay()).toBeVisible();
    expect(screen.getByRole("button", { name: "Use the built-in sandbox" })).toBeVisible();
    expect(asked(fake, "startLogin")).toEqual([]);
  });

  it("shows the ways in to the one offer, and makes one sandbox connection when one is taken", async () => {
    const { fake, user } = await openWindow({ empty: true });
    await user.click(screen.getByRole("button", { name: "Use the built-in sandbox" }));
    expect(await screen.findByRole("tab", { name: /^Browser Relay/ })).toBeVisible();
    expect(asked(fake, "addConnection")).toEqual([]);
    await user.click(logIn());
    await user.keyboard("{Control>}{Enter}{/Control}");
    expect(await screen.findByText("Waiting for you in the browser")).toBeVisible();
    expect(asked(fake, "addConnection")).toHaveLength(1);
    expect(asked(fake, "addConnection")[0]).toEqual([
      {
        provider: "relay",
        label: null,
        parameters: { environment: "sandbox" },
        sandbox: true,
        ca: null,
      },
    ]);
  });
});

describe("logging in with the browser", () => {
  it("waits, and goes to the connection when it is done", async () => {
    const { fake, user } = await openWindow({ empty: true });
    await user.click(await relay());
    await user.click(logIn());
    expect(await screen.findByText("Waiting for you in the browser")).toBeVisible();
    expect(screen.getByRole("timer")).toHaveTextContent(/^[45]:\d\d$/);
    const login = (await fake.listLogins())[0];
    fake.setConnection(login?.connection ?? "", { identity: "Alice Rodriguez" });
    fake.setLogin(login?.id ?? "", { state: "done" });
    expect(await screen.findByText("Logged in as Alice Rodriguez.")).toBeVisible();
    expect(screen.getByRole("heading", { level: 1 })).toHaveTextContent("Relay");
  });

  it("keeps the connection when the login fails, and does not make it twice", async () => {
    const { fake, user } = await openWindow({ empty: true });
    await user.click(await relay());
    fake.failNext("startLogin", fault("port_busy", "Port 8079 is used by another program."));
    await user.click(logIn());
    const alert = await screen.findByRole("alert");
    expect(alert).toHaveTextContent("Port 8079 is used by another program.");
    await user.click(
      within(alert).getByRole("button", { name: "Log in and paste the address instead" }),
    );
    expect(await screen.findByLabelText("Address you were sent to")).toBeVisible();
    expect(asked(fake, "addConnection")).toHaveLength(1);
    expect(asked(fake, "startLogin").at(-1)).toMatchObject([{ receive_by: "paste" }]);
  });

  it("keeps a wrong address in its field, says why, and goes on waiting", async () => {
    const { user } = await openWindow({ empty: true });
    await user.click(await relay());
    await user.click(logIn());
    await user.click(await screen.findByRole("button", { name: /paste the address/ }));
    const field = screen.getByLabelText("Address you were sent to");
    await user.type(field, "just-a-code");
    await user.click(screen.getByRole("button", { name: "Finish the login" }));
    expect(await screen.findByText(/does not belong to this login/)).toBeVisible();
    expect(field).toHaveValue("just-a-code");
    expect(screen.getByText("Waiting for you in the browser")).toBeVisible();
  });

  it("shows the link where the browser could not be started", async () => {
    const { user } = await openWindow({ empty: true, browserFails: true });
    await user.click(await relay());
    await user.click(logIn());
    expect(await screen.findByText("The browser could not be started")).toBeVisible();
    const link = screen.getByLabelText<HTMLInputElement>("The link");
    expect(link.value).toContain("https://auth.relaypro.com/");
  });

  it("is cancelled by Escape, and says so", async () => {
    const { fake, user } = await openWindow({ empty: true });
    await user.click(await relay());
    await user.click(logIn());
    await screen.findByText("Waiting for you in the browser");
    await user.keyboard("{Escape}");
    expect(await screen.findByText("Login cancelled")).toBeVisible();
    expect(asked(fake, "cancelLogin")).toHaveLength(1);
  });

  it("says that it waited too long, and offers another try", async () => {
    const { fake, user } = await openWindow({ empty: true });
    await user.click(await relay());
    await user.click(logIn());
    await screen.findByText("Waiting for you in the browser");
    fake.setLogin((await fake.listLogins())[0]?.id ?? "", { state: "expired" });
    expect(await screen.findByText("The login waited too long")).toBeVisible();
    expect(logIn()).toBeVisible();
  });
});

describe("pasting a token", () => {
  it("keeps what was pasted when the core refuses it, and forgets it once it was taken", async () => {
    const { fake, user } = await openWindow({ empty: true });
    await user.click(await relay());
    await user.click(screen.getByRole("tab", { name: /^Refresh token/ }));
    const secret = "canary-refresh-token";
    await user.type(screen.getByLabelText("Refresh token", { selector: "input" }), secret);
    fake.failNext("logIn", fault("token_refused", "auth.relaypro.com"));
    await user.click(screen.getByRole("button", { name: "Use this refresh token" }));
    const field = screen.getByLabelText("Refresh token", { selector: "input" });
    await waitFor(() => expect(field).toHaveAccessibleDescription(/^The server did not take it/));
    expect(field).toHaveValue(secret);
    await user.click(screen.getByRole("button", { name: "Use this refresh token" }));
    expect(await screen.findByText(/^Logged in/, { selector: ".toast p" })).toBeVisible();
    expect(document.body.innerHTML).not.toContain(secret);
  });

  it("can be done while a login waits in the browser", async () => {
    const { fake, user } = await openWindow({ empty: true });
    await user.click(await relay());
    await user.click(logIn());
    await screen.findByText("Waiting for you in the browser");
    await user.click(screen.getByRole("tab", { name: /^Refresh token/ }));
    expect(screen.queryByText("Waiting for you in the browser")).toBeNull();
    await user.type(screen.getByLabelText("Refresh token", { selector: "input" }), "a-token");
    await user.click(screen.getByRole("button", { name: "Use this refresh token" }));
    expect(await screen.findByText(/^Logged in/, { selector: ".toast p" })).toBeVisible();
    expect(asked(fake, "logIn")).toHaveLength(1);
    // The wait is over too: the token is what counts now.
    expect(screen.getByRole("button", { name: "Copy token" })).toBeVisible();
  });

  it("is told at its field what is missing", async () => {
    const { fake, user } = await openWindow({ empty: true });
    await user.click(await relay());
    await user.click(screen.getByRole("tab", { name: /^Refresh token/ }));
    await user.click(screen.getByRole("button", { name: "Use this refresh token" }));
    expect(await screen.findByText("Refresh token is needed.")).toBeVisible();
    expect(asked(fake, "addConnection")).toEqual([]);
  });
});
