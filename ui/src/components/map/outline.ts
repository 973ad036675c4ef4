// The outline of the world, from the app itself: no server is asked for a map, so none learns where anybody is.
import { feature } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import { spotOf, type Size, type Spot, type View } from "./view";

type Box = { left: number; top: number; right: number; bottom: number };
/** Corners of a coast or border, x and y in turns. */
type Ring = Box & { corners: Float64Array };
export type Country = Box & { name: string; rings: Ring[] };

/** From this scale on the finer outline is worth its size. */
export const FINE_FROM = 2600;

const files = {
  coarse: () => import("world-atlas/countries-110m.json"),
  fine: () => import("world-atlas/countries-50m.json"),
} as const;
export type Detail = keyof typeof files;
const read = new Map<Detail, Promise<Country[]>>();

/** Read once, when a map first needs it. */
export function outline(detail: Detail): Promise<Country[]> {
  const known = read.get(detail) ?? files[detail]().then((file) => countries(file.default));
  read.set(detail, known);
  return known;
}

function countries(topology: Topology): Country[] {
  const all = feature(
    topology,
    topology.objects["countries"] as GeometryCollection<{ name: string }>,
  );
  return all.features.flatMap(({ geometry, properties }) => {
    const polygons =
      geometry.type === "MultiPolygon"
        ? geometry.coordinates
        : geometry.type === "Polygon"
          ? [geometry.coordinates]
          : [];
    const rings = polygons.flat().flatMap(ringsOf);
    const [largest] = rings.toSorted((one, other) => area(other) - area(one));
    return largest ? [{ ...boxOf(largest), name: properties.name, rings }] : [];
  });
}

const area = ({ left, top, right, bottom }: Box): number => (right - left) * (bottom - top);
const boxOf = ({ left, top, right, bottom }: Box): Box => ({ left, top, right, bottom });

/** The world's width: what lies on both sides of the antimeridian is drawn at both edges. */
const shifted = (ring: Ring, by: 1 | -1): Ring => ({
  ...ring,
  left: ring.left + by,
  right: ring.right + by,
  corners: ring.corners.map((value, at) => (at % 2 === 0 ? value + by : value)),
});

function ringsOf(points: number[][]): Ring[] {
  const ring = ringOf(points);
  if (ring.left < 0) return [ring, shifted(ring, 1)];
  return ring.right > 1 ? [ring, shifted(ring, -1)] : [ring];
}

/** Its corners one after the other, without the leap where it crosses the antimeridian. */
function ringOf(points: number[][]): Ring {
  const spots: Spot[] = [];
  let turns = 0;
  points.forEach(([long = 0, lat = 0], index) => {
    const step = long - (points[index - 1]?.[0] ?? long);
    if (Math.abs(step) > 180) turns -= Math.sign(step);
    const { x, y } = spotOf({ lat, long });
    spots.push({ x: x + turns, y });
  });
  // One that ends where it did not begin goes around a pole: the southern one, as the northern has no land.
  const [first] = spots;
  if (turns !== 0 && first) spots.push({ x: first.x + turns, y: 1 }, { x: first.x, y: 1 });
  const ring = {
    corners: new Float64Array(spots.length * 2),
    left: 1,
    top: 1,
    right: 0,
    bottom: 0,
  };
  spots.forEach(({ x, y }, index) => {
    ring.corners[index * 2] = x;
    ring.corners[index * 2 + 1] = y;
    ring.left = Math.min(ring.left, x);
    ring.right = Math.max(ring.right, x);
    ring.top = Math.min(ring.top, y);
    ring.bottom = Math.max(ring.bottom, y);
  });
  return ring;
}

/** The country that a spot lies in: how often a line from it crosses the borders says so. */
export function countryAt(all: readonly Country[], { x, y }: Spot): string | null {
  const inside = ({ rings }: Country): boolean =>
    rings.reduce((within, { corners, ...box }) => {
      if (x < box.left || x > box.right || y < box.top || y > box.bottom) return within;
      const { length } = corners;
      let odd = within;
      for (let at = 0; at < length; at += 2) {
        const [toX = 0, toY = 0] = corners.subarray(at, at + 2);
        const before = (at + length - 2) % length;
        const [fromX = 0, fromY = 0] = corners.subarray(before, before + 2);
        if (toY > y !== fromY > y && x < toX + ((y - toY) / (fromY - toY)) * (fromX - toX))
          odd = !odd;
      }
      return odd;
    }, false);
  return all.find(inside)?.name ?? null;
}

