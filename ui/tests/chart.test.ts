import { describe, expect, it } from "vitest";
import { counted, spanLabel, ticks } from "../src/components/chart";

const at = (text: string): number => new Date(text).getTime();

describe("a chart of events over time", () => {
  it("counts every event that has a time, by kind, in spans of this place's clock", () => {
    const events = [
      { at: at("2026-11-21T08:10:00"), by: "towels" },
      { at: at("2026-11-21T08:50:00"), by: "drill" },
      { at: at("2026-11-21T19:05:00"), by: "towels" },
      { at: null, by: "towels" },
    ];
    const { kinds, spans, step, highest } = counted(events, "Other");
    expect(kinds).toEqual(["towels", "drill"]);
    expect(spans.reduce((sum, { all }) => sum + all, 0)).toBe(3);
    expect(step).toBe(3_600_000);
    expect(highest).toBe(2);
    expect(spans[0]?.counts).toEqual([1, 1]);
    expect(spanLabel(spans[0] ?? { from: 0, to: 0 }, step)).toBe("21 Nov 08:00 to 09:00");
  });

  it("gives the five most frequent kinds a colour each, and the rest one", () => {
    const events = Array.from({ length: 90 }, (_, one) => ({
      at: at("2026-11-21T08:00:00") + one * 60_000,
      by: `kind ${String(one % (one % 2 === 0 ? 9 : 3))}`,
    }));
    const { kinds, spans } = counted(events, "Other");
    expect(kinds).toHaveLength(6);
    expect(kinds.at(-1)).toBe("Other");
    expect(spans.reduce((sum, { all }) => sum + all, 0)).toBe(90);
  });

  it("has no more bars than can be told apart, over an hour as over ten years", () => {
    for (const days of [0.04, 1, 20, 400, 3650]) {
      const events = [0, 0.3, 1].map((part) => ({
        at: at("2016-11-21T08:00:00") + part * days * 86_400_000,
        by: "one",
      }));
      expect(counted(events, "Other").spans.length).toBeLessThanOrEqual(44);
    }
  });

  it("has round numbers at its axis", () => {
    expect(ticks(52)).toEqual([0, 20, 40, 60]);
    expect(ticks(1)).toEqual([0, 1]);
  });
});
