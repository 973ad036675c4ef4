// What was exchanged with servers, kept and found again.
import { screen, waitFor, within } from "@testing-library/svelte";
import type { UserEvent } from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import type { ComparedLine, ExchangeRow } from "../src/bindings";
import { Comparison } from "../src/state/comparison.svelte";
import { asked, axeFindsNothing, goTo, openWindow } from "./window";
import type { Fake, FakeOptions } from "../src/backend/fake";

async function exchanges(options: FakeOptions = {}): Promise<{ fake: Fake; user: UserEvent }> {
  const window = await openWindow(options);
  await goTo(window.user, "Activity");
  await window.user.click(screen.getByRole("tab", { name: "Exchanges" }));
  return window;
}
const list = () => screen.findByRole("listbox", { name: "Exchanges, newest first" });
const options = async () => within(await list()).getAllByRole("option");
async function choose(user: UserEvent, at: number): Promise<void> {
  const row = (await options())[at];
  if (!row) throw new Error(`there is no row ${String(at)}`);
  await user.click(row);
}
const lastQuery = (fake: Fake) => asked(fake, "listExchanges").at(-1)?.[0];
const detail = () => within(screen.getByRole("region", { name: "What was sent and what came" }));

describe("the exchanges", () => {
  it("are searched by words and narrowed by connection, outcome and time, by the core", async () => {
    const { fake, user } = await exchanges();
    expect((await options()).length).toBeGreaterThan(3);
    await axeFindsNothing();
    await user.type(screen.getByRole("searchbox", { name: "Search the exchanges" }), "lobby");
    await waitFor(() => expect(lastQuery(fake)).toMatchObject({ search: "lobby", before: null }));
    await user.selectOptions(screen.getByRole("combobox", { name: "Connection" }), "Press office");
    await user.selectOptions(screen.getByRole("combobox", { name: "Outcome" }), "Good");
    await user.selectOptions(screen.getByRole("combobox", { name: "Time" }), "Last week");
    await waitFor(() =>
      expect(lastQuery(fake)).toMatchObject({ connection: "c6", search: "lobby", status: "good" }),
    );
    const { since } = lastQuery(fake) as { since: string };
    expect(Date.now() - Date.parse(since)).toBeGreaterThanOrEqual(7 * 86_400_000);
    for (const row of await options()) expect(row).toHaveTextContent("/folders/3001/files");
  });

  it("say so where none is kept, and where none matches", async () => {
    const { user } = await exchanges();
    await user.type(screen.getByRole("searchbox", { name: "Search the exchanges" }), "nowhere");
    expect(await screen.findByText("Nothing matches")).toBeVisible();
  });

  it("of a connection stand in its tab, and no others", async () => {
    const { fake, user } = await openWindow();
    await user.click(await screen.findByRole("button", { name: /^Press office/ }));
    await user.click(await screen.findByRole("tab", { name: "Activity" }));
    await user.click(screen.getByRole("tab", { name: "Exchanges" }));
    await options();
    expect(lastQuery(fake)).toMatchObject({ connection: "c6" });
    expect(screen.queryByRole("combobox", { name: "Connection" })).toBeNull();
  });

  it("are shown whole: what was sent, and what came", async () => {
    const { user } = await exchanges();
    await choose(user, 0);
    expect(await detail().findByRole("region", { name: "Headers of the request" })).toBeVisible();
    expect(detail().getByRole("table", { name: "Headers of the answer" })).toBeVisible();
    expect(detail().getByText("Bearer •••")).toBeVisible();
    await axeFindsNothing();
  });

  it("are opened in the explorer to be sent again, and nothing goes by itself", async () => {
    const { fake, user } = await exchanges();
    await choose(user, 0);
    await detail().findByRole("button", { name: /^Send again/ });
    await user.keyboard("{Control>}{Enter}{/Control}");
    const address = await screen.findByRole("textbox", { name: "Address" });
    expect((address as HTMLInputElement).value).toContain("/");
    expect(asked(fake, "exchangeRequest")).toHaveLength(1);
    expect(asked(fake, "sendRequest")).toEqual([]);
  });

  it("can be compared, each line with a sign, and the keys go from difference to difference", async () => {
    const { fake, user } = await exchanges();
    await choose(user, 0);
    await user.click(await detail().findByRole("button", { name: /^Compare with another/ }));
    expect(screen.getByText(/^To be compared: /)).toBeVisible();
    await choose(user, 1);
    await detail().findByRole("button", { name: /^Compare with the other/ });
    await user.keyboard("{Control>}d{/Control}");
    const lines = await screen.findByRole("list", { name: "Lines of both" });
    expect(asked(fake, "compareExchanges")).toHaveLength(1);
    expect(within(lines).getAllByText(/^only in the first/).length).toBeGreaterThan(0);
    await user.keyboard("{Control>}g{/Control}");
    expect(detail().getByText(/^Difference 1 of \d+$/)).toBeVisible();
    await axeFindsNothing();
    await user.click(detail().getByRole("button", { name: "Back" }));
    expect(detail().getByRole("button", { name: /^Compare with the other/ })).toBeVisible();
  });

  it("f10 are exported without bodies and values, unless the person says so", async () => {
    const { fake, user } = await exchanges();
    await options();
    await user.keyboard("{Control>}e{/Control}");
    const dialog = within(await screen.findByRole("dialog", { name: "Export as HAR" }));
    await axeFindsNothing();
    await user.click(dialog.getByRole("button", { name: /^Export/ }));
    expect(await screen.findByText(/^Exported to .*\.har/)).toBeVisible();
    expect(asked(fake, "exportHar").at(-1)?.[1]).toBe(false);
    await user.keyboard("{Control>}e{/Control}");
    await user.click(await screen.findByRole("switch", { name: "With bodies and values" }));
    expect(screen.getByText(/^On: also what was typed/)).toBeVisible();
    await user.keyboard("{Control>}{Enter}{/Control}");
    await waitFor(() => expect(asked(fake, "exportHar").at(-1)?.[1]).toBe(true));
  });

  it("are cleared only after a question", async () => {
    const { fake, user } = await exchanges();
    await options();
    await user.click(screen.getByRole("button", { name: /^Clear exchanges/ }));
    const question = within(await screen.findByRole("alertdialog"));
    expect(question.getByText("Clear all exchanges?")).toBeVisible();
    await user.click(question.getByRole("button", { name: "Cancel" }));
    expect(asked(fake, "clearExchanges")).toEqual([]);
    await user.keyboard("{Control>}{Shift>}{Delete}{/Shift}{/Control}");
    await user.click(await screen.findByRole("button", { name: "Clear exchanges" }));
    expect(await screen.findByText("No exchange is kept yet")).toBeVisible();
  });

  it("are kept for as long and as much as the settings say", async () => {
    const { fake, user } = await openWindow();
    await goTo(user, "Settings");
    const days = screen.getByRole("textbox", { name: /^Keep exchanges for/ });
    await user.clear(days);
    await user.type(days, "0");
    await user.click(screen.getByRole("button", { name: /^Save/ }));
    expect(await screen.findByText("Give a whole number from 1 to 3650.")).toBeVisible();
    await user.clear(days);
    await user.type(days, "7");
    await user.click(screen.getByRole("button", { name: /^Save/ }));
    await screen.findByText("Settings saved.");
    const wanted = { history_days: 7, history_megabytes: 500, login_seconds: 300 };
    expect(asked(fake, "saveSettings")).toEqual([[expect.objectContaining(wanted)]]);
  });
});

describe("a comparison", () => {
  const row: ExchangeRow = {
    id: 1,
    at: new Date(0).toISOString(),
    connection: "c1",
    source: "explorer",
    method: "GET",
    url: "https://api.example/me",
    status: 200,
    error: null,
    duration_ms: 1,
    size: 2,
  };
  const of = (...sides: ComparedLine["side"][]) =>
    new Comparison(
      row,
      row,
      sides.map((side) => ({ side, text: side })),
    );

  it("has a difference wherever lines of one side follow a line of both", () => {
    expect(of("one", "other", "both", "other", "both").places).toEqual([0, 3]);
    expect(of("both", "both").places).toEqual([]);
  });

  it("goes from one to the next, and round at the ends", () => {
    const compared = of("one", "both", "other");
    const steps = ([1, 1, 1, -1] as const).map((by) => (compared.step(by), compared.line));
    expect(steps).toEqual([0, 2, 0, 2]);
    const none = of("both");
    none.step(1);
    expect(none.line).toBeNull();
  });

  it("goes back from the beginning to the last", () => {
    const compared = of("one", "both", "other", "both");
    compared.step(-1);
    expect(compared.line).toBe(2);
  });
});
