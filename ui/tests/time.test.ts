import { describe, expect, it } from "vitest";
import { countdown, day, duration, instant, relative, span } from "../src/words/time";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const noon = new Date(2026, 10, 22, 12, 0, 0).getTime();

describe("a span", () => {
  it.each([
    [0, "0 s"],
    [42 * SECOND, "42 s"],
    [9 * MINUTE + 59 * SECOND, "9 m"],
    [HOUR + 42 * MINUTE, "1 h 42 m"],
    [2 * HOUR, "2 h"],
    [76 * HOUR, "3 d 4 h"],
    [-5 * MINUTE, "0 s"],
  ])("of %i ms reads %s", (ms, words) => expect(span(ms)).toBe(words));
});

describe("a countdown", () => {
  it.each([
    [4 * MINUTE + 12 * SECOND, "4:12"],
    [5 * MINUTE + 999, "5:00"],
    [9 * SECOND, "0:09"],
    [-SECOND, "0:00"],
  ])("of %i ms reads %s", (ms, words) => expect(countdown(ms)).toBe(words));
});

describe("a time seen from now", () => {
  it.each([
    [0, "now"],
    [9 * MINUTE + 30 * SECOND, "in 9 minutes 30 seconds"],
    [MINUTE, "in 1 minute"],
    [-51 * MINUTE, "51 minutes ago"],
    [HOUR + 41 * MINUTE, "in 1 hour 41 minutes"],
    [-HOUR, "1 hour ago"],
    [-50 * HOUR, "2 days 2 hours ago"],
    [800 * 24 * HOUR, "in 2 years"],
  ])("%i ms away reads %s", (ms, words) => expect(relative(noon + ms, noon)).toBe(words));
});

describe("a day", () => {
  it("is today until midnight and yesterday after it", () => {
    const late = new Date(2026, 10, 22, 23, 59).getTime();
    expect(day(late, noon)).toBe("Today");
    expect(day(late, late + 2 * MINUTE)).toBe("Yesterday");
    expect(day(new Date(2024, 0, 5).getTime(), noon)).toBe("5 Jan 2024");
  });
});

it("an instant that is no date is shown as it came", () => {
  expect(instant("soon", noon)).toBe("soon");
});

it("an instant says its day, its time and how far it is", () => {
  const at = new Date(noon + 20 * MINUTE).toISOString();
  expect(instant(at, noon)).toBe("Today 12:20:00, in 20 minutes");
});

it("a duration changes to seconds where milliseconds become long", () => {
  expect([duration(212.4), duration(1020)]).toEqual(["212 ms", "1.02 s"]);
});
