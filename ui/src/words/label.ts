/** A label inside a sentence: "Refresh token" goes on small; "API key" and "UUID" stay as they are. */
export const inSentence = (label: string): string =>
  /^[A-Z][a-z]/.test(label) ? label.charAt(0).toLowerCase() + label.slice(1) : label;

/** "2,140" */
export const number = (value: number): string => value.toLocaleString("en-GB");

/** "1 page", "2,140 pages" */
export const counted = (amount: number, one: string, many = `${one}s`): string =>
  `${number(amount)} ${amount === 1 ? one : many}`;
