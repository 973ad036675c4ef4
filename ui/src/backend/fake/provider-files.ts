// Provider files of the fake. Its check knows a few lines of TOML; the core's knows all.
import type { Problem, ProviderCheck, ProviderView } from "../../bindings";
import type { Backend } from "../backend";
import { fail, type Desk } from "./desk";
import { secret, login } from "./field";
import { fault } from "./people";

type Commands = Pick<
  Backend,
  | "listProviders"
  | "listSetAside"
  | "readProvider"
  | "checkProvider"
  | "saveProvider"
  | "removeProvider"
  | "removeSetAside"
  | "exportProvider"
>;

const GRANTS = ["authorization_code", "device_code", "request", "paste"];
const closest = (word: string) => GRANTS.find((one) => one.startsWith(word.slice(0, 3))) ?? null;

const textOf = (provider: ProviderView): string =>
  [
    `# ${provider.name}, as it comes with the app.`,
    ...(["id", "name", "summary"] as const).map((key) => `${key} = "${provider[key]}"`),
    `hue = ${String(provider.hue)}`,
    "",
    "[api]",
    `base_url = "https://{host}/${provider.id}"`,
    ...provider.logins.flatMap(({ id, label, summary }) => [
      "",
      "[[login]]",
      `id = "${id}"`,
      `label = "${label}"`,
      `summary = "${summary}"`,
      "[login.grant.paste]",
      'token = "access_token"',
    ]),
    "",
  ].join("\n");

function problemsOf(text: string): Problem[] {
  const problems: Problem[] = [];
  for (const [index, row] of text.split("\n").entries()) {
    const line = index + 1;
    const add = (key: string, message: string, suggestion: string | null = null) =>
      problems.push({ line, key, message, suggestion });
    const hue = /^hue = (\d+)/.exec(row)?.[1];
    if (hue && Number(hue) > 359) add("hue", `${hue} is no angle: it goes from 0 to 359.`);
    const grant = /^\[login\.grant\.(\w+)\]/.exec(row)?.[1];
    if (grant && !GRANTS.includes(grant))
      add(`login.grant.${grant}`, `No grant is called “${grant}”.`, closest(grant));
    if (row.trim() !== "" && !/^\s*(#|\[|[\w"}\])])/.test(row)) add("", "This is not valid TOML.");
  }
  for (const key of ["id", "name"])
    if (!new RegExp(`^${key} = "`, "m").test(text))
      problems.push({ line: 1, key, message: `“${key}” is missing.`, suggestion: null });
  return problems;
}

function check(text: string): ProviderCheck {
  const first = (key: string) => new RegExp(`^${key} = "([^"]*)"`, "m").exec(text)?.[1] ?? null;
  const every = (pattern: RegExp) => [...text.matchAll(pattern)].map((found) => found[1] ?? "");
  return {
    problems: problemsOf(text),
    id: first("id"),
    name: first("name"),
    summary: first("summary"),
    hosts: [...new Set(every(/https:\/\/([^/"]+)/g))],
    logins: every(/\[\[login\]\]\nid = "[^"]*"\nlabel = "([^"]*)"/g),
  };
}

export const providerFiles = (desk: Desk): Commands => ({
  listProviders: async () => desk.providers,
  listSetAside: async () => desk.setAside,
  readProvider: async (id) => desk.texts.get(id) ?? textOf(desk.findProvider(id)),
  checkProvider: async (text, replaces) => {
    const found = check(text);
    const isTaken = found.id !== replaces && desk.providers.some(({ id }) => id === found.id);
    if (isTaken)
      found.problems.push({
        line: text.split("\n").findIndex((row) => row.startsWith("id =")) + 1,
        key: "id",
        message: `There is a provider “${found.id ?? ""}” already.`,
        suggestion: `${found.id ?? ""}-2`,
      });
    return found;
  },
  saveProvider: async ({ text, replaces, file }) => {
    const found = check(text);
    if (found.problems.length > 0) fail(fault("provider_faulty", found.problems[0]?.message ?? ""));
    const saved: ProviderView = {
      id: found.id ?? "",
      name: found.name ?? "",
      summary: found.summary ?? "",
      hue: Number(/^hue = (\d+)/m.exec(text)?.[1] ?? 0),
      docs: null,
      own: true,
      parameters: [],
      logins: found.logins.map((label, at) =>
        login(`way-${String(at)}`, label, "", "paste", [secret("access_token", label)]),
      ),
    };
    desk.texts.set(saved.id, text);
    desk.providers = [...desk.providers.filter(({ id }) => id !== replaces), saved];
    desk.setAside = desk.setAside.filter((one) => one.file !== file);
    desk.emit("providersChanged", null);
    return saved;
  },
  removeProvider: async (id) => {
    const used = desk.people.filter(({ provider }) => provider === id).map(({ label }) => label);
    if (used.length > 0) fail(fault("provider_in_use", used.join(", ")));
    desk.providers = desk.providers.filter((one) => one.id !== id);
    desk.emit("providersChanged", null);
  },
  removeSetAside: async (file) => {
    desk.setAside = desk.setAside.filter((one) => one.file !== file);
    desk.emit("providersChanged", null);
  },
  exportProvider: async (id) => `/home/alice/Downloads/${desk.findProvider(id).id}.toml`,
});
