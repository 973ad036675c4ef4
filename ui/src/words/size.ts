// Amounts of bytes as people say them: powers of ten, as disks and networks count.
const UNITS = ["bytes", "KB", "MB", "GB", "TB"];

/** "812 bytes", "14 KB", "4.1 MB", "310 MB" */
export function bytes(amount: number): string {
  let value = amount;
  let unit = 0;
  // What would be rounded up to 1000 belongs to the next unit.
  while (Math.round(value) >= 1000 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const shown = unit < 2 || value >= 99.95 ? Math.round(value).toString() : tenths(value);
  return `${shown} ${unit === 0 && amount === 1 ? "byte" : (UNITS[unit] ?? "")}`;
}

/** "96", "4.1" */
const tenths = (value: number): string => value.toFixed(1).replace(/\.0$/, "");
