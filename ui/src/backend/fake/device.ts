// What a device login shows. The code is drawn like a QR code and says nothing.
import type { DeviceView } from "../../bindings";

const SIZE = 29;

/** One of the three corners that a reader looks for; null elsewhere. */
function corner(row: number, column: number): boolean | null {
  const y = row >= SIZE - 8 && column < 8 ? row - (SIZE - 7) : row;
  const x = column >= SIZE - 8 && row < 8 ? column - (SIZE - 7) : column;
  if (y > 7 || x > 7) return null;
  const edge = Math.max(Math.abs(y - 3), Math.abs(x - 3));
  return edge === 3 || edge <= 1;
}

function qr(): string[] {
  let seed = 20261122;
  const bit = (): boolean => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return seed % 1024 > 511;
  };
  const rows = Array.from({ length: SIZE }, (_, row) => row);
  return rows.map((row) =>
    rows.map((column) => ((corner(row, column) ?? bit()) ? "1" : "0")).join(""),
  );
}

export const device = (): DeviceView => ({
  user_code: "WDJB-MJHT",
  verification_uri: "https://login.example.com/device",
  qr: qr(),
});
