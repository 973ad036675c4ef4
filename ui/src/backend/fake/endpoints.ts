// What the pretended APIs have.
import type { Catalogue, Endpoint, EndpointParameter } from "../../bindings";

const DOCS = "https://docs.example/reference";

const parameter = (
  name: string,
  place: EndpointParameter["place"],
  about: string,
  more: Partial<EndpointParameter> = {},
): EndpointParameter => ({
  name,
  place,
  about,
  required: place === "path",
  example: null,
  choices: [],
  ...more,
});

/** "GET /folders/{id}: what it does" */
function endpoint(group: string, line: string, more: Partial<Endpoint> = {}): Endpoint {
  const [id = "", about = ""] = line.split(": ");
  const [method = "", path = ""] = id.split(" ");
  const names = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name = ""]) => name);
  const inPath = names.map((name) =>
    parameter(name, "path", `The number of the ${said(path, name)}.`),
  );
  const { parameters = [], ...rest } = more;
  return {
    id,
    group,
    method,
    path,
    about,
    docs: `${DOCS}${path}`,
    parameters: [...inPath, ...parameters],
    body: null,
    pages: false,
    ...rest,
  };
}

function said(path: string, name: string): string {
  const before = path
    .slice(0, path.indexOf(`{${name}}`))
    .split("/")
    .filter(Boolean)
    .at(-1);
  return (before ?? name).replace(/s$/, "").replaceAll("_", " ");
}

const page = parameter("page", "query", "Which page, from 1.", { example: "1" });
const json = (example: object, schema: object | null = null): Endpoint["body"] => ({
  kind: "json",
  example: JSON.stringify(example, null, 2),
  schema: schema && JSON.stringify(schema),
});

const webhook = {
  type: "object",
  required: ["resource", "action", "url"],
  properties: {
    resource: { enum: ["file", "folder", "collection", "user"], description: "What it is about." },
    action: { enum: ["created", "updated", "deleted"], description: "What happened to it." },
    url: { type: "string", description: "Where it is told." },
    notification_emails: {
      type: "array",
      items: { type: "string" },
      description: "Who hears of it when that fails.",
    },
    paused: { type: "boolean", description: "Begins paused." },
  },
};

const library = "Users, folders, files";
const imageRelay: Endpoint[] = [
  endpoint(library, "GET /users/me: Who the token belongs to."),
  endpoint(library, "GET /users: All users of the account.", { parameters: [page], pages: true }),
  endpoint(library, "GET /users/search: Users by name or address.", {
    parameters: [parameter("q", "query", "Part of a name.", { required: true })],
  }),
  endpoint(library, "GET /folders: All folders, from the top.", {
    parameters: [page],
    pages: true,
  }),
  endpoint(library, "GET /folders/{id}: One folder."),
  endpoint(library, "GET /folders/{id}/children: The folders in a folder.", {
    parameters: [page],
    pages: true,
  }),
  endpoint(library, "POST /folders/{id}/children: Makes a folder in a folder.", {
    body: json({ name: "Winter 2026" }),
  }),
  endpoint(library, "DELETE /folders/{id}: Deletes a folder with all that is in it."),
  endpoint(library, "GET /folders/{id}/files: The files in a folder.", {
    parameters: [
      { ...page, required: true, example: "2" },
      parameter("query", "query", "Words in the name or the terms."),
      parameter("recursive", "query", "With the folders below it.", { choices: ["true", "false"] }),
      parameter("uploaded_after", "query", "Not older than this.", { example: "2026-11-01" }),
      parameter("file_type_id", "query", "Of this type only."),
    ],
    pages: true,
  }),
  endpoint(library, "GET /files/{id}: One file, with its terms."),
  endpoint(library, "POST /files: A file from an address.", {
    body: json({ filename: "lobby.jpg", folder_id: 1284331, file_type_id: 12, url: "https://" }),
  }),
  endpoint(library, "POST /files/{id}/move: Puts a file into other folders.", {
    body: json({ folder_ids: ["1284331"] }),
  }),
  endpoint(library, "POST /files/{id}/thumbnail: Another picture for a file.", {
    body: { kind: "file", example: null, schema: null },
  }),
  endpoint(library, "DELETE /files/{id}: Deletes a file."),
  endpoint(library, "GET /file_types: File types and their terms."),
  endpoint("Collections and links", "GET /collections: All collections.", { parameters: [page] }),
  endpoint("Collections and links", "GET /collections/{id}/files: The files in a collection."),
  endpoint("Collections and links", "POST /collections: Makes a collection.", {
    body: json({ name: "Press kit", asset_ids: "88120431, 88120432" }),
  }),
  endpoint("Collections and links", "GET /quick_links: Links to single files."),
  endpoint("Collections and links", "POST /quick_links: Makes a link to a file.", {
    body: json({ purpose: "press", asset_id: 88120431, disposition: "attachment" }),
  }),
  endpoint("Collections and links", "DELETE /quick_links/{id}: Ends a link."),
  endpoint("Webhooks", "GET /webhooks: All webhooks."),
  endpoint("Webhooks", "POST /webhooks: Tells an address of what happens.", {
    body: json({ resource: "file", action: "created", url: "https://" }, webhook),
  }),
  endpoint("Webhooks", "PUT /webhooks/{id}: Pauses a webhook, or lets it go on.", {
    body: json({ state: "paused" }),
  }),
  endpoint("Webhooks", "DELETE /webhooks/{id}: Ends a webhook."),
];

