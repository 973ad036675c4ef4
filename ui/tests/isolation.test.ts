import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import source from "../isolation/isolation.js?raw";

type Hook = (message: unknown) => unknown;
const frame: { __TAURI_ISOLATION_HOOK__?: Hook } = {};
runInNewContext(source, { window: frame });
const hook: Hook = (message) => frame.__TAURI_ISOLATION_HOOK__?.(message);
const message = (more: object) => ({ cmd: "list_connections", callback: 1, error: 2, ...more });

describe("the isolation hook", () => {
  it.each(["list_connections", "plugin:event|listen", "plugin:__TAURI_CHANNEL__|fetch"])(
    "passes %s",
    (cmd) => {
      const given = message({ cmd, payload: { a: 1 } });
      expect(hook(given)).toBe(given);
    },
  );

  it.each([
    null,
    [],
    "list_connections",
    message({ cmd: 7 }),
    message({ cmd: "list connections" }),
    message({ cmd: "../etc" }),
    message({ cmd: "plugin:Shell|execute" }),
    message({ callback: "alert" }),
    message({ error: -1 }),
    message({ payload: "text" }),
    message({ payload: [1] }),
    message({ payload: { long: "x".repeat(4 * 1024 * 1024) } }),
  ])("refuses another shape (%#)", (given) => {
    expect(() => hook(given)).toThrow();
  });
});
