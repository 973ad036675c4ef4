import { render, screen, waitFor, within } from "@testing-library/svelte";
import type { UserEvent } from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import App from "../src/App.svelte";
import type { ExplorerRequest } from "../src/bindings";
import { fault } from "../src/backend/fake/people";
import { parameterNames, piecesOf, withAddress, withUrl } from "../src/state/request";
import { faultOf, formatted } from "../src/views/explorer/json/text";
import { ITEM, namesAt, parseSchema, valuesAt } from "../src/views/explorer/json/schema";
import { pastedRows } from "../src/views/explorer/rows";
import { asked, axeFindsNothing, openWindow } from "./window";

const BASE = "https://acme.imagerelay.com/api/v2";
const blank: ExplorerRequest = {
  method: "GET",
  url: "",
  parameters: [],
  query: [],
  headers: [],
  body: { kind: "none" },
  follow: true,
};

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
    expect([connection, elsewhere]).toEqual(["c6", false]);
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
    expect(asked(fake, "sendRequest").map((args) => args[3])).toEqual([false]);
    await send(user);
    await user.click(await screen.findByRole("button", { name: "Send to evil.example" }));
    expect(await screen.findByText("200 OK")).toBeVisible();
    expect(asked(fake, "sendRequest").map((args) => args[3])).toEqual([false, false, true]);
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
    await user.click(await endpoint("GET /store/inventory"));
    expect(screen.getByRole("textbox", { name: "Address" })).toHaveValue("/store/inventory");
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
