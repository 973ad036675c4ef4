/** Reads at most once at a time; what is asked meanwhile is answered by one more reading after it. */
export function reread(read: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  let again = false;
  const turn = async (): Promise<void> => {
    do {
      again = false;
      await read();
    } while (again);
  };
  return () => {
    if (running) again = true;
    else
      running = turn().finally(() => {
        running = null;
      });
    return running;
  };
}
