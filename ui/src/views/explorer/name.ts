import type { OpenRequest } from "../../state/open-request.svelte";
import { requestWords } from "../../words/explorer";

/** What a request is called: its name, else its path. */
export function nameOf({ name, request }: OpenRequest): string {
  const path = request.url.replace(/^[a-z][a-z0-9+.-]*:\/\//i, "");
  return name ?? (path === "" ? requestWords.untitled : path);
}
