// A small text file, read with care: it may be anything that lay on a disk.
const MOST_BYTES = 512 * 1024;

export type Refusal = "too_large" | "not_text";

export async function readText(
  file: File,
  most = MOST_BYTES,
): Promise<{ text: string } | { refused: Refusal }> {
  if (file.size > most) return { refused: "too_large" };
  try {
    const bytes = await file.arrayBuffer();
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return text.includes("\0") ? { refused: "not_text" } : { text };
  } catch {
    return { refused: "not_text" };
  }
}
