// Why the pretended APIs refuse.
import type { Refusal } from "../../bindings";

export const refusalOf = (status: number): Refusal => ({
  status,
  reasons: [
    { kind: "missing_scope", missing: ["workflow_write"] },
    {
      kind: "server_says",
      error: "insufficient_scope",
      description: "The token lacks workflow_write",
    },
  ],
  challenges: [
    {
      scheme: "Bearer",
      parameters: [
        { name: "realm", value: "ibot" },
        { name: "error", value: "insufficient_scope" },
        { name: "error_description", value: "The token lacks workflow_write" },
        { name: "scope", value: "trigger workflow_write" },
      ],
    },
  ],
  granted: ["openid", "profile", "offline_access", "trigger", "device_read", "workflow_read"],
});
