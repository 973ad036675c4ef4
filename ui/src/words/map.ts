// Texts of the map.
import { counted, number } from "./label";

export const mapWords = {
  title: "Map",
  of: (label: string) => `Map: ${label}`,
  places: (amount: number) => counted(amount, "place"),
  keys: "Arrow keys move the map, plus and minus zoom, 0 shows all places. The list below says the same in words.",
  wheel: "Click the map to zoom with the wheel.",
  closer: "Closer",
  farther: "Farther",
  fit: "Show all places",
  list: (amount: number) =>
    amount === 1 ? "Where that is" : `All ${number(amount)} places as a list`,
  columns: { place: "Place", at: "Coordinates", accuracy: "Within", detail: "When" },
  show: (label: string) => `Show ${label} on the map`,
  copy: "Copy coordinates",
  copyOf: (label: string) => `Copy the coordinates of ${label}`,
  coordinates: "Coordinates",
  close: "Close",
  within: (metres: number) => `within ${lengthOf(metres)}`,
  more: (rest: number) => `Show ${number(rest)} more`,
  none: "No place is known.",
} as const;

/** "12 m", "1.5 km" */
export function lengthOf(metres: number): string {
  if (metres < 1000) return `${String(Math.round(metres * 10) / 10)} m`;
  return `${number(Math.round(metres / 100) / 10)} km`;
}

/** As maps and spreadsheets take them. */
export const coordinatesOf = ({ lat, long }: { lat: number; long: number }): string =>
  `${String(rounded(lat))}, ${String(rounded(long))}`;

/** A seventh digit is a centimetre. */
const rounded = (degrees: number): number => Math.round(degrees * 1e6) / 1e6;
