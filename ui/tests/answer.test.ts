import { screen, waitFor, within } from "@testing-library/svelte";
import type { UserEvent } from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { asked, axeFindsNothing, openWindow } from "./window";
import { parted } from "../src/views/explorer/answer/marks";
import { viewOf, viewsOf } from "../src/views/explorer/answer/views";
import { comingLine, faultLine, measures, pagesLine, statusLine } from "../src/words/answer";
import type { AnswerShape, SentView } from "../src/bindings";

/** Sends a request to a path that the fake knows, and waits for its answer. */
async function openAnswer(path: string) {
  const window = await openWindow();
  await window.user.click(await screen.findByRole("button", { name: /^Press office/ }));
  await window.user.click(await screen.findByRole("tab", { name: "Explorer" }));
  await window.user.keyboard("{Control>}t{/Control}");
  const field = await waitFor(() => {
    const found = document.getElementById("request-url");
    if (!found) throw new Error("no address");
    return found;
  });
  await window.user.click(field);
  await window.user.paste(path);
  await window.user.keyboard("{Control>}{Enter}{/Control}");
  const answer = await screen.findByRole("region", { name: "Answer" });
  return { ...window, answer: within(answer) };
}
const tree = () => screen.findByRole("tree", { name: "Tree" });
/** The row of the tree that says so. */
const row = (said: string) =>
  waitFor(async () => {
    const rows = within(await tree()).getAllByRole("treeitem");
    const found = rows.find((one) => one.textContent.replace(/\s+/g, "").startsWith(said));
    if (!found) throw new Error(`no row ${said}`);
    return found;
  });
async function view(user: UserEvent, name: string): Promise<void> {
  const answer = within(await screen.findByRole("region", { name: "Answer" }));
  await user.click(await answer.findByRole("tab", { name }));
}

