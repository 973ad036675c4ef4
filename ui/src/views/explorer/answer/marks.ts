// What is looked for, marked where it stands in a row.
export type Part = { text: string; isMatch: boolean };

export function parted(text: string, sought: string, matchCase: boolean): Part[] {
  if (sought === "") return [{ text, isMatch: false }];
  const fold = (of: string): string => (matchCase ? of : of.toLowerCase());
  const [folded, wanted] = [fold(text), fold(sought)];
  // Some letters are longer in the other case: then places in one are none in the other.
  if (folded.length !== text.length) return [{ text, isMatch: false }];
  const parts: Part[] = [];
  let from = 0;
  for (;;) {
    const found = folded.indexOf(wanted, from);
    if (found < 0) break;
    if (found > from) parts.push({ text: text.slice(from, found), isMatch: false });
    parts.push({ text: text.slice(found, found + wanted.length), isMatch: true });
    from = found + wanted.length;
  }
  if (from < text.length) parts.push({ text: text.slice(from), isMatch: false });
  return parts;
}
