import { render, screen, waitFor, within } from "@testing-library/svelte";
import type { UserEvent } from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import App from "../src/App.svelte";
import type { ExplorerRequest } from "../src/bindings";
import { blankRequest } from "../src/backend/backend";
import { fault } from "../src/backend/fake/people";
import { parameterNames, piecesOf, withAddress, withUrl } from "../src/state/request";
import { faultOf, formatted } from "../src/views/explorer/json/text";
import { ITEM, namesAt, parseSchema, valuesAt } from "../src/views/explorer/json/schema";
import { pastedRows } from "../src/views/explorer/rows";
import { asked, axeFindsNothing, openWindow } from "./window";

const BASE = "https://acme.imagerelay.com/api/v2";
const blank = blankRequest();

async function openExplorer() {
  const window = await openWindow();
  await screen.findByRole("button", { name: /^Press office/ });
  await window.user.keyboard("{Alt>}[Digit6]{/Alt}{Control>}2{/Control}");
  await screen.findByRole("searchbox", { name: "Filter 25 endpoints" });
  return window;
}
const catalogue = () => within(screen.getByRole("navigation", { name: "Catalogue" }));
const endpoint = (name: string) => catalogue().findByRole("button", { name });
const send = (user: UserEvent) => user.keyboard("{Control>}{Enter}{/Control}");
const kept = (fake: Parameters<typeof asked>[0]) =>
  (asked(fake, "saveDraft").at(-1)?.[0] as { request: ExplorerRequest } | undefined)?.request;

