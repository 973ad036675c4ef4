import { describe, expect, it } from "vitest";
import { Scale } from "../src/components/scaled";
import { PAGE, Windows } from "../src/state/windows.svelte";

type Asked = { from: number; answer: (rows: string[]) => void };

/** Rows whose answers the test gives. */
function made() {
  const asked: Asked[] = [];
  const windows = new Windows<string>(
    (from) => new Promise((answer) => asked.push({ from, answer })),
  );
  const settle = () => new Promise<void>((resolve) => setTimeout(resolve));
  const give = async (mark = "") => {
    const next = asked.shift();
    next?.answer(Array.from({ length: PAGE }, (_, at) => `${mark}${String(next.from + at)}`));
    await settle();
    return next?.from;
  };
  return { windows, asked, give, settle };
}
async function ready(total: number) {
  const { windows, ...rest } = made();
  await windows.turn(total);
  return { windows, ...rest };
}

describe("rows read by windows", () => {
  it("are read by pages where they are looked at, and nowhere else", async () => {
    const { windows, asked, give } = await ready(1_000_000);
    expect(asked).toEqual([]);
    windows.want(500_010, 500_040);
    expect(await give()).toBe(500_000);
    expect(windows.at(500_020)).toBe("500020");
    expect(windows.at(0)).toBeUndefined();
    expect(asked).toEqual([]);
  });

  it("are asked for one page at a time, and then for where one is, not for where one was", async () => {
    const { windows, asked, give } = await ready(1_000_000);
    for (let row = 0; row < 100_000; row += 1000) windows.want(row, row + 30);
    expect(asked.map(({ from }) => from)).toEqual([0]);
    await give();
    expect(await give()).toBe(99_000);
    expect(asked).toEqual([]);
  });

  it("are forgotten far from where one is, so that few are held", async () => {
    const { windows, give } = await ready(1_000_000);
    for (let page = 0; page < 60; page += 1) {
      windows.want(page * PAGE, page * PAGE + 30);
      await give();
    }
    expect(windows.held).toBeLessThanOrEqual(12 * PAGE);
    expect(windows.at(0)).toBeUndefined();
    expect(windows.at(59 * PAGE)).toBe(String(59 * PAGE));
  });

  it("are never shown for newer ones, and newer never among them", async () => {
    const { windows, give } = await ready(1000);
    windows.want(0, 30);
    await give("old ");
    windows.want(300, 330);
    const turned = windows.turn(900);
    // What was under way is dropped; until the new ones are there the old stay, whole.
    await give("late ");
    expect(windows.at(310)).toBeUndefined();
    expect(windows.at(10)).toBe("old 10");
    await give("new ");
    await turned;
    expect(windows.at(310)).toBe("new 310");
    expect(windows.at(10)).toBeUndefined();
    expect(windows.total).toBe(900);
  });

  it("are none of them held once nobody looks", async () => {
    const { windows, give } = await ready(1000);
    windows.want(0, 30);
    await give();
    windows.leave();
    expect(windows.held).toBe(0);
  });

  it("say why they could not be read", async () => {
    const windows = new Windows<string>(() => Promise.reject(new Error("gone")));
    await windows.turn(10);
    windows.want(0, 5);
    await new Promise((resolve) => setTimeout(resolve));
    expect(windows.error?.message).toBe("gone");
  });
});

describe("a list longer than an engine draws", () => {
  it("is drawn as it is where it is short", () => {
    const scale = new Scale(1000, 24, 600);
    expect(scale.isScaled).toBe(false);
    expect([scale.drawn, scale.end, scale.position(1234)]).toEqual([24_000, 23_400, 1234]);
  });

  it("is drawn no higher than every engine can, and both its ends are reached", () => {
    const scale = new Scale(50_000_000, 24, 600);
    expect(scale.drawn).toBeLessThan(17_000_000);
    expect(scale.position(0)).toBe(0);
    expect(scale.position(scale.drawn - 600)).toBe(50_000_000 * 24 - 600);
    expect(scale.scrolled(scale.end)).toBe(scale.drawn - 600);
  });

  it("has for each place one on the scrollbar, and back", () => {
    const scale = new Scale(8_000_000, 30, 500);
    for (const row of [0, 1, 4_000_000, 7_999_000]) {
      const position = row * 30;
      expect(scale.position(scale.scrolled(position))).toBeCloseTo(position, 3);
    }
  });
});
