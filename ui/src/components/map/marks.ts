// What stands on a map: places that are too near to each other as one mark, and names where there is room for them.
import { pixelBox, type Country } from "./outline";
import { toPixel, type Size, type Spot, type View } from "./view";

/** Places within so many pixels are one mark. */
const REACH = 16;
const MOST_NAMES = 60;

export type Mark = Spot & { places: number[] };
export type Name = Spot & { text: string; end: boolean };
type Box = { left: number; top: number; right: number; bottom: number };

type Group = Spot & { places: number[] };

/** In world pixels of a rounded scale, so that panning and small zooms tear nothing apart. */
export function marks(spots: readonly Spot[], view: View, size: Size): Mark[] {
  const scale = 2 ** (Math.round(Math.log2(view.scale) * 2) / 2);
  return apart(near(spots, scale))
    .map(({ x, y, places }) => ({ ...toPixel({ x: x / scale, y: y / scale }, view, size), places }))
    .filter(({ x, y }) => x > -40 && y > -40 && x < size.width + 40 && y < size.height + 40);
}

/** Places within reach of each other. */
function near(spots: readonly Spot[], scale: number): Group[] {
  const cells = new Map<string, Group[]>();
  const groups: Group[] = [];
  const around = [-1, 0, 1];
  spots.forEach((spot, index) => {
    const [x, y] = [spot.x * scale, spot.y * scale];
    const [column, row] = [Math.floor(x / REACH), Math.floor(y / REACH)];
    const found = around
      .flatMap((dx) => around.map((dy) => `${String(column + dx)} ${String(row + dy)}`))
      .flatMap((key) => cells.get(key) ?? [])
      .find((group) => Math.hypot(group.x - x, group.y - y) < REACH);
    if (found) {
      found.places.push(index);
      return;
    }
    const group = { x, y, places: [index] };
    const key = `${String(column)} ${String(row)}`;
    cells.set(key, [...(cells.get(key) ?? []), group]);
    groups.push(group);
  });
  return groups;
}

/** A mark with many is larger; what it would cover joins it. */
function apart(groups: readonly Group[]): Group[] {
  const out: Group[] = [];
  for (const group of groups.toSorted((one, other) => other.places.length - one.places.length)) {
    const covers = (one: Group) =>
      Math.hypot(one.x - group.x, one.y - group.y) < radius(one) + radius(group);
    const larger = out.find((one) => one.places.length > 1 && covers(one));
    if (larger) larger.places.push(...group.places);
    else out.push(group);
  }
  return out;
}

export const radius = ({ places }: { places: readonly number[] }): number =>
  places.length === 1 ? 6 : Math.min(20, 8 + Math.log10(places.length) * 4);

const LETTER = 6.4;
const LINE = 15;
const overlaps = (one: Box, other: Box): boolean =>
  one.left < other.right &&
  other.left < one.right &&
  one.top < other.bottom &&
  other.top < one.bottom;

/** Names beside their marks, each only where it covers nothing; those first that come first. */
export function names(
  all: readonly Mark[],
  text: (mark: Mark) => { words: string; gap: number } | null,
  size: Size,
): Name[] {
  const taken: Box[] = all.map((mark) => around(mark, radius(mark) - 1));
  const out: Name[] = [];
  for (const mark of all.slice(0, 400)) {
    if (out.length === MOST_NAMES) break;
    const said = text(mark);
    if (!said) continue;
    const { words, gap } = said;
    const width = words.length * LETTER;
    for (const end of [false, true]) {
      const near = mark.x + (end ? -1 : 1) * (radius(mark) + gap);
      const left = end ? near - width : near;
      const box = { left, right: left + width, top: mark.y - LINE / 2, bottom: mark.y + LINE / 2 };
      if (left < 2 || box.right > size.width - 2 || box.top < 0 || box.bottom > size.height)
        continue;
      if (taken.some((one) => overlaps(one, box))) continue;
      taken.push(box);
      out.push({ x: near, y: mark.y, text: words, end });
      break;
    }
  }
  return out;
}

const around = ({ x, y }: Spot, by: number): Box => ({
  left: x - by,
  right: x + by,
  top: y - by,
  bottom: y + by,
});

/** Names of countries that have room for them, away from the marks. */
export function countryNames(
  countries: readonly Country[],
  all: readonly Mark[],
  named: readonly Name[],
  view: View,
  size: Size,
): { x: number; y: number; text: string }[] {
  const taken: Box[] = all.map((mark) => around(mark, radius(mark) + 2));
  for (const { x, y, text, end } of named) {
    const width = text.length * LETTER;
    const left = end ? x - width : x;
    taken.push({ left, right: left + width, top: y - LINE / 2, bottom: y + LINE / 2 });
  }
  const out: { x: number; y: number; text: string }[] = [];
  for (const country of countries) {
    const box = pixelBox(country, view, size);
    const width = country.name.length * LETTER;
    if (box.right - box.left < width * 1.4 || box.bottom - box.top < LINE * 2) continue;
    const x = (Math.max(box.left, 0) + Math.min(box.right, size.width)) / 2;
    const y = (Math.max(box.top, 0) + Math.min(box.bottom, size.height)) / 2;
    // Of a country that is not seen whole, its middle may lie in another.
    const whole =
      box.left > -width &&
      box.right < size.width + width &&
      box.top > -60 &&
      box.bottom < size.height + 60;
    const place = {
      left: x - width / 2,
      right: x + width / 2,
      top: y - LINE / 2,
      bottom: y + LINE / 2,
    };
    if (!whole || taken.some((one) => overlaps(one, place))) continue;
    taken.push(place);
    out.push({ x, y, text: country.name });
  }
  return out;
}