describe("the explorer", () => {
  it("begins with the catalogue of the API, and sends an endpoint once its parameter is filled in", async () => {
    const { fake, user } = await openExplorer();
    await user.click(await endpoint("GET /folders/{id}/files"));
    expect(await screen.findByText("The files in a folder.")).toBeVisible();
    await user.type(screen.getByRole("textbox", { name: "Parameter id" }), "1284331");
    await send(user);
    expect(await screen.findByText("200 OK")).toBeVisible();
    const [connection, , request, elsewhere] = asked(fake, "sendRequest")[0] ?? [];
    expect([connection, elsewhere]).toEqual(["c6", null]);
    expect(request).toMatchObject({
      url: "/folders/{id}/files",
      parameters: [{ name: "id", value: "1284331", on: true }],
      query: [
        { name: "page", value: "2", on: true },
        { name: "query", on: false },
        { name: "recursive", on: false },
        { name: "uploaded_after", on: false },
        { name: "file_type_id", on: false },
      ],
    });
  });

  it("opens what describes an endpoint in the browser, and copies the link where none starts", async () => {
    const { fake, user } = await openExplorer();
    await user.click(await endpoint("GET /users/me"));
    fake.failNext("openDocs", fault("browser_failed", "The browser could not be started."));
    await user.click(await screen.findByRole("button", { name: "Documentation at docs.example" }));
    expect(await screen.findByText("The browser could not be started")).toBeVisible();
    await user.click(screen.getByRole("button", { name: "More for this request" }));
    await user.click(
      await screen.findByRole("menuitem", { name: "Copy the link to its documentation" }),
    );
    await waitFor(() =>
      expect(asked(fake, "copyText")).toEqual([["https://docs.example/reference/users/me"]]),
    );
    await user.click(screen.getByRole("button", { name: "More for this request" }));
    await user.click(await screen.findByRole("menuitem", { name: "Open its documentation" }));
    await waitFor(() =>
      expect(asked(fake, "openDocs")).toEqual([
        ["c6", "GET /users/me"],
        ["c6", "GET /users/me"],
      ]),
    );
  });

  it("finds an endpoint by method, path or meaning, and opens it by keys alone", async () => {
    const { user } = await openExplorer();
    await user.keyboard("{Control>}f{/Control}");
    await waitFor(() => expect(screen.getByRole("searchbox")).toHaveFocus());
    await user.keyboard("delete ends a link");
    expect(catalogue().getByRole("status")).toHaveTextContent("1 endpoint");
    await user.keyboard("{ArrowDown}{Enter}");
    const requests = within(screen.getByRole("list", { name: "Open requests" }));
    expect(requests.getByRole("button", { name: "DELETE /quick_links/{id}" })).toBeVisible();
  });

  it("is one stop for Tab in its catalogue, which arrow keys, Home and End walk", async () => {
    const { user } = await openExplorer();
    const named = (name: string) => catalogue().getByRole("button", { name });
    await endpoint("GET /users/me");
    const stops = () =>
      catalogue()
        .getAllByRole("button")
        .filter(({ tabIndex, className }) => tabIndex === 0 && className.includes("entry"))
        .map(({ textContent }) => textContent.trim());
    expect(stops().filter((name) => name.includes("/"))).toEqual(["GET /users/me"]);
    await user.click(screen.getByRole("searchbox"));
    await user.tab();
    await user.tab();
    expect(named("GET /users/me")).toHaveFocus();
    await user.keyboard("{ArrowDown}{ArrowDown}{Enter}");
    expect(named("GET /users/search")).toHaveFocus();
    expect(named("GET /users/search")).toHaveAttribute("aria-current", "true");
    await user.tab();
    expect(named("Press kit files")).toHaveFocus();
    await user.tab({ shift: true });
    expect(named("GET /users/search")).toHaveFocus();
    await user.keyboard("{End}");
    expect(named("Files of the winter")).toHaveFocus();
    await user.keyboard("{Home}");
    expect(named("GET /users/me")).toHaveFocus();
    await user.keyboard("{ArrowUp}webhooks");
    expect(screen.getByRole("searchbox")).toHaveValue("webhooks");
    expect(stops().filter((name) => name.includes("/"))).toEqual(["GET /webhooks"]);
    await axeFindsNothing();
  });

  it("keeps what is typed shortly after, and has it again after a restart", async () => {
    const { fake, user, unmount } = await openExplorer();
    await user.keyboard("{Control>}t{/Control}");
    await user.type(await screen.findByRole("textbox", { name: "Address" }), "/users/me");
    await waitFor(() => expect(kept(fake)?.url).toBe("/users/me"));
    unmount();
    render(App, { backend: fake });
    await screen.findByRole("button", { name: /^Press office/ });
    await user.keyboard("{Alt>}[Digit6]{/Alt}{Control>}2{/Control}");
    expect(await screen.findByRole("textbox", { name: "Address" })).toHaveValue("/users/me");
  });

  it("keeps at once what was typed when one looks elsewhere", async () => {
    const { fake, user } = await openExplorer();
    await user.keyboard("{Control>}t{/Control}");
    await user.type(await screen.findByRole("textbox", { name: "Address" }), "/a");
    await user.keyboard("{Control>}3{/Control}");
    await waitFor(() => expect(kept(fake)?.url).toBe("/a"));
  });

  it("loses nothing typed where the disk is full, and says so", async () => {
    const { fake, user } = await openExplorer();
    await user.keyboard("{Control>}t{/Control}");
    const address = await screen.findByRole("textbox", { name: "Address" });
    await waitFor(() => expect(asked(fake, "saveDraft")).not.toEqual([]));
    fake.failNext("saveDraft", fault("store_failed", "no space left"));
    await user.type(address, "/x");
    expect(await screen.findByText("What you typed is not kept on the disk yet")).toBeVisible();
    expect(address).toHaveValue("/x");
    await user.type(address, "y");
    await waitFor(() => expect(kept(fake)?.url).toBe("/xy"));
  });

  it("asks before it sends to another server, with its name, and sends nothing when refused", async () => {
    const { fake, user } = await openExplorer();
    await user.keyboard("{Control>}t{/Control}");
    await user.type(
      await screen.findByRole("textbox", { name: "Address" }),
      "https://evil.example/a",
    );
    await send(user);
    const question = await screen.findByRole("alertdialog", { name: "Send to evil.example?" });
    expect(question).toHaveTextContent("without the token");
    await user.click(within(question).getByRole("button", { name: "Cancel" }));
    expect(asked(fake, "sendRequest").map((args) => args[3])).toEqual([null]);
    await send(user);
    await user.click(await screen.findByRole("button", { name: "Send to evil.example" }));
    expect(await screen.findByText("200 OK")).toBeVisible();
    expect(asked(fake, "sendRequest").map((args) => args[3])).toEqual([
      null,
      null,
      "https://evil.example",
    ]);
  });

  it("h2_sends_nothing_to_another_server_than_the_one_that_was_confirmed", async () => {
    const { fake, user } = await openExplorer();
    const leadsTo = (value: string) => fake.setVariables("c6", [{ name: "host", value }]);
    await leadsTo("https://one.example");
    await user.keyboard("{Control>}t{/Control}");
    await user.type(await screen.findByRole("textbox", { name: "Address" }), "{{{{host}}/a");
    await send(user);
    const confirm = await screen.findByRole("button", { name: "Send to one.example" });
    await leadsTo("https://another.example");
    await user.click(confirm);
    expect(await screen.findByText("That is another server")).toBeVisible();
    expect(screen.queryByText("200 OK")).toBeNull();
    await send(user);
    expect(await screen.findByRole("button", { name: "Send to another.example" })).toBeVisible();
  });

  it("makes a request of a pasted cURL command, and says what was left out", async () => {
    const { user } = await openExplorer();
    await user.keyboard("{Control>}t{/Control}");
    const address = await screen.findByRole("textbox", { name: "Address" });
    await user.click(address);
    await user.paste(
      `curl -X POST '${BASE}/folders?a=b' -H 'Authorization: Bearer x' -d '{"a":1}'`,
    );
    expect(await screen.findByText(/Authorization was left out/)).toBeVisible();
    expect(screen.getByRole("textbox", { name: "Address" })).toHaveValue("/folders");
    expect(screen.getByRole("combobox", { name: "Method" })).toHaveValue("POST");
    expect(screen.getByRole("textbox", { name: "Query: a" })).toHaveValue("b");
  });

  it("keeps the rows of the query when another is typed into the address", async () => {
    const { fake, user } = await openExplorer();
    await user.click(await endpoint("GET /users"));
    await user.click(screen.getByRole("textbox", { name: "Address" }));
    await user.keyboard("{End}?q=a%20b{Enter}");
    expect(screen.getByRole("textbox", { name: "Address" })).toHaveValue("/users");
    expect(screen.getByRole("textbox", { name: "Query: q" })).toHaveValue("a b");
    expect(screen.getByRole("checkbox", { name: "Send page" })).not.toBeChecked();
    await waitFor(() =>
      expect(kept(fake)?.query).toEqual([
        { name: "q", value: "a b", on: true },
        { name: "page", value: "1", on: false },
      ]),
    );
  });

  it("takes many rows from one paste, and switches single ones off", async () => {
    const { fake, user } = await openExplorer();
    await user.keyboard("{Control>}t{/Control}");
    await user.click(await screen.findByRole("tab", { name: "Headers" }));
    await user.click(screen.getByRole("textbox", { name: "Headers: name 1" }));
    await user.paste("X-One: 1\nX-Two: 2");
    await user.click(screen.getByRole("checkbox", { name: "Send X-One" }));
    expect(screen.getByRole("tab", { name: "Headers 1" })).toBeVisible();
    await waitFor(() =>
      expect(kept(fake)?.headers).toEqual([
        { name: "X-One", value: "1", on: false },
        { name: "X-Two", value: "2", on: true },
      ]),
    );
  });

  it("saves a request into a folder, and opens it from there", async () => {
    const { fake, user } = await openExplorer();
    await user.click(await endpoint("GET /users/me"));
    await user.keyboard("{Control>}s{/Control}");
    const name = await screen.findByRole("textbox", { name: "Name" });
    await user.clear(name);
    await user.type(name, "Who am I");
    await user.type(screen.getByRole("combobox", { name: /^Folder/ }), "mine / daily");
    await send(user);
    expect(await screen.findByText("“Who am I” saved.")).toBeVisible();
    expect(asked(fake, "saveRequest")[0]?.[0]).toMatchObject({
      name: "Who am I",
      folder: "mine/daily",
    });
    await user.keyboard("{Control>}w{/Control}");
    expect(await screen.findByText("No request is open")).toBeVisible();
    await user.click(await catalogue().findByRole("button", { name: "Who am I" }));
    expect(await screen.findByRole("textbox", { name: "Address" })).toHaveValue("/users/me");
  });

  it("opens several requests, closes them, and has the last one back", async () => {
    const { user } = await openExplorer();
    const requests = () => within(screen.getByRole("list", { name: "Open requests" }));
    await user.click(await endpoint("GET /users/me"));
    await user.keyboard("{Control>}t{/Control}");
    await user.type(await screen.findByRole("textbox", { name: "Address" }), "/mine");
    await user.keyboard("{Control>}w{/Control}");
    await waitFor(() => expect(requests().queryByRole("button", { name: "GET /mine" })).toBeNull());
    await user.keyboard("{Control>}{Shift>}T{/Shift}{/Control}");
    expect(await requests().findByRole("button", { name: "GET /mine" })).toBeVisible();
  });

  it("goes from one open request to the next and back by keys, also while one types", async () => {
    const { user } = await openExplorer();
    const address = () => screen.findByRole("textbox", { name: "Address" });
    await user.click(await endpoint("GET /users/me"));
    await user.keyboard("{Control>}t{/Control}");
    await waitFor(async () => expect(await address()).toHaveFocus());
    await user.keyboard("/mine{Control>}{PageDown}{/Control}");
    await waitFor(async () => expect(await address()).toHaveValue("/users/me"));
    await user.click(await address());
    await user.keyboard("{Control>}{PageUp}{/Control}");
    await waitFor(async () => expect(await address()).toHaveValue("/mine"));
  });

  it("h7_a_document_is_fetched_only_from_a_host_that_was_shown_and_confirmed", async () => {
    const { fake, user } = await openExplorer();
    await user.click(screen.getByRole("button", { name: "More for the catalogue" }));
    await user.click(await screen.findByRole("menuitem", { name: "Import a catalogue..." }));
    await user.click(await screen.findByRole("tab", { name: "Address" }));
    const address = screen.getByRole("textbox", { name: "Address of the document" });
    await user.type(address, "https://petstore.example/openapi.json");
    await send(user);
    expect(await screen.findByText("This asks petstore.example")).toBeVisible();
    expect(asked(fake, "fetchDocument")).toEqual([]);
    await axeFindsNothing();
    await user.click(screen.getByRole("button", { name: "Fetch it from petstore.example" }));
    expect(await screen.findByText("Petstore 1.0.27: 4 endpoints.")).toBeVisible();
    expect(asked(fake, "fetchDocument")).toEqual([["https://petstore.example/openapi.json"]]);
    expect(
      catalogue().getByText(`Describes https://petstore.example/v3. Requests go below ${BASE}.`),
    ).toBeVisible();
    await user.click(await endpoint("GET /store/inventory"));
    expect(screen.getByRole("textbox", { name: "Address" })).toHaveValue("/store/inventory");
  });

  it("brings into view what is wrong with a command or a document, at its field", async () => {
    const { fake, user } = await openExplorer();
    const open = async (item: string) => {
      await user.click(screen.getByRole("button", { name: "More for the catalogue" }));
      await user.click(await screen.findByRole("menuitem", { name: item }));
    };
    await open("Paste a cURL command...");
    await user.click(await screen.findByRole("button", { name: /^Make a request/ }));
    const command = screen.getByRole("textbox", { name: "Command" });
    await waitFor(() => expect(command).toHaveFocus());
    expect(command).toHaveAccessibleDescription("Paste a command that begins with curl.");
    const shown = vi.spyOn(HTMLElement.prototype, "scrollIntoView");
    await user.type(command, "wget x");
    await send(user);
    expect(await screen.findByText("It begins with curl.")).toBeVisible();
    await waitFor(() => expect(shown.mock.contexts).toContain(screen.getByRole("alert")));
    shown.mockRestore();
    await user.keyboard("{Escape}");
    await open("Import a catalogue...");
    await user.click(await screen.findByRole("button", { name: /^Import/ }));
    const document = screen.getByRole("textbox", { name: "Document" });
    await waitFor(() => expect(document).toHaveFocus());
    expect(document).toHaveAccessibleDescription("Paste the document, or choose its file.");
    await user.click(screen.getByRole("tab", { name: "Address" }));
    await user.click(screen.getByRole("button", { name: /^Fetch it/ }));
    await waitFor(() =>
      expect(screen.getByRole("textbox", { name: "Address of the document" })).toHaveFocus(),
    );
    expect(asked(fake, "importCatalogue")).toEqual([]);
  });

  it("shows what will be sent, with variables in place and without the token", async () => {
    const { user } = await openExplorer();
    await user.click(await endpoint("GET /folders/{id}/files"));
    await user.type(screen.getByRole("textbox", { name: "Parameter id" }), "{{{{folder}}");
    await user.click(screen.getByText("What will be sent"));
    expect(await screen.findByText(`${BASE}/folders/1284331/files`)).toBeVisible();
    expect(screen.getByText("Authorization: Bearer •••")).toBeVisible();
    await axeFindsNothing();
  });
});

