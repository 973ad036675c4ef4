// Which views an answer has, and which is shown first.
import type { AnswerShape, SentView } from "../../../bindings";
import type { AnswerView } from "../../../state/answer.svelte";

export function viewsOf(sent: SentView, shape: AnswerShape | null): AnswerView[] {
  const views: AnswerView[] = [];
  if (shape && shape.size > 0) {
    if (sent.kind === "image") views.push("image");
    if (sent.kind === "pdf") views.push("pdf");
    if (shape.json) views.push("tree");
    if (shape.json?.table) views.push("table");
    if (shape.text) views.push("raw");
    views.push("hex");
  }
  return [...views, "headers", "timing"];
}

/** What the person chose for it, else what they chose last, else what shows most. */
export function viewOf(
  views: readonly AnswerView[],
  chosen: AnswerView | null,
  preferred: AnswerView | null,
  shape: AnswerShape | null,
): AnswerView {
  const wanted = [chosen, preferred].find((view) => view !== null && views.includes(view));
  if (wanted) return wanted;
  // Where it is no JSON after all, what came says more than a tree without an end.
  if (shape?.json?.fault && views.includes("raw")) return "raw";
  if (views.includes("table") && shape?.json?.table) return "table";
  return views[0] ?? "headers";
}

/** More pages come to what is there. */
export const isPaging = ({ state, pages }: SentView): boolean =>
  state === "receiving" && pages !== null;
