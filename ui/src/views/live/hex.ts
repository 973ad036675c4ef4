// Bytes as people read them: eight a line, what can be read of them beside it.
const A_LINE = 8;
const MOST_LINES = 8192;

/** Of bytes in hexadecimal: "0000 08 96 01 12 ...." */
export function hexLines(hex: string): string {
  const pairs = hex.match(/[0-9a-f]{2}/gi) ?? [];
  const lines: string[] = [];
  for (let at = 0; at < pairs.length && lines.length < MOST_LINES; at += A_LINE) {
    const some = pairs.slice(at, at + A_LINE);
    const read = some.map((pair) => readable(parseInt(pair, 16))).join("");
    lines.push(
      `${at.toString(16).padStart(4, "0")} ${some.join(" ").padEnd(A_LINE * 3 - 1)} ${read}`,
    );
  }
  return lines.join("\n");
}

const readable = (code: number): string =>
  code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : ".";
