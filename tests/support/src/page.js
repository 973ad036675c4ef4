// Finds one visible element by role and accessible name: what a person sees or a screen reader says, never a class.
// Gives back { element } or { problem, names: what else of this role is there }.
const { roles, name, within, nth } = arguments[0];

const words = (text) => (text ?? "").replace(/\s+/g, " ").trim();

const inputRoles = {
  button: "button", submit: "button", reset: "button", image: "button", checkbox: "checkbox", radio: "radio",
  range: "slider", number: "spinbutton", search: "searchbox", hidden: null,
};
const tagRoles = {
  BUTTON: "button", SUMMARY: "button", TEXTAREA: "textbox", OPTION: "option", DIALOG: "dialog", TR: "row",
  OUTPUT: "status", FIELDSET: "group", NAV: "navigation", MAIN: "main",
  H1: "heading", H2: "heading", H3: "heading", H4: "heading", H5: "heading", H6: "heading",
};

function roleOf(element) {
  const given = element.getAttribute("role");
  if (given) return given.split(" ")[0];
  if (element.tagName === "INPUT") {
    if (element.list) return "combobox";
    return element.type in inputRoles ? inputRoles[element.type] : "textbox";
  }
  if (element.tagName === "A") return element.hasAttribute("href") ? "link" : null;
  if (element.tagName === "SELECT") return element.multiple || element.size > 1 ? "listbox" : "combobox";
  if (element.isContentEditable && !element.parentElement?.isContentEditable) return "textbox";
  return tagRoles[element.tagName] ?? null;
}

function visible(element) {
  if (element.closest("[inert], [aria-hidden=true]")) return false;
  if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: false })) return false;
  const box = element.getBoundingClientRect();
  if (box.width > 0 && box.height > 0) return true;
  return getComputedStyle(element).display === "contents";
}

function contentOf(node) {
  if (node.nodeType === Node.TEXT_NODE) return node.data;
  if (node.nodeType !== Node.ELEMENT_NODE || node.getAttribute("aria-hidden") === "true") return "";
  const style = getComputedStyle(node);
  if (style.display === "none" || style.visibility === "hidden") return "";
  const label = node.getAttribute("aria-label");
  const text = label ? label : node.tagName === "IMG" ? node.alt : [...node.childNodes].map(contentOf).join("");
  return style.display === "inline" ? text : ` ${text} `;
}

function referred(element) {
  const ids = words(element.getAttribute("aria-labelledby"));
  const parts = ids ? ids.split(" ").map((id) => document.getElementById(id)) : [];
  return parts.filter(Boolean).map((part) => words(part.getAttribute("aria-label") || part.textContent)).join(" ");
}

// A wrapping label's text without the control's own (the choices of a list).
function labelText(label, control) {
  return words([...label.childNodes].filter((node) => !node.contains(control) || node === control || node.childNodes.length > 1)
    .map((node) => (node === control ? "" : node.contains(control) ? labelText(node, control) : contentOf(node))).join(" "));
}

function native(element) {
  if (element.labels?.length) return [...element.labels].map((label) => labelText(label, element)).join(" ");
  if (element.tagName === "INPUT" && ["submit", "button", "reset"].includes(element.type)) return element.value;
  const caption = { FIELDSET: "legend", TABLE: "caption" }[element.tagName];
  return caption ? element.querySelector(`:scope > ${caption}`)?.textContent : "";
}

const fromContent = ["button", "link", "heading", "tab", "option", "menuitem", "menuitemcheckbox", "menuitemradio",
  "row", "checkbox", "radio", "switch", "status", "alert", "log"];

function nameOf(element, role) {
  return words(referred(element)) || words(element.getAttribute("aria-label")) || words(native(element))
    || (fromContent.includes(role) ? words(contentOf(element)) : "")
    || words(element.getAttribute("title")) || words(element.getAttribute("placeholder"));
}

// What lies behind an open modal dialog is out of reach; lists and menus open outside the dialog they belong to.
function scope() {
  if (within) return document.querySelector(within);
  if (roles.some((role) => ["option", "menuitem", "dialog", "status"].includes(role))) return document;
  const modal = "dialog:modal, [role=dialog][aria-modal=true], [role=alertdialog][aria-modal=true]";
  return [...document.querySelectorAll(modal)].filter(visible).at(-1) ?? document;
}

const wanted = words(name).toLowerCase();
const tiers = wanted === "" ? [() => true] : [(own) => own === wanted, (own) => own.startsWith(wanted), (own) => own.includes(wanted)];
const place = scope();
const all = place ? [...place.querySelectorAll("*")]
  .map((element) => ({ element, role: roleOf(element) }))
  .filter(({ element, role }) => roles.includes(role) && visible(element))
  .map(({ element, role }) => ({ element, role, own: nameOf(element, role) })) : [];

const names = [...new Set(all.map(({ role, own }) => `${role} "${own}"`))].slice(0, 40);
if (!place) return { problem: `nothing matches ${within}`, names };
for (const matches of tiers) {
  let found = all.filter(({ own }) => matches(own.toLowerCase()));
  // A group, or an open list, named like its control is not another candidate.
  const controls = found.filter(({ role }) => !["group", "radiogroup", "listbox"].includes(role));
  if (controls.length) found = controls;
  const index = nth ?? 0;
  const one = nth !== null || wanted === "" ? found[index] : found.length === 1 && found[0];
  if (one) {
    const { element } = one;
    const disabled = element.matches(":disabled") || element.getAttribute("aria-disabled") === "true";
    const { x, y } = element.getBoundingClientRect();
    return { element, disabled, tag: element.tagName, at: [Math.round(x), Math.round(y)] };
  }
  if (found.length > 1) return { problem: `${found.length} are called so`, names };
}
return { problem: "there is none", names };