describe("an answer", () => {
  it("says in a line how it went, and shows what came", async () => {
    const { answer } = await openAnswer("/odd");
    expect(await answer.findByText("200 OK")).toBeVisible();
    expect(answer.getByText("184 ms")).toBeVisible();
    expect(await row('"id":12345678901234567890')).toBeVisible();
    await axeFindsNothing();
  });

  it("keeps numbers as they were written, and both of two members of one name", async () => {
    await openAnswer("/odd");
    expect(await row('"price":1.50')).toBeVisible();
    expect(await row('"tiny":1e-400')).toBeVisible();
    expect(await row('"name":"first"twice')).toBeVisible();
    expect(await row('"name":"second"twice')).toBeVisible();
  });

  it("is walked through, opened and closed by keys", async () => {
    const { user, fake } = await openAnswer("/odd");
    const list = await tree();
    await row('"id"');
    list.focus();
    await user.keyboard("{ArrowLeft}");
    await waitFor(() => expect(within(list).getAllByRole("treeitem")).toHaveLength(1));
    await user.keyboard("{ArrowRight}");
    await row('"id"');
    await user.keyboard("{ArrowDown}");
    const active = document.getElementById(list.getAttribute("aria-activedescendant") ?? "");
    expect(active).toHaveTextContent('"id"');
    await user.keyboard("{Control>}c{/Control}{Control>}{Shift>}c{/Shift}{/Control}");
    await waitFor(() =>
      expect(asked(fake, "copyText")).toEqual([["12345678901234567890"], ["/id"]]),
    );
  });

  it("gives a value to other requests as a variable", async () => {
    const { user, fake } = await openAnswer("/odd");
    await row('"id"');
    (await tree()).focus();
    await user.keyboard("{ArrowDown}v");
    const dialog = within(await screen.findByRole("dialog", { name: "id" }));
    expect(dialog.getByText("/id")).toBeVisible();
    await axeFindsNothing();
    await user.clear(dialog.getByLabelText("Name of the variable"));
    await user.type(dialog.getByLabelText("Name of the variable"), "order");
    await user.keyboard("{Control>}{Enter}{/Control}");
    await waitFor(() => {
      const [connection, variables] = asked(fake, "setVariables").at(-1) ?? [];
      expect(connection).toBe("c6");
      expect(variables).toContainEqual({ name: "order", value: "12345678901234567890" });
    });
  });

  it("says what is wrong with a variable's name at its field, and takes letters of any script", async () => {
    const { user, fake } = await openAnswer("/odd");
    await row('"id"');
    (await tree()).focus();
    await user.keyboard("{ArrowDown}v");
    const name = await screen.findByLabelText("Name of the variable");
    for (const [typed, problem] of [
      ["an order", "A name is made of letters, digits, _, - and dots."],
      ["", "Give it a name."],
    ] as const) {
      await user.clear(name);
      if (typed !== "") await user.type(name, typed);
      screen.getByRole("button", { name: /^Keep as a variable/ }).focus();
      await user.keyboard("{Control>}{Enter}{/Control}");
      await waitFor(() => expect(name).toHaveFocus());
      expect(name).toHaveAccessibleDescription(problem);
      expect(name).toBeInvalid();
    }
    expect(asked(fake, "setVariables")).toEqual([]);
    await user.type(name, "größe.2");
    await user.keyboard("{Control>}{Enter}{/Control}");
    await waitFor(() =>
      expect(asked(fake, "setVariables").at(-1)?.[1]).toContainEqual({
        name: "größe.2",
        value: "12345678901234567890",
      }),
    );
  });

  it("keeps no value as a variable of which only the beginning could be read, and says so", async () => {
    const { user, fake } = await openAnswer("/odd");
    await row('"id"');
    (await tree()).focus();
    const value = { pointer: "/id", text: '"the beginning', cut: true };
    vi.spyOn(fake, "readJsonValue").mockResolvedValueOnce(value);
    await user.keyboard("{ArrowDown}v");
    const dialog = within(await screen.findByRole("dialog", { name: "id" }));
    expect(dialog.getByText("Too long to be a variable")).toBeVisible();
    expect(dialog.queryByLabelText("Name of the variable")).toBeNull();
    await axeFindsNothing();
    await user.keyboard("{Control>}{Enter}{/Control}");
    await user.click(dialog.getByRole("button", { name: "Copy the value" }));
    expect(await screen.findByText("It is too long: only its beginning was copied.")).toBeVisible();
    expect(asked(fake, "setVariables")).toEqual([]);
  });

  it("that is a list is a table, of which only what is seen is drawn", async () => {
    const { user, answer, fake } = await openAnswer("/big");
    const grid = await answer.findByRole("grid", { name: "Table" });
    expect(grid).toHaveAttribute("aria-rowcount", "100001");
    expect(await within(grid).findByText("lobby-evening-0.jpeg")).toBeVisible();
    expect(within(grid).getAllByRole("row").length).toBeLessThan(60);
    await axeFindsNothing();
    grid.focus();
    await user.keyboard("{ArrowDown}{ArrowRight}{Control>}{Shift>}c{/Shift}{/Control}");
    await waitFor(() => expect(asked(fake, "copyText")).toEqual([["/1/name"]]));
    await user.keyboard("{Enter}");
    expect(await row("1:")).toHaveAttribute("aria-selected", "true");
  });

  it("that is no JSON says what is wrong, and where", async () => {
    const { user, answer } = await openAnswer("/broken");
    expect(await answer.findByText(/line 5, column 23/)).toBeVisible();
    expect(answer.getByRole("list", { name: "Raw" })).toHaveTextContent('"name: "pool"');
    await user.click(answer.getByRole("button", { name: "Go there" }));
    await waitFor(() => expect(document.querySelector(".line.at")).toHaveTextContent('"id": 2'));
    await axeFindsNothing();
  });

  it("is searched, and one goes from match to match", async () => {
    const { user, answer } = await openAnswer("/odd");
    await view(user, "Raw");
    (await answer.findByRole("list", { name: "Raw" })).focus();
    await user.keyboard("{Control>}f{/Control}");
    await user.type(await answer.findByRole("searchbox"), "name");
    expect(await answer.findByText("2 matches")).toBeVisible();
    await user.keyboard("{Enter}");
    expect(await answer.findByText("1 of 2")).toBeVisible();
    await waitFor(() => expect(document.querySelector(".line.at")).toHaveTextContent("first"));
    await user.keyboard("{Enter}");
    await waitFor(() => expect(document.querySelector(".line.at")).toHaveTextContent("second"));
    await axeFindsNothing();
    await user.keyboard("{Escape}");
    expect(answer.queryByRole("searchbox")).toBeNull();
  });

  it("that was refused says why", async () => {
    const { answer } = await openAnswer("/forbidden");
    expect(await answer.findByText("403 Forbidden")).toBeVisible();
    expect((await answer.findAllByText(/lacks workflow_write/))[0]).toBeVisible();
    await axeFindsNothing();
  });

  it("that never came says why", async () => {
    const { answer } = await openAnswer("/away");
    expect(await answer.findByText("The server could not be reached")).toBeVisible();
    expect(answer.getByText("No answer")).toBeVisible();
  });

  it("tells each redirect, where it led, and what was not sent on", async () => {
    const { answer } = await openAnswer("/moved");
    expect(await answer.findByText("to https://files.elsewhere.example")).toBeVisible();
    expect(answer.getByText("Not sent on: the access token, header x-tenant")).toBeVisible();
    await axeFindsNothing();
  });

  it("says how much of it is there while it comes, and can be cancelled", async () => {
    const { user, answer, fake } = await openAnswer("/slow-big");
    expect(await answer.findByText("Receiving")).toBeVisible();
    expect(answer.getByRole("progressbar")).toHaveAttribute("aria-valuemax", "19000004");
    await user.click(answer.getByRole("button", { name: "Cancel" }));
    expect(await answer.findByText("Cancelled")).toBeVisible();
    expect(asked(fake, "cancelSent")).toHaveLength(1);
  });

  it("that still comes is cancelled by Ctrl . too", async () => {
    const { user, answer, fake } = await openAnswer("/slow-big");
    expect(await answer.findByText("Receiving")).toBeVisible();
    await user.keyboard("{Control>}.{/Control}");
    expect(await answer.findByText("Cancelled")).toBeVisible();
    expect(asked(fake, "cancelSent")).toHaveLength(1);
  });

  it("that has more pages is loaded whole, with progress", async () => {
    const { user, answer } = await openAnswer("/files");
    expect(await answer.findByText("100 items, 1 of 9 pages")).toBeVisible();
    await user.click(answer.getByRole("button", { name: "Load all 9 pages" }));
    expect(await screen.findByRole("progressbar", { name: "Progress of the pages" })).toBeVisible();
    expect(await screen.findByText("900 items, 9 of 9 pages", {}, { timeout: 3000 })).toBeVisible();
    await waitFor(() => expect(screen.getByRole("grid")).toHaveAttribute("aria-rowcount", "901"));
  });

  it("that is a page stays in view where not even the first page is there anew", async () => {
    const { user, answer } = await openAnswer("/files-once");
    await user.click(await answer.findByRole("button", { name: "Load all 9 pages" }));
    expect(await screen.findByText("The server failed")).toBeVisible();
    expect(await screen.findByText("100 items, 1 of 9 pages")).toBeVisible();
    expect(screen.getByRole("grid")).toHaveAttribute("aria-rowcount", "101");
    expect(screen.getByRole("button", { name: "Load all 9 pages" })).toBeVisible();
  });

  it("that is a picture is shown, also as bytes", async () => {
    const { user, answer } = await openAnswer("/image");
    expect(await answer.findByRole("img", { name: "Image of 48 KB" })).toBeVisible();
    await axeFindsNothing();
    await view(user, "Hex");
    expect(await answer.findByText("000010")).toBeVisible();
    await axeFindsNothing();
  });

  it("has its headers, and how long each phase took", async () => {
    const { user, answer, fake } = await openAnswer("/odd");
    await view(user, "Headers");
    const headers = within(await answer.findByRole("region", { name: "Headers of the answer" }));
    await user.click(headers.getByRole("button", { name: "Copy headers" }));
    await waitFor(() =>
      expect(String(asked(fake, "copyText")[0])).toContain("x-request-id: 5ce0a1"),
    );
    await axeFindsNothing();
    await view(user, "Timing");
    const timing = await answer.findByRole("table", { name: "How long each phase took" });
    expect(
      within(timing).getByRole("row", { name: "Waited for the first byte 84 ms" }),
    ).toBeVisible();
    await axeFindsNothing();
  });

  it("is saved, and copied whole where it is short", async () => {
    const { user, answer, fake } = await openAnswer("/odd");
    await user.click(await answer.findByRole("button", { name: "More for this answer" }));
    await user.click(await screen.findByRole("menuitem", { name: "Copy all of it" }));
    await waitFor(() => expect(String(asked(fake, "copyText")[0])).toContain('"price": 1.50'));
    await user.click(answer.getByRole("button", { name: "More for this answer" }));
    await user.click(await screen.findByRole("menuitem", { name: "Save to Downloads" }));
    expect(await screen.findByText(/^Saved as \/home\/alice\/Downloads\//)).toBeVisible();
  });
});

describe("the views of an answer", () => {
  const shape: AnswerShape = {
    id: "a",
    size: 10,
    whole: true,
    json: { fault: null, rows: 3, table: null },
    text: true,
    text_rows: 1,
    hex_rows: 1,
  };
  const sent = { kind: "json", state: "done" } as SentView;

  it("are those that it can be shown as", () => {
    expect(viewsOf(sent, shape)).toEqual(["tree", "raw", "hex", "headers", "timing"]);
    expect(viewsOf({ ...sent, kind: "image" }, { ...shape, json: null, text: false })).toEqual([
      "image",
      "hex",
      "headers",
      "timing",
    ]);
    expect(viewsOf(sent, null)).toEqual(["headers", "timing"]);
  });

  it("stay what the person chose last, where an answer has that", () => {
    const views = viewsOf(sent, shape);
    expect(viewOf(views, null, "hex", shape)).toBe("hex");
    expect(viewOf(views, "raw", "hex", shape)).toBe("raw");
    expect(viewOf(views, null, "table", shape)).toBe("tree");
  });

  it("begin with what came, where it is no JSON after all", () => {
    const fault = { reason: "unexpected_end", line: 1, column: 3, offset: 2 } as const;
    const broken = { ...shape, json: { fault, rows: 1, table: null } };
    expect(viewOf(viewsOf(sent, broken), null, null, broken)).toBe("raw");
    expect(faultLine(fault)).toBe("It ends in the middle: line 1, column 3.");
  });
});

describe("the words of an answer", () => {
  it("name a status, known or not", () => {
    expect([statusLine(200), statusLine(299)]).toEqual(["200 OK", "299"]);
  });

  it("count items and pages", () => {
    expect(pagesLine({ loaded: 2, rows: 1, of: null, more: true })).toBe(
      "1 item, 2 pages, more follow",
    );
    expect(pagesLine({ loaded: 9, rows: 900, of: 9, more: false })).toBe("900 items, 9 of 9 pages");
  });

  it("leave out what is not known", () => {
    const none = { dns_ms: null, connect_ms: null, tls_ms: null, wait_ms: null, transfer_ms: null };
    expect(measures({ phases: none, received: 12 } as SentView)).toEqual(["12 bytes"]);
    expect(comingLine({ received: 5000, size: null } as SentView)).toBe("5 KB");
  });

  it("mark what was sought, whatever its case", () => {
    const marked = (text: string, sought: string, matchCase = false) =>
      parted(text, sought, matchCase)
        .map((part) => (part.isMatch ? `[${part.text}]` : part.text))
        .join("");
    expect(marked("Name, name", "name")).toBe("[Name], [name]");
    expect(marked("Name, name", "name", true)).toBe("Name, [name]");
    expect(marked("İstanbul", "i")).toBe("İstanbul");
  });
});
