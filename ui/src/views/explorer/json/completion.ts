// Names and values that the endpoint's schema has for the place of the caret.
import { syntaxTree } from "@codemirror/language";
import type { CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import type { EditorState } from "@codemirror/state";
import { ITEM, namesAt, parseSchema, valuesAt, type Step } from "./schema";

type Node = ReturnType<ReturnType<typeof syntaxTree>["resolveInner"]>;
type Place = { kind: "name" | "value"; path: Step[]; from: number; to: number; used: string[] };

const VALUES = ["String", "Number", "True", "False", "Null"];

export function completer(schema: string | null) {
  const root = parseSchema(schema);
  return (context: CompletionContext): CompletionResult | null => {
    if (root === null) return null;
    const place = placeAt(context.state, context.pos);
    if (!place || (!context.explicit && place.from === place.to)) return null;
    const { kind, path, from, to, used } = place;
    if (kind === "value") {
      const options = valuesAt(root, path).map(({ text }) => ({ label: text, type: "constant" }));
      return { from, to, options };
    }
    const colon = /^\s*:/.test(context.state.sliceDoc(to, to + 50)) ? "" : ": ";
    const names = namesAt(root, path).filter(({ text }) => !used.includes(text));
    const options = names.map(({ text, about, needed }) => ({
      label: JSON.stringify(text),
      detail: about,
      type: "property",
      apply: JSON.stringify(text) + colon,
      boost: needed ? 1 : 0,
    }));
    return { from, to, options };
  };
}

export function placeAt(state: EditorState, pos: number): Place | null {
  const node = syntaxTree(state).resolveInner(pos, -1);
  const name = within(node, "PropertyName");
  if (name) {
    const object = within(name, "Object");
    return object && nameIn(state, object, name.from, name.to);
  }
  const value = VALUES.includes(node.name) ? node : null;
  const [from, to] = value ? [value.from, value.to] : [pos, pos];
  const before = state.sliceDoc(0, from).trimEnd().at(-1) ?? "";
  const holder = holderOf(node);
  if (!holder) return null;
  if (holder.name === "Object" && (before === "{" || before === ","))
    return nameIn(state, holder, from, to);
  if (holder.name === "Array")
    return { kind: "value", path: [...pathOf(state, holder), ITEM], from, to, used: [] };
  const property = before === ":" ? propertyBefore(node, from) : null;
  if (!property) return null;
  return {
    kind: "value",
    path: [...pathOf(state, property), keyOf(state, property)],
    from,
    to,
    used: [],
  };
}

function nameIn(state: EditorState, object: Node, from: number, to: number): Place {
  const used = object
    .getChildren("Property")
    .filter((one) => one.from !== from)
    .map((one) => keyOf(state, one));
  return { kind: "name", path: pathOf(state, object), from, to, used };
}

function within(node: Node | null, name: string): Node | null {
  for (let one = node; one; one = one.parent) {
    if (one.name === name) return one;
    if (name === "PropertyName" && one.name !== "⚠") return null;
  }
  return null;
}

const holderOf = (node: Node): Node | null => {
  for (let one: Node | null = node; one; one = one.parent)
    if (one.name === "Object" || one.name === "Array") return one;
  return null;
};

/** The member whose value is typed there. */
function propertyBefore(node: Node, pos: number): Node | null {
  for (let one: Node | null = node; one; one = one.parent) {
    if (one.name === "Property") return one;
    const last = one.getChildren("Property").findLast(({ from }) => from < pos);
    if (last) return last;
  }
  return null;
}

/** From the top to this node. */
function pathOf(state: EditorState, node: Node): Step[] {
  const steps: Step[] = [];
  for (let one: Node | null = node; one?.parent; one = one.parent) {
    if (one.parent.name === "Property") steps.unshift(keyOf(state, one.parent));
    else if (one.parent.name === "Array") steps.unshift(ITEM);
  }
  return steps;
}

function keyOf(state: EditorState, property: Node): string {
  const name = property.getChild("PropertyName");
  const text = name ? state.sliceDoc(name.from, name.to) : "";
  try {
    return String(JSON.parse(text));
  } catch {
    return text;
  }
}