/** Past the edges, so that what is cut off there is not seen to be. */
const MARGIN = 8;
/** Corners nearer to each other than this are one. */
const NEAR = 0.7;

/** Where a box stands in pixels. */
export function pixelBox(box: Box, view: View, { width, height }: Size): Box {
  const x = (value: number) => (value - view.x) * view.scale + width / 2;
  const y = (value: number) => (value - view.y) * view.scale + height / 2;
  return { left: x(box.left), right: x(box.right), top: y(box.top), bottom: y(box.bottom) };
}

/** What is in view, as one path, cut at its edges: a coast a thousand screens long is no number for a renderer. */
export function pathOf(all: readonly Country[], view: View, size: Size): string {
  const edge = {
    left: -MARGIN,
    top: -MARGIN,
    right: size.width + MARGIN,
    bottom: size.height + MARGIN,
  };
  const parts: string[] = [];
  for (const { rings } of all)
    for (const ring of rings) {
      const box = pixelBox(ring, view, size);
      const apart =
        box.right < edge.left ||
        box.left > edge.right ||
        box.bottom < edge.top ||
        box.top > edge.bottom;
      if (apart || Math.max(box.right - box.left, box.bottom - box.top) < 1) continue;
      const within =
        box.left >= edge.left &&
        box.right <= edge.right &&
        box.top >= edge.top &&
        box.bottom <= edge.bottom;
      const corners = pixels(ring.corners, view, size);
      parts.push(written(within ? corners : cut(corners, edge)));
    }
  return parts.join("");
}

function pixels(corners: Float64Array, view: View, { width, height }: Size): number[] {
  const out: number[] = [];
  let [lastX, lastY] = [Infinity, Infinity];
  for (let at = 0; at < corners.length; at += 2) {
    const x = ((corners[at] ?? 0) - view.x) * view.scale + width / 2;
    const y = ((corners[at + 1] ?? 0) - view.y) * view.scale + height / 2;
    if (Math.abs(x - lastX) < NEAR && Math.abs(y - lastY) < NEAR) continue;
    out.push(x, y);
    [lastX, lastY] = [x, y];
  }
  return out;
}

/** Sutherland and Hodgman: cut at one side after the other. */
function cut(corners: number[], edge: Box): number[] {
  let out = side(corners, 0, edge.left, 1);
  out = side(out, 0, edge.right, -1);
  out = side(out, 1, edge.top, 1);
  return side(out, 1, edge.bottom, -1);
}

/** What of a ring has its coordinate (0: x, 1: y) on that side of a line. */
function side(corners: number[], axis: 0 | 1, line: number, sign: 1 | -1): number[] {
  const out: number[] = [];
  const { length } = corners;
  for (let at = 0; at < length; at += 2) {
    const before = (at + length - 2) % length;
    const [x, y] = [corners[at] ?? 0, corners[at + 1] ?? 0];
    const [fromX, fromY] = [corners[before] ?? 0, corners[before + 1] ?? 0];
    const here = ((axis === 0 ? x : y) - line) * sign;
    const there = ((axis === 0 ? fromX : fromY) - line) * sign;
    if (here >= 0 !== there >= 0) {
      const part = there / (there - here);
      out.push(fromX + (x - fromX) * part, fromY + (y - fromY) * part);
    }
    if (here >= 0) out.push(x, y);
  }
  return out;
}

function written(corners: number[]): string {
  if (corners.length < 6) return "";
  const parts: string[] = [];
  for (let at = 0; at < corners.length; at += 2)
    parts.push(`${(corners[at] ?? 0).toFixed(1)} ${(corners[at + 1] ?? 0).toFixed(1)}`);
  return `M${parts.join("L")}Z`;
}
