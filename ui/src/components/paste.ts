// What is pasted or dropped, looked at before a field takes it: drawing 100 MB of text would freeze the window.

/** The longest token that the core reads (jwt/token.rs, `LONGEST`). No key and no secret is longer. */
export const MOST_CHARACTERS = 1024 * 1024;

/**
 * Refuses what is far too long, before it is in the field; also what comes by another way, as from an input method.
 * `refused` is called with whether the last input was.
 */
export function shortOnly(refused: (was: boolean) => void) {
  return (field: HTMLInputElement | HTMLTextAreaElement) => {
    const look = (event: ClipboardEvent | DragEvent) => {
      const given =
        "clipboardData" in event ? event.clipboardData : (event as DragEvent).dataTransfer;
      const length = given?.getData("text/plain").length ?? 0;
      if (length > MOST_CHARACTERS) event.preventDefault();
      refused(length > MOST_CHARACTERS);
    };
    const typed = () => {
      const tooLong = field.value.length > MOST_CHARACTERS;
      if (tooLong) field.value = "";
      refused(tooLong);
    };
    const listeners = [
      ["paste", look],
      ["drop", look],
      ["input", typed],
    ] as const;
    // On the way down: before anybody reads the field.
    for (const [name, listener] of listeners)
      field.addEventListener(name, listener as EventListener, { capture: true });
    return () => {
      for (const [name, listener] of listeners)
        field.removeEventListener(name, listener as EventListener, { capture: true });
    };
  };
}
