// Fields as a provider file gives them, said shortly.
import type { Choice, FieldView, LoginMethodView } from "../../bindings";
import { plainField as field } from "../../components/form";

export { field };

export const secret = (id: string, label: string, more: Partial<FieldView> = {}): FieldView =>
  field(id, label, { kind: "secret", keep: "always", ...more });

export const choice = (value: string, label: string, detail: string | null = null): Choice => ({
  value,
  label,
  detail,
});

export function login(
  id: string,
  label: string,
  summary: string,
  grant: LoginMethodView["grant"],
  fields: FieldView[] = [],
  warning: string | null = null,
): LoginMethodView {
  return { id, label, summary, warning, grant, fields };
}

export const redirectUri = (initial: string, hint: string): FieldView =>
  field("redirect_uri", "Redirect URI", { initial, hint, note: "as registered" });
