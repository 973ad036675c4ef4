import { describe, expect, it } from "vitest";
import { marks, names } from "../src/components/map/marks";
import { countryAt, outline, pathOf } from "../src/components/map/outline";
import {
  fitted,
  kept,
  panned,
  scaleBar,
  spotOf,
  toPixel,
  zoomed,
} from "../src/components/map/view";
import { coordinatesOf, lengthOf } from "../src/words/map";

const size = { width: 600, height: 400 };
const raleigh = { lat: 35.7796, long: -78.6382 };
const berlin = { lat: 52.52, long: 13.405 };

describe("the view of the map", () => {
  it("shows all places at once, and a lone one with what is around it", () => {
    const both = fitted([raleigh, berlin].map(spotOf), size);
    for (const place of [raleigh, berlin]) {
      const { x, y } = toPixel(spotOf(place), both, size);
      expect(x).toBeGreaterThan(0);
      expect(x).toBeLessThan(size.width);
      expect(y).toBeGreaterThan(0);
      expect(y).toBeLessThan(size.height);
    }
    const lone = fitted([spotOf(raleigh)], size);
    expect(scaleBar(lone, 600).metres).toBeGreaterThan(500_000);
  });

  it("zooms with the pixel under the pointer staying where it is, and never past the world", () => {
    const view = fitted([spotOf(raleigh)], size);
    const before = toPixel(spotOf(raleigh), view, size);
    const closer = zoomed(view, 3, size, before);
    expect(toPixel(spotOf(raleigh), closer, size).x).toBeCloseTo(before.x, 6);
    expect(toPixel(spotOf(raleigh), closer, size).y).toBeCloseTo(before.y, 6);
    expect(zoomed(view, 1e-9, size).scale).toBe(600);
    expect(zoomed(view, 1e9, size).scale).toBe(2 ** 27);
    expect(kept(panned(view, 1e9, 1e9, size), size)).toEqual(panned(view, 1e9, 1e9, size));
  });

  it("says a length in round numbers", () => {
    expect(scaleBar(fitted([spotOf(raleigh)], size), 120).metres).toBe(200_000);
    expect([lengthOf(12), lengthOf(1500), lengthOf(200_000)]).toEqual(["12 m", "1.5 km", "200 km"]);
    expect(coordinatesOf({ lat: 35.77960001, long: -78.6382 })).toBe("35.7796, -78.6382");
  });
});

describe("the outline of the world", () => {
  it("knows in which country a place is, in both details", async () => {
    for (const detail of ["coarse", "fine"] as const) {
      const all = await outline(detail);
      expect(countryAt(all, spotOf(raleigh))).toBe("United States of America");
      expect(countryAt(all, spotOf(berlin))).toBe("Germany");
      expect(countryAt(all, spotOf({ lat: 66.6, long: -177 }))).toBe("Russia");
      expect(countryAt(all, spotOf({ lat: 0, long: -30 }))).toBeNull();
    }
  });

  it("is cut at the edges of what is seen, however close one looks", async () => {
    const all = await outline("fine");
    for (const scale of [600, 1e4, 1e6, 2 ** 27]) {
      const view = kept({ ...spotOf({ lat: 52.1, long: 1.6 }), scale }, size);
      const numbers =
        pathOf(all, view, size)
          .match(/-?\d+\.\d/g)
          ?.map(Number) ?? [];
      expect(Math.max(...numbers.map(Math.abs))).toBeLessThanOrEqual(size.width + 8);
    }
  });

  it("has no line across the world where a country crosses the antimeridian", async () => {
    const view = kept({ x: 0.5, y: 0.42, scale: 0 }, size);
    for (const ring of pathOf(await outline("coarse"), view, size).split("Z")) {
      const points = ring
        .replace("M", "")
        .split("L")
        .map((one) => one.split(" ").map(Number));
      const long = points.filter(([x = 0, y = 0], at) => {
        const [toX = x, toY = y] = points[at + 1] ?? [x, y];
        return Math.abs(toX - x) > 500 && y < 350 && toY < 350;
      });
      expect(long).toEqual([]);
    }
  });
});

describe("marks", () => {
  it("are one where places are too near to each other, and come apart when looked at closely", () => {
    const near = [raleigh, { lat: 35.78, long: -78.64 }, berlin].map(spotOf);
    const far = marks(near, fitted(near, size), size);
    expect(far.map(({ places }) => places.length).sort()).toEqual([1, 2]);
    const close = marks(near, { ...spotOf(raleigh), scale: 2 ** 24 }, size);
    expect(close).toHaveLength(2);
  });

  it("lose no place of two thousand, and cover no other mark", () => {
    const spots = Array.from({ length: 2000 }, (_, at) =>
      spotOf({ lat: 30 + ((at * 37) % 300) / 10, long: -100 + ((at * 91) % 1500) / 10 }),
    );
    const found = marks(spots, fitted(spots, size), size);
    expect(found.flatMap(({ places }) => places).sort((one, other) => one - other)).toEqual(
      spots.map((_, at) => at),
    );
    const text = () => ({ words: "Room 101", gap: 4 });
    expect(names(found, text, size).length).toBeLessThan(found.length);
  });
});
