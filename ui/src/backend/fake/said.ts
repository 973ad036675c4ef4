// What is answered to a request of the explorer, by a word in its path.
import type { ErrorView, SentView } from "../../bindings";
import { broken, bytes, files, held, odd, pdf, type Body } from "./bodies";
import { fault } from "./people";
import { refusalOf } from "./refusal";

type Said = { body: Body; more: Partial<SentView> };

export const PAGE_ROWS = 100;
export const NOTHING = bytes(0);

const refused = (status: number, error: ErrorView): Partial<SentView> => ({
  status,
  error,
  refusal: status === 403 ? refusalOf(status) : null,
});

export function said(url: string): Said {
  const path = url.replace(/^https?:\/\/[^/]+/, "");
  const has = (word: string): boolean => path.includes(word);
  const json = { media_type: "application/json", kind: "json" as const };
  if (has("away"))
    return {
      body: NOTHING,
      more: { status: null, state: "failed", error: fault("unreachable", "api.example") },
    };
  if (has("forbidden"))
    return {
      body: held('{"message":"insufficient scope"}'),
      more: { ...json, ...refused(403, fault("no_permission", "", { status: 403 })) },
    };
  if (has("big")) return { body: files(100_000), more: json };
  if (has("huge")) return { body: files(8_000_000), more: json };
  if (has("broken")) return { body: broken(), more: json };
  if (has("image"))
    return { body: bytes(48_213), more: { media_type: "image/jpeg", kind: "image" } };
  if (has("bytes"))
    return { body: bytes(1_000_000), more: { media_type: "application/zip", kind: "binary" } };
  if (has("pdf")) return { body: pdf(), more: { media_type: "application/pdf", kind: "pdf" } };
  if (has("empty")) return { body: NOTHING, more: { status: 204, kind: "empty", media_type: "" } };
  if (has("files"))
    return {
      body: files(PAGE_ROWS),
      more: { ...json, pages: { loaded: 1, rows: PAGE_ROWS, of: 9, more: true } },
    };
  if (has("moved"))
    return {
      body: odd(),
      more: {
        ...json,
        hops: [
          {
            method: "GET",
            url: "https://api.example/v1/moved",
            status: 301,
            location: "/v2/moved",
            removed: [],
          },
          {
            method: "GET",
            url: "https://api.example/v2/moved",
            status: 302,
            location: "https://files.elsewhere.example/moved?sig=•••",
            removed: [{ kind: "access_token" }, { kind: "header", name: "x-tenant" }],
          },
        ],
      },
    };
  return { body: odd(), more: json };
}
