// What a JSON Schema says about one place of a value: which names, which values. Only what helps typing; it refuses nothing.
type Schema = Record<string, unknown>;
export type Suggestion = { text: string; about: string; needed: boolean };

/** The step into any item of a list. */
export const ITEM = Symbol("item");
export type Step = string | typeof ITEM;

const DEEPEST = 16;
const isSchema = (value: unknown): value is Schema =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

export function parseSchema(text: string | null): Schema | null {
  if (text === null) return null;
  try {
    const read: unknown = JSON.parse(text);
    return isSchema(read) ? read : null;
  } catch {
    return null;
  }
}

/** The names an object there may have. */
export function namesAt(root: Schema, path: readonly Step[]): Suggestion[] {
  const found = new Map<string, Suggestion>();
  for (const schema of schemasAt(root, path)) {
    const needed = new Set(listOf(schema["required"]));
    for (const [name, member] of Object.entries(membersOf(schema)))
      if (!found.has(name))
        found.set(name, { text: name, about: aboutOf(root, member), needed: needed.has(name) });
  }
  return [...found.values()].sort((one, other) => Number(other.needed) - Number(one.needed));
}

/** The values that stand in the schema itself, as JSON. */
export function valuesAt(root: Schema, path: readonly Step[]): Suggestion[] {
  const values = schemasAt(root, path).flatMap((schema) => {
    if ("const" in schema) return [schema["const"]];
    const named = listOf(schema["enum"]);
    if (named.length > 0) return named;
    if (schema["type"] === "boolean") return [true, false];
    const given = [schema["default"], schema["example"], ...listOf(schema["examples"])];
    return given.filter((value) => value !== undefined);
  });
  const texts = [...new Set(values.map((value) => JSON.stringify(value)))];
  return texts.map((text) => ({ text, about: "", needed: false }));
}

function schemasAt(root: Schema, path: readonly Step[]): Schema[] {
  let here = expanded(root, root);
  for (const step of path) {
    const below = here.map((schema) =>
      step === ITEM ? schema["items"] : (membersOf(schema)[step] ?? schema["additionalProperties"]),
    );
    here = below.flatMap((schema) => expanded(root, schema));
  }
  return here;
}

const membersOf = (schema: Schema): Schema =>
  isSchema(schema["properties"]) ? schema["properties"] : {};

/** Itself, and all that it is made of. */
function expanded(root: Schema, schema: unknown, depth = 0): Schema[] {
  if (!isSchema(schema) || depth > DEEPEST) return [];
  const parts = ["allOf", "anyOf", "oneOf"].flatMap((key) => listOf(schema[key]));
  const named = typeof schema["$ref"] === "string" ? [pointed(root, schema["$ref"])] : [];
  return [schema, ...[...named, ...parts].flatMap((part) => expanded(root, part, depth + 1))];
}

/** Of this document only: `#/a/b` (RFC 6901). */
function pointed(root: Schema, reference: string): unknown {
  if (!reference.startsWith("#/")) return undefined;
  let found: unknown = root;
  for (const raw of reference.slice(2).split("/")) {
    const step = raw.replaceAll("~1", "/").replaceAll("~0", "~");
    found = isSchema(found) && Object.hasOwn(found, step) ? found[step] : undefined;
  }
  return found;
}

function aboutOf(root: Schema, member: unknown): string {
  const [first = {}, ...rest] = expanded(root, member);
  const told = [first, ...rest].find(({ description }) => typeof description === "string");
  const text = told?.["description"] ?? first["title"] ?? first["type"];
  return typeof text === "string" ? text : "";
}
