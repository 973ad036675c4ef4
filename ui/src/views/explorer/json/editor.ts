// CodeMirror as this app wants it: JSON, our colours, and the keys of the window left alone.
import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import {
  bracketMatching,
  HighlightStyle,
  indentOnInput,
  syntaxHighlighting,
} from "@codemirror/language";
import { linter } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { drawSelection, EditorView, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { completer } from "./completion";
import { faultOf } from "./text";

const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: "var(--info)" },
  { tag: tags.string, color: "var(--fresh)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--brass)" },
  { tag: tags.punctuation, color: "var(--ink-2)" },
]);

type Options = {
  parent: HTMLElement;
  text: string;
  label: string;
  schema: string | null;
  onchange: (text: string) => void;
};

export function editorIn({ parent, text, label, schema, onchange }: Options): EditorView {
  const wrong = linter(
    ({ state }) => {
      const fault = faultOf(state.doc.toString());
      if (!fault) return [];
      const at = Math.min(fault.at, state.doc.length);
      return [{ from: Math.max(0, at - 1), to: at, severity: "error", message: "" }];
    },
    { tooltipFilter: () => [] },
  );
  return new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      extensions: [
        lineNumbers(),
        history(),
        drawSelection(),
        indentOnInput(),
        bracketMatching(),
        closeBrackets(),
        autocompletion({ override: [completer(schema)], icons: false }),
        json(),
        syntaxHighlighting(colours),
        wrong,
        EditorView.lineWrapping,
        // Tab goes on to the next field, as everywhere.
        keymap.of([
          ...closeBracketsKeymap,
          ...defaultKeymap,
          ...historyKeymap,
          ...completionKeymap,
        ]),
        EditorView.contentAttributes.of({ "aria-label": label, spellcheck: "false" }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) onchange(update.state.doc.toString());
        }),
      ],
    }),
  });
}

/** Another text, which the person did not type here. */
export function setText(view: EditorView, text: string): void {
  const now = view.state.doc.toString();
  if (now !== text) view.dispatch({ changes: { from: 0, to: now.length, insert: text } });
}