const devices = parameter("subscriber_id", "query", "The account.", { required: true });
const relay: Endpoint[] = [
  endpoint("People and devices", "GET /ibot/relay_identity/: Who the token belongs to."),
  endpoint("People and devices", "GET /relaypro/api/v1/device: All devices.", {
    parameters: [devices],
  }),
  endpoint("People and devices", "GET /relaypro/api/v1/device/{id}: One device."),
  endpoint("Workflows", "GET /ibot/workflow: All workflows.", { parameters: [devices] }),
  endpoint("Workflows", "POST /ibot/workflow/{id}: Starts a workflow on a device.", {
    parameters: [devices, parameter("user_id", "query", "The device.", { required: true })],
    body: json({ action: "invoke", action_args: { room: "204" } }),
  }),
  endpoint("Workflows", "DELETE /ibot/workflow/{id}: Removes a workflow."),
];

const catalogue = (name: string, endpoints: Endpoint[]): Catalogue => ({
  id: "provider",
  name,
  imported: false,
  servers: [],
  endpoints,
});

/** The address that its paths stand below. */
export function baseOf(provider: string): string {
  if (provider === "image-relay") return "https://acme.imagerelay.com/api/v2";
  return provider === "relay"
    ? "https://all-main-pro-ibot.relaysvr.com"
    : "https://api.hillside.example";
}

export function catalogueOf(provider: string): Catalogue {
  if (provider === "image-relay") return catalogue("Image Relay", imageRelay);
  return provider === "relay" ? catalogue("Relay", relay) : catalogue("API", []);
}

/** Of a document that was imported. */
export function importedCatalogue(id: string): Catalogue {
  const pets = [
    endpoint("pet", "GET /pet/findByStatus: Pets that are in one of these states.", {
      parameters: [
        parameter("status", "query", "Its state.", { choices: ["available", "pending", "sold"] }),
      ],
    }),
    endpoint("pet", "POST /pet: Adds a pet to the store.", {
      body: json({ name: "doggie", photoUrls: [] }),
    }),
    endpoint("pet", "DELETE /pet/{petId}: Removes a pet."),
    endpoint("store", "GET /store/inventory: How many pets there are in each state."),
  ];
  const servers = ["https://petstore.example/v3"];
  return { id, name: "Petstore 1.0.27", imported: true, servers, endpoints: pets };
}
