// Two tokens side by side, and what the server says of one.
import { screen, waitFor, within } from "@testing-library/svelte";
import type { UserEvent } from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import type { ComparedClaim } from "../src/bindings";
import { fault } from "../src/backend/fake/people";
import { asked, axeFindsNothing, openWindow, tokenTab } from "./window";

describe("two tokens", () => {
  async function compare(): Promise<UserEvent> {
    const { user } = await tokenTab();
    await user.click(screen.getByRole("button", { name: "Compare with..." }));
    expect(await screen.findByRole("combobox", { name: "First token from" })).toHaveDisplayValue(
      "Hillside Hotel: access token",
    );
    return user;
  }

  it("are compared side by side: what is the same, what changed, what only one has", async () => {
    const user = await compare();
    await user.selectOptions(
      screen.getByRole("combobox", { name: "Second token from" }),
      "Pasted here",
    );
    await user.click(screen.getByRole("textbox", { name: "Second token, pasted" }));
    await user.paste("eyJodd.aaaa.bbbb");
    const claims = within(await screen.findByRole("table", { name: "Claims" }));
    expect(claims.getAllByText("Only in the first").length).toBeGreaterThan(0);
    expect(claims.getAllByText("Only in the second").length).toBeGreaterThan(0);
    expect(claims.getAllByText("Changed").length).toBeGreaterThan(0);
    expect(claims.getAllByText("not there").length).toBeGreaterThan(0);
    await axeFindsNothing();
  });

  it("can be a connection's and another's, and only the differences be shown", async () => {
    const user = await compare();
    const second = screen.getByRole("combobox", { name: "Second token from" });
    await user.selectOptions(second, "Hillside QA: access token");
    expect(await screen.findByText("11 the same, 2 changed.")).toBeVisible();
    await user.click(screen.getByRole("switch", { name: "Differences only" }));
    const claims = within(screen.getByRole("table", { name: "Claims" }));
    await waitFor(() => expect(claims.getAllByRole("row")).toHaveLength(3));
  });

  it("are found in the palette", async () => {
    const { user } = await openWindow();
    await user.keyboard("{Control>}k{/Control}compare two{Enter}");
    expect(await screen.findByRole("tab", { name: "Compare two" })).toHaveAttribute(
      "aria-selected",
      "true",
    );
    expect(screen.getByText("Nothing to compare yet")).toBeVisible();
  });

  it("show permissions that came and went", async () => {
    const { fake, user } = await tokenTab();
    const claim: ComparedClaim = {
      name: "scope",
      difference: "changed",
      first: null,
      second: null,
      added: ["admin"],
      removed: ["read"],
    };
    fake.compareTokens = async () => ({ header: [], claims: [claim] });
    await user.click(screen.getByRole("button", { name: "Compare with..." }));
    const second = await screen.findByRole("combobox", { name: "Second token from" });
    await user.selectOptions(second, "Hillside QA: access token");
    expect(await screen.findByText("admin")).toBeVisible();
    expect(screen.getByText("read")).toBeVisible();
  });
});

describe("asking the server about a token", () => {
  it("k3_is_done_by_a_click_only, and says who was asked", async () => {
    const { fake, user } = await tokenTab();
    expect(asked(fake, "introspectToken")).toEqual([]);
    await user.click(screen.getByRole("button", { name: "Ask the server..." }));
    const answer = within(await screen.findByRole("region", { name: "What the server says" }));
    expect(answer.getByText("Active")).toBeVisible();
    expect(answer.getByText(/^Asked https:\/\/auth\.relaypro\.com/)).toBeVisible();
    await axeFindsNothing();
  });

  it("k3_takes_a_no_as_an_answer", async () => {
    const { fake, user } = await tokenTab();
    fake.introspectToken = async () => ({
      active: false,
      endpoint: "https://a.example",
      members: [],
    });
    await user.click(screen.getByRole("button", { name: "Ask the server..." }));
    expect(await screen.findByText("Not active")).toBeVisible();
    expect(screen.queryByRole("alert")).toBeNull();
  });

  it("is calm where the server offers no such way, and says why where it failed", async () => {
    const { fake, user } = await tokenTab();
    const button = screen.getByRole("button", { name: "Ask the server..." });
    fake.failNext("introspectToken", fault("discovery_failed", "auth.example offers none."));
    await user.click(button);
    expect(await screen.findByText("This server can’t be asked")).toBeVisible();
    expect(screen.queryByRole("alert")).toBeNull();
    fake.failNext("introspectToken", fault("unreachable", "auth.example"));
    await user.click(button);
    expect(await screen.findByText("The server could not be reached")).toBeVisible();
  });
});
