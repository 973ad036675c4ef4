/** One object a key, made when first asked for. Not reactive itself: what it holds is. */
export class Keyed<T> {
  #all = new Map<string, T>();
  #make: (key: string) => T;

  constructor(make: (key: string) => T) {
    this.#make = make;
  }

  for(key: string): T {
    let found = this.#all.get(key);
    if (found === undefined) {
      found = this.#make(key);
      this.#all.set(key, found);
    }
    return found;
  }

  each(prefix: string, doing: (one: T) => void): void {
    for (const [key, one] of this.#all) if (key.startsWith(prefix)) doing(one);
  }

  /** Forgets all whose key begins so. */
  drop(prefix: string): void {
    this.dropWhere((key) => key.startsWith(prefix));
  }

  dropWhere(goes: (key: string, one: T) => boolean): void {
    for (const [key, one] of this.#all) if (goes(key, one)) this.#all.delete(key);
  }
}