describe("an address", () => {
  it("tells parameters from variables", () => {
    expect(parameterNames("/a/{id}/{{base}}/{id}/{n}")).toEqual(["id", "n"]);
    expect(piecesOf("/a/{id}")).toEqual([
      { kind: "text", text: "/a/" },
      { kind: "parameter", name: "id" },
    ]);
  });

  it("keeps what was filled in while it is changed", () => {
    const filled = { ...blank, parameters: [{ name: "id", value: "7", on: true }] };
    expect(withUrl(filled, "/b/{n}/{id}").parameters).toEqual([
      { name: "n", value: "", on: true },
      { name: "id", value: "7", on: true },
    ]);
  });

  it("stands below the API where it is there, and only there", () => {
    expect(withAddress(blank, `${BASE}/folders?a=b%20c&d`, BASE)).toMatchObject({
      url: "/folders",
      query: [
        { name: "a", value: "b c", on: true },
        { name: "d", value: "", on: true },
      ],
    });
    expect(withAddress(blank, `${BASE}.evil.test/x`, BASE).url).toBe(`${BASE}.evil.test/x`);
  });

  const row = (name: string, value: string, on = true) => ({ name, value, on });
  const query = (rows: ExplorerRequest["query"], text: string) =>
    withAddress({ ...blank, query: rows }, text, BASE).query;

  it("takes the query that is typed into it, and loses no row that was there, on or off", () => {
    const before = [
      row("page", "2"),
      row("recursive", "true", false),
      row("file_type_id", "", false),
    ];
    expect(query(before, "/files?x=1")).toEqual([row("x", "1"), ...before]);
    expect(query(before, "/files?")).toEqual(before);
    expect(query(before, "/files")).toEqual(before);
  });

  it("puts what is typed in place of rows of its name, all of it, and keeps a value that is switched off", () => {
    const before = [row("page", "2"), row("query", "", false), row("query", "snow", false)];
    expect(query(before, "/files?page=3&query=lobby&query=bar")).toEqual([
      row("page", "3"),
      row("query", "lobby"),
      row("query", "bar"),
      row("query", "snow", false),
    ]);
    expect(query([row("query", "snow", false)], "/files?query=snow")).toEqual([
      row("query", "snow"),
    ]);
  });

  it("keeps what is typed behind a number sign, which begins no query", () => {
    expect(withAddress(blank, "/a?b=c#d?e", BASE)).toMatchObject({
      url: "/a#d?e",
      query: [row("b", "c")],
    });
  });
});

