// Every connection at once: who needs a person, what ends next, and what can be done about it.
import { screen, waitFor, within } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import type { ConnectionView, TokenView } from "../src/bindings";
import { connections, fault, freshToken, noToken } from "../src/backend/fake/people";
import { due, inOrder, nextEnd } from "../src/views/overview/order";
import { nextRenewal, renewalDetail } from "../src/words/overview";
import { timeLeft } from "../src/words/time";
import { asked, axeFindsNothing, goTo, openWindow } from "./window";
import type { FakeOptions } from "../src/backend/fake";

async function overview(options: FakeOptions = {}) {
  const window = await openWindow(options);
  await goTo(window.user, "Overview");
  return window;
}
const table = () => screen.getByRole("table", { name: "Overview" });
const names = () =>
  [...table().querySelectorAll("button.open .label")].map((one) => one.textContent.trim());
const row = (label: string) => {
  const found = within(table()).getByText(label).closest("tr");
  if (!found) throw new Error(`no row of ${label}`);
  return within(found);
};

describe("the overview", () => {
  it("stands first in the sidebar, and says there how many need a person", async () => {
    await openWindow();
    const sidebar = within(screen.getByRole("complementary", { name: "Keydesk" }));
    const first = sidebar.getAllByRole("button")[1];
    expect(first).toHaveAccessibleName("Overview 3 need you");
  });

  it("shows first who needs a person, then what ends first, and what never ends last", async () => {
    await overview();
    expect(names()).toEqual([
      "Front office",
      "Night shift",
      "Conference wing",
      "Gateway 0417",
      "Hillside QA",
      "Relay sandbox",
      "Switchboard",
      "Hillside Hotel",
      "Press office",
      "Weather",
    ]);
    expect(
      screen.getByText(/^10 connections, 3 need you, the next token ends in [89] m/),
    ).toBeVisible();
    await axeFindsNothing();
  });

  it("says state, time left, next renewal and place of each, and what went wrong last", async () => {
    await overview();
    const hotel = row("Hillside Hotel");
    expect(hotel.getByText("Fresh")).toBeVisible();
    expect(hotel.getByRole("timer")).toHaveTextContent(/^1 h 4[12] m$/);
    expect(hotel.getByText(/^\d\d:\d\d$|^Tomorrow/)).toBeVisible();
    expect(hotel.getByText("Keychain")).toBeVisible();
    expect(row("Press office").getByText("No expiry")).toBeVisible();
    const button = table().querySelectorAll("button.open")[1];
    expect(button).toHaveAccessibleDescription(
      /^The login is no longer valid\. .*Session not active/,
    );
  });

  it("is walked with the arrows, and Enter opens the connection", async () => {
    const { user } = await overview();
    const first = table().querySelector<HTMLElement>("button.open");
    first?.focus();
    await user.keyboard("{ArrowDown}{ArrowDown}");
    expect(document.activeElement).toHaveTextContent("Conference wing");
    await user.keyboard("{End}");
    expect(document.activeElement).toHaveTextContent("Weather");
    await user.keyboard("{ArrowDown}");
    expect(document.activeElement).toHaveTextContent("Front office");
    await user.keyboard("{ArrowDown}{Enter}");
    expect(await screen.findByRole("heading", { level: 1, name: "Night shift" })).toBeVisible();
  });

  it("has the first row under the hand of whoever comes by the key", async () => {
    const { user } = await openWindow();
    await screen.findByRole("heading", { level: 1, name: "Hillside Hotel" });
    (document.activeElement as HTMLElement | null)?.blur();
    await user.keyboard("{Alt>}[Digit0]{/Alt}");
    await screen.findByRole("heading", { level: 1, name: "Overview" });
    expect(document.activeElement).toHaveTextContent("Front office");
  });

  it("logs in where a login is needed", async () => {
    const { user } = await overview();
    await user.click(row("Night shift").getByRole("button", { name: /^Log in again/ }));
    expect(await screen.findByRole("dialog", { name: "Log in to Night shift" })).toBeVisible();
  });

  it("renews all that are due, and says so of each that failed", async () => {
    const { fake, user } = await overview();
    fake.failNext("renewToken", fault("unreachable", "api.spoke.zone", { retryable: true }));
    await user.click(screen.getByRole("button", { name: "Renew 2 that are due" }));
    expect(await screen.findByText(/^1 of 2 renewed/)).toBeVisible();
    expect(screen.getByText("The server could not be reached")).toBeVisible();
    expect(asked(fake, "renewToken").flat().sort()).toEqual(["c2", "c8"]);
    expect(screen.getByRole("button", { name: "Renew the one that is due" })).toBeVisible();
  });

  it("offers to try again what failed, and to look at the addresses where they may be the matter", async () => {
    const { fake, user } = await overview();
    const token = freshToken(60);
    fake.setConnection("c1", { token: { ...token, last_error: fault("unreachable", "") } });
    await user.click(await row("Hillside Hotel").findByRole("button", { name: /^Try again/ }));
    await waitFor(() => expect(asked(fake, "renewToken")).toEqual([["c1"]]));
    fake.setConnection("c3", { token: { ...token, last_error: fault("issuer_wrong", "") } });
    const open = await row("Relay sandbox").findByRole("button", { name: /^Open addresses/ });
    await user.click(open);
    expect(await screen.findByRole("heading", { level: 1, name: "Relay sandbox" })).toBeVisible();
  });

  it("leads to the first connection where there is none", async () => {
    const { user } = await overview({ empty: true });
    expect(screen.getByText("No connections yet")).toBeVisible();
    await axeFindsNothing();
    const main = within(screen.getByRole("main"));
    await user.click(main.getByRole("button", { name: "Add connection" }));
    expect(await screen.findByRole("heading", { level: 1, name: "Add connection" })).toBeVisible();
  });
});

