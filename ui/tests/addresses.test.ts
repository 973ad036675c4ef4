// The addresses of a connection and the authority it trusts.
import { screen, waitFor } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import { fault } from "../src/backend/fake/people";
import { asked, openWindow } from "./window";

const PEM = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";

async function settings(name: RegExp) {
  const window = await openWindow();
  await window.user.click(await screen.findByRole("button", { name }));
  await window.user.keyboard("{Control>}5{/Control}");
  await screen.findByLabelText("Name");
  return window;
}
const save = () => screen.getByRole("button", { name: "Save" });
const ca = () => screen.getByLabelText(/^Authority of the certificate/);

describe("addresses and certificate", () => {
  it("show the usual address where none replaces it, and go back to it", async () => {
    const { fake, user } = await settings(/^Switchboard/);
    await user.click(screen.getByText("Addresses and certificate"));
    const endpoint = screen.getByLabelText("Token endpoint");
    expect(endpoint).toHaveValue("");
    expect(endpoint).toHaveAttribute("placeholder", expect.stringMatching(/^https:/));
    expect(screen.getByLabelText("API")).toHaveValue("https://10.0.0.7/api");
    await user.click(screen.getByRole("button", { name: "Use the usual one for API" }));
    await user.type(endpoint, "https://10.0.0.7/token");
    await user.click(save());
    expect(await screen.findByText("Connection saved.")).toBeVisible();
    const [request] = asked(fake, "editConnection")[0] as [{ parameters: object; ca: string }];
    expect(request.parameters).not.toHaveProperty("api_url");
    expect(request.parameters).toMatchObject({
      token_endpoint: "https://10.0.0.7/token",
      username: "alice",
    });
    expect(request.ca).toContain("BEGIN CERTIFICATE");
  });

  it("refuse what is no address and no certificate, at their fields", async () => {
    const { fake, user } = await settings(/^Hillside QA/);
    await user.click(screen.getByText("Addresses and certificate"));
    await user.type(screen.getByLabelText("Token endpoint"), "auth.example");
    await user.type(ca(), "MIIB");
    await user.click(save());
    expect(await screen.findByText(/^Give a whole address/)).toBeVisible();
    expect(ca()).toHaveAccessibleDescription(/^This is not a certificate in PEM/);
    expect(asked(fake, "editConnection")).toEqual([]);
  });

  it("keep what was typed when the core refuses it, and say so at the field", async () => {
    const { fake, user } = await settings(/^Hillside QA/);
    await user.click(screen.getByText("Addresses and certificate"));
    await user.click(ca());
    await user.paste(PEM);
    const wrong = fault("invalid_input", "It is no certificate.", { field: "ca" });
    fake.failNext("editConnection", wrong);
    await user.click(save());
    await waitFor(() => expect(ca()).toHaveAccessibleDescription("It is no certificate."));
    expect(ca()).toHaveValue(PEM);
  });

  it("are not for a connection to the sandbox", async () => {
    await settings(/^Relay sandbox/);
    expect(screen.queryByText("Addresses and certificate")).toBeNull();
  });
});
