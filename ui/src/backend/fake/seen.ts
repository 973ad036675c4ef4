// What the fake has to look at: events over time, places, folders of pictures.
import { workflows } from "./catalogue";

const MINUTE = 60_000;
const CATEGORIES = [
  "towels",
  "evacuation",
  "check-in",
  "battery",
  "general",
  "housekeeping",
  "spa",
];

/** More by day than by night, and always the same ones. */
function events(): unknown[] {
  const now = Date.now();
  return Array.from({ length: 70 }, (_, at) => {
    const ago = ((at * 7919) % 4300) * MINUTE;
    const busy = new Date(now - ago).getHours() > 6;
    return {
      id: `ev${String(at)}`,
      timestamp: new Date(now - (busy ? ago : ago / 3)).toISOString(),
      category: CATEGORIES[(at * 13) % (at % 3 === 0 ? CATEGORIES.length : 3)],
      workflow_id: workflows[at % workflows.length]?.value,
    };
  }).sort((one, other) => (one.timestamp < other.timestamp ? 1 : -1));
}

const fences: [string, string, number, number, number][] = [
  ["Hillside Hotel", "4020 Hillside Road, Raleigh", 35.7796, -78.6382, 180],
  ["Airport shuttle", "Terminal Boulevard, Morrisville", 35.8801, -78.788, 650],
  ["Laundry", "12 Mill Street, Durham", 35.994, -78.8986, 90],
  ["Seaside annex", "3 Ocean Drive, Wilmington", 34.2104, -77.7964, 240],
  ["Warehouse", "88 Canal Way, Norfolk", 36.8508, -76.2859, 400],
];

const names: Record<string, string[]> = {
  "": ["Press kit", "Winter campaign", "Archive"],
  "1": ["Menus", "Rooms", "Portraits"],
  "2": ["Drafts"],
  "11": ["Spring", "Summer"],
};
const folder = (parent: string) => (name: string, at: number) => ({
  id: Number(`${parent}${String(at + 1)}`),
  name,
  parent_id: parent === "" ? null : Number(parent),
  child_count: names[`${parent}${String(at + 1)}`]?.length ?? 0,
});

const shots = ["lobby-evening", "pool-wide", "suite-204", "breakfast", "garden", "terrace", "spa"];
const PAGE = 24;
const ALL = 100;

function files(page: number): unknown[] {
  return Array.from({ length: ALL }, (_, at) => at)
    .slice((page - 1) * PAGE, page * PAGE)
    .map((at) => ({
      id: 88120431 + at,
      name: `${shots[at % shots.length] ?? ""}-${String(at + 1)}.jpg`,
      size: 180_000 + ((at * 948_713) % 6_800_000),
      thumbnail:
        at === 5 ? "https://img.example/gone.jpg" : `https://img.example/${String(at)}.jpg`,
    }));
}

/** What an action that only looks brings; nothing where it is not one of these. */
export function seen(action: string, of: string, page: string): unknown {
  switch (action) {
    case "analytics":
      return { data: events(), cursor: "" };
    case "geofences":
      return {
        results: fences.map(([label, address, lat, long, radius], at) => ({
          geofence_id: `gf${String(at)}`,
          label,
          address,
          lat,
          long,
          radius,
        })),
      };
    case "instances":
      return Array.from({ length: 3 }, (_, at) => ({
        instance_id: `in_${String(Math.floor(Date.now() / 9000) - at)}`,
        workflow_id: workflows[at]?.value,
      }));
    case "folders":
    case "subfolders":
      return (names[of] ?? []).map(folder(of));
    case "files":
      return files(Math.max(1, Number(page) || 1));
    default:
      return undefined;
  }
}