describe("the order", () => {
  const now = Date.now();
  const [sample] = connections();
  const one = (label: string, token: TokenView): ConnectionView => {
    if (!sample) throw new Error("no sample");
    return { ...sample, id: label, label, token };
  };
  const lost = fault("token_refused", "auth.example");

  it("puts what will need a person before what is well, however long that lasts", () => {
    const all = [
      one("well", freshToken(3)),
      one("new", noToken),
      one("doomed", { ...freshToken(90), last_error: lost }),
      one("dead", { ...noToken, state: "login_needed" }),
    ];
    expect(inOrder(all, now).map(({ id }) => id)).toEqual(["dead", "new", "doomed", "well"]);
  });

  it("renews nothing with the others whose last renewal is in doubt", () => {
    const doubt = { ...freshToken(-5), state: "expired" as const, need: "renew" as const };
    expect(due([one("doubt", doubt), one("soon", freshToken(5))], now).map(({ id }) => id)).toEqual(
      ["soon"],
    );
  });

  it("is said in the sidebar too, with what went wrong last", () => {
    const error = fault("server_failed", "The server answered 503.");
    const said = renewalDetail({ ...freshToken(60), last_error: error }, now);
    expect(said).toMatch(/^Next renewal: .*\d\d:\d\d\. .*The server answered 503\./);
    expect(renewalDetail(noToken, now)).toBe("");
  });

  it("knows the next end, and that there may be none", () => {
    expect(nextEnd([one("over", freshToken(-5)), one("soon", freshToken(5))], now)).toBeGreaterThan(
      290_000,
    );
    expect(nextEnd([one("none", noToken)], now)).toBeNull();
  });

  it("says when the next renewal is, or why there is none", () => {
    const expired = { ...freshToken(-5), state: "expired" as const };
    expect(nextRenewal(freshToken(60), now)).toMatch(/\d\d:\d\d$/);
    expect(nextRenewal(expired, now)).toBe("When needed");
    expect(nextRenewal({ ...expired, need: "renew" }, now)).toBe("When you say so");
    expect(nextRenewal({ ...freshToken(60), renewable: false }, now)).toBe("Not possible");
    const until = new Date(now + 6 * 3600_000).toISOString();
    expect(nextRenewal({ ...freshToken(60), renewable_until: until }, now)).not.toMatch("Until");
    expect(nextRenewal({ ...expired, renewable_until: until }, now)).toMatch(/^Until /);
    expect(nextRenewal(noToken, now)).toBe("");
  });

  it("counts the last ten minutes by the second", () => {
    expect(timeLeft(9 * 60_000 + 58_000)).toBe("9:58");
    expect(timeLeft(10 * 60_000)).toBe("10 m");
  });
});
