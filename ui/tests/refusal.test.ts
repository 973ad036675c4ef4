// “Why was I refused”: in a sentence, and with what the server and the token say side by side.
import { screen, within } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import type { Reason } from "../src/bindings";
import { sides } from "../src/views/actions/sides";
import { reasonWords } from "../src/words/refusal";
import { asked, axeFindsNothing, openWindow, tokenTab } from "./window";

describe("why was I refused", () => {
  async function refused() {
    const window = await openWindow();
    const { user } = window;
    await user.click(await screen.findByRole("combobox", { name: "Workflow" }));
    await user.keyboard("my{Enter}");
    await user.click(screen.getByRole("combobox", { name: "Devices" }));
    await user.keyboard("front desk{Enter}night man{Enter}{Escape}");
    await user.keyboard("{Control>}{Enter}{/Control}");
    await screen.findByText("1 of 2 accepted");
    return window;
  }

  it("is said in a sentence with what to do, in place of the general words", async () => {
    await refused();
    const alert = within(screen.getByRole("alert"));
    expect(alert.getByText("You may not do this")).toBeVisible();
    expect(alert.getByText("The token lacks workflow_write.")).toBeVisible();
    expect(alert.getByRole("button", { name: "Log in again" })).toBeVisible();
    await axeFindsNothing();
  });

  it("is reached from the row of the result, with what server and token say side by side", async () => {
    const { user } = await refused();
    await user.click(screen.getByRole("button", { name: "Front desk" }));
    expect(screen.queryByRole("alert")).toBeNull();
    await user.click(screen.getByRole("button", { name: "Why was Night manager refused?" }));
    expect(await screen.findByText("It answered 403.")).toBeVisible();
    expect(screen.getByText(/Bearer realm="ibot", error="insufficient_scope"/)).toBeVisible();
    const table = within(screen.getByRole("table", { name: "Server and token side by side" }));
    expect(table.getByText(/^Permissions/)).toHaveTextContent("does not fit");
    expect(table.getAllByText("workflow_write")).toHaveLength(1);
    expect(table.getByText("device_read")).toBeVisible();
    expect(await table.findByText("https://auth.relaypro.com/realms/Relay")).toBeVisible();
    await axeFindsNothing();
  });

  it("is explained of an answer that another program was given", async () => {
    const { fake, user } = await tokenTab();
    await user.click(screen.getByRole("button", { name: "I was refused..." }));
    const form = within(await screen.findByRole("region", { name: "Why was I refused?" }));
    await user.click(form.getByRole("radio", { name: "403" }));
    await user.type(form.getByLabelText(/^Its WWW-Authenticate/), "WWW-Authenticate: Bearer");
    await user.keyboard("{Control>}{Enter}{/Control}");
    expect(await form.findByText("Refused with 403")).toBeVisible();
    expect(asked(fake, "explainRefusal")).toEqual([
      [
        {
          connection: "c1",
          status: 403,
          www_authenticate: ["Bearer"],
          url: null,
          headers: null,
          body: null,
        },
      ],
    ]);
    await axeFindsNothing();
  });

  const ended = "2026-11-22T10:00:00Z";
  const later = "2026-11-22T10:03:00Z";
  const samples: { [K in Reason["kind"]]: Extract<Reason, { kind: K }> } = {
    other_server: { kind: "other_server", server: "api.example" },
    refresh_token_used: { kind: "refresh_token_used" },
    id_token_used: { kind: "id_token_used" },
    expired: { kind: "expired", ended, at: later, by_server: true },
    not_yet_valid: { kind: "not_yet_valid", begins: later, at: ended, by_server: false },
    other_scheme: { kind: "other_scheme", wanted: ["DPoP"], used: "Bearer" },
    missing_scope: { kind: "missing_scope", missing: ["write"] },
    missing_header: { kind: "missing_header", name: "user-agent" },
    other_issuer: { kind: "other_issuer", issuer: "https://b", expected: "https://a" },
    other_audience: { kind: "other_audience", audience: ["https://b"], server: "a" },
    wrong_tenant: { kind: "wrong_tenant", headers: ["wazo-tenant"] },
    no_permission: { kind: "no_permission" },
    dead_token: { kind: "dead_token" },
    server_says: { kind: "server_says", error: "invalid_token", description: null },
    unknown: { kind: "unknown" },
  };
  it.each(Object.values(samples))("$kind reads as a sentence with advice", (reason) => {
    const { sentence, advice } = reasonWords(reason, 401);
    expect(sentence).toMatch(/^[A-Z].+\.$/);
    expect(advice).toMatch(/^[A-Z].+\.$/);
    expect(sentence).not.toMatch(/undefined|null|NaN/);
  });

  it("says by whose clock a token had ended, and how long before", () => {
    expect(reasonWords(samples.expired, 401).sentence).toBe(
      "The token had ended 3 minutes before by the server’s clock.",
    );
  });

  it.each(Object.values(samples))("$kind lays side by side what does not fit", (reason) => {
    const refusal = { status: 401, reasons: [reason], challenges: [], granted: [] };
    const rows = sides(refusal, [], Date.parse(later));
    const silent = ["refresh_token_used", "id_token_used", "no_permission", "dead_token"];
    const says = !silent.concat("server_says", "unknown").includes(reason.kind);
    expect(rows.some(({ misfits }) => misfits !== null)).toBe(says);
  });
});
