/** A label inside a sentence: "Refresh token" goes on small; "API key" and "UUID" stay as they are. */
export const inSentence = (label: string): string =>
  /^[A-Z][a-z]/.test(label) ? label.charAt(0).toLowerCase() + label.slice(1) : label;