describe("pasted rows", () => {
  it("are lines of names and values, or pairs of a query", () => {
    expect(pastedRows("A: 1\nB: x: y\n")).toEqual([
      { name: "A", value: "1", on: true },
      { name: "B", value: "x: y", on: true },
    ]);
    expect(pastedRows("a=1&b=2")?.map(({ name }) => name)).toEqual(["a", "b"]);
  });

  it("are left alone where they are one value", () => {
    for (const text of ["plain", "a=b", "https://a.example/x", "two\nlines"])
      expect(pastedRows(text)).toBeNull();
  });
});

describe("a JSON body", () => {
  it("is told where it is none, by line and column, with variables in it", () => {
    expect(faultOf('{"a": {{folder}}, "b": "{{x}}"}')).toBeNull();
    expect(faultOf('{\n  "a": 1,\n}')).toMatchObject({ line: 3, column: 1 });
  });

  it("is set out without losing a digit or a variable", () => {
    expect(formatted('{"a":12345678901234567890,"b":{{folder}}}')).toBe(
      '{\n  "a": 12345678901234567890,\n  "b": {{folder}}\n}',
    );
    expect(formatted('{"a":')).toBe('{"a":');
  });

  it("is completed from the schema, through references and parts", () => {
    const schema = parseSchema(
      JSON.stringify({
        allOf: [{ $ref: "#/$defs/base" }],
        properties: {
          files: { type: "array", items: { properties: { kind: { enum: ["a", 2] } } } },
        },
        $defs: { base: { required: ["id"], properties: { id: { description: "Its number." } } } },
      }),
    );
    if (!schema) throw new Error("no schema");
    expect(namesAt(schema, [])).toEqual([
      { text: "id", about: "Its number.", needed: true },
      { text: "files", about: "array", needed: false },
    ]);
    expect(valuesAt(schema, ["files", ITEM, "kind"]).map(({ text }) => text)).toEqual(['"a"', "2"]);
  });

  it("is not followed for ever where its schema goes round", () => {
    const schema = parseSchema('{"$ref":"#/a","a":{"$ref":"#/a"}}');
    expect(schema && namesAt(schema, ["x"])).toEqual([]);
  });
});
