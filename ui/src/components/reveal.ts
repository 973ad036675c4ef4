import { tick } from "svelte";

/** What is wrong is looked at: the first field with a mistake gets the focus, else what failed is brought into view. */
export async function revealProblem(form: HTMLElement | undefined): Promise<void> {
  await tick();
  const field = form?.querySelector<HTMLElement>('[aria-invalid="true"]');
  if (field) field.focus();
  else form?.querySelector('[role="alert"]')?.scrollIntoView({ block: "nearest" });
}
