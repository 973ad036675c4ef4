// Web Mercator: the world as a square of side 1, and the part of it that is looked at.
import { instant } from "../../words/time";

export type Place = {
  lat: number;
  long: number;
  label: string;
  /** When it was there. */
  at?: number | null;
  /** A second line, in place of that. */
  detail?: string | null;
  /** Within so many metres. */
  accuracy?: number | null;
  /** Where it goes, in degrees from north. */
  heading?: number | null;
};
/** The second line of a place. */
export const detailOf = ({ at, detail }: Place, now: number): string =>
  detail ?? (typeof at === "number" ? instant(new Date(at).toISOString(), now) : "");
export type Spot = { x: number; y: number };
/** The centre, and how many pixels the world is wide. */
export type View = Spot & { scale: number };
export type Size = { width: number; height: number };

const EQUATOR = 40_075_016.686;
const HIGHEST = 85.0511;
/** About 30 cm a pixel. */
const CLOSEST = 2 ** 27;
/** A lone place is shown with enough around it to know where in the world it is. */
const LONE = 9000;
/** What lies within so much of the world is one place to look at. */
const TINY = 200 / EQUATOR;

const between = (least: number, value: number, most: number): number =>
  Math.min(Math.max(value, least), most);

export function spotOf({ lat, long }: { lat: number; long: number }): Spot {
  const sine = Math.sin((between(-HIGHEST, lat, HIGHEST) * Math.PI) / 180);
  return {
    x: (long + 180) / 360,
    y: 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI),
  };
}

export const toPixel = (spot: Spot, view: View, size: Size): Spot => ({
  x: (spot.x - view.x) * view.scale + size.width / 2,
  y: (spot.y - view.y) * view.scale + size.height / 2,
});

const latitude = (y: number): number =>
  (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI;

/** A metre at the centre, in pixels. */
export const pixelsOfMetre = ({ y, scale }: View): number =>
  scale / (EQUATOR * Math.cos((latitude(y) * Math.PI) / 180));

/** Never past the edges of the world. */
export function kept({ x, y, scale }: View, { width, height }: Size): View {
  const size = between(Math.max(width, height), scale, CLOSEST);
  const halfWide = width / size / 2;
  const halfHigh = height / size / 2;
  return {
    x: between(halfWide, x, 1 - halfWide),
    y: between(halfHigh, y, 1 - halfHigh),
    scale: size,
  };
}

export function panned(view: View, dx: number, dy: number, size: Size): View {
  return kept({ ...view, x: view.x - dx / view.scale, y: view.y - dy / view.scale }, size);
}

/** Closer or farther, with the pixel `at` staying where it is. */
export function zoomed(view: View, by: number, size: Size, at?: Spot): View {
  const dx = (at?.x ?? size.width / 2) - size.width / 2;
  const dy = (at?.y ?? size.height / 2) - size.height / 2;
  const { scale } = kept({ ...view, scale: view.scale * by }, size);
  const moved = 1 / view.scale - 1 / scale;
  return kept({ x: view.x + dx * moved, y: view.y + dy * moved, scale }, size);
}

/** All of these in view; without any, the world. */
export function fitted(spots: readonly Spot[], size: Size): View {
  if (spots.length === 0) return kept({ x: 0.5, y: 0.42, scale: 0 }, size);
  let [left, top, right, bottom] = [1, 1, 0, 0];
  for (const { x, y } of spots) {
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  const centre = { x: (left + right) / 2, y: (top + bottom) / 2 };
  const [wide, high] = [right - left, bottom - top];
  if (Math.max(wide, high) < TINY) return kept({ ...centre, scale: LONE }, size);
  const scale = Math.min((size.width * 0.7) / wide, (size.height * 0.7) / high);
  return kept({ ...centre, scale }, size);
}

const NICE = [1, 2, 5];

/** A length that is round and at most so many pixels: in metres, and in pixels. */
export function scaleBar(view: View, most: number): { metres: number; pixels: number } {
  const metre = pixelsOfMetre(view);
  const power = 10 ** Math.floor(Math.log10(most / metre));
  const metres = Math.max(...NICE.map((one) => one * power).filter((one) => one * metre <= most));
  return { metres, pixels: metres * metre };
}

const STEPS = [30, 15, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001, 0.0005];

/** Parallels and meridians in view, as one path. */
export function graticule(view: View, size: Size): string {
  const step = STEPS.find((one) => (one / 360) * view.scale < 160) ?? 0.0002;
  const west = (view.x - size.width / view.scale / 2) * 360 - 180;
  const east = (view.x + size.width / view.scale / 2) * 360 - 180;
  const north = latitude(view.y - size.height / view.scale / 2);
  const south = latitude(view.y + size.height / view.scale / 2);
  const parts: string[] = [];
  for (let long = Math.ceil(west / step); long * step <= east; long += 1) {
    const { x } = toPixel(spotOf({ lat: 0, long: long * step }), view, size);
    parts.push(`M${x.toFixed(1)} 0V${String(size.height)}`);
  }
  for (let lat = Math.ceil(south / step); lat * step <= north; lat += 1) {
    const { y } = toPixel(spotOf({ lat: lat * step, long: 0 }), view, size);
    parts.push(`M0 ${y.toFixed(1)}H${String(size.width)}`);
  }
  return parts.join("");
}
