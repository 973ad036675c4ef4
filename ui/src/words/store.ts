// Texts of the place where tokens are kept: the status bar, the banner, the settings, the passphrase.
import type { KeptIn, StoreState, StoreView } from "../bindings";

const keychainStates: Record<StoreState, string> = {
  checking: "Checking the keychain",
  ready: "Keychain unlocked",
  locked: "Keychain locked",
  absent: "No keychain",
  silent: "Keychain not answering",
};
const fileStates: Record<StoreState, string> = {
  checking: "Reading the passphrase file",
  ready: "Passphrase file open",
  locked: "Passphrase file locked",
  absent: "Passphrase file missing",
  silent: "Passphrase file not answering",
};

/** In the status bar. */
export function storeLine({ kept_in, state }: StoreView): string {
  if (kept_in === "memory") return "Memory only: gone when Keydesk closes";
  return (kept_in === "file" ? fileStates : keychainStates)[state];
}

export const storeTones: Record<StoreState, "fresh" | "dead" | "quiet"> = {
  checking: "quiet",
  ready: "fresh",
  locked: "dead",
  absent: "dead",
  silent: "dead",
};

/** Where a token is, at the row of its connection. */
export const placeNames: Record<KeptIn, string> = {
  keychain: "Keychain",
  file: "Passphrase file",
  memory: "Memory only",
};

/** "moved from the keychain" */
export const placesInText: Record<KeptIn, string> = {
  keychain: "the keychain",
  file: "the passphrase file",
  memory: "memory",
};

export type Banner = { title: string; advice: string };
const keychainBanners: Partial<Record<StoreState, Banner>> = {
  absent: {
    title: "No keychain was found",
    advice:
      "Tokens have no safe place yet. Start a keychain such as GNOME Keyring and try again, or choose another place.",
  },
  locked: {
    title: "The keychain is locked",
    advice: "Unlock it and try again, or choose another place for tokens.",
  },
  silent: {
    title: "The keychain does not answer",
    advice:
      "It may be asking for a password in another window. Try again, or choose another place for tokens.",
  },
};
const fileBanners: Partial<Record<StoreState, Banner>> = {
  locked: {
    title: "The passphrase file is locked",
    advice: "Give its passphrase to use the tokens in it.",
  },
  absent: {
    title: "There is no passphrase file",
    advice:
      "Make a new one, or choose another place. If it was moved, bring it back and try again.",
  },
};

/** What the banner says; nothing where tokens have a place, or the person chose to have none. */
export function bannerOf({ kept_in, state }: StoreView): Banner | undefined {
  if (kept_in === "memory") return undefined;
  return (kept_in === "file" ? fileBanners : keychainBanners)[state];
}

export const storeWords = {
  region: "Token store",
  again: "Try again",
  file: "Use a passphrase file...",
  memory: "Memory only",
  another: "Another place...",
  title: "Where tokens are kept",
  line: "One place holds all of them. It changes only when you say so.",
  inUse: "in use",
  places: {
    keychain: {
      title: "System keychain",
      line: "Your system guards them and opens them when you log in to it.",
    },
    file: {
      title: "Passphrase file",
      line: "An encrypted file on this machine. You give its passphrase after each start.",
    },
    memory: {
      title: "Memory only",
      line: "Nothing is written. When Keydesk closes they are gone, and you log in again.",
    },
  } satisfies Record<KeptIn, { title: string; line: string }>,
  moves: (from: KeptIn, to: KeptIn): string => {
    if (to === "memory")
      return `What is in ${placesInText[from]} stays there unused. The next start of Keydesk looks there again.`;
    return from === "memory"
      ? `The tokens in memory are put into ${placesInText[to]}.`
      : `The tokens in ${placesInText[from]} move to ${placesInText[to]}, if they can be read.`;
  },
  use: {
    keychain: "Use the keychain",
    file: "Use the file",
    memory: "Use memory only",
  } satisfies Record<KeptIn, string>,
  used: {
    keychain: "Tokens are kept in the keychain.",
    file: "Tokens are kept in the passphrase file.",
    memory: "Tokens are in memory only, until Keydesk closes.",
  } satisfies Record<KeptIn, string>,
  keep: "Leave it as it is",
  change: "Change the passphrase",
  changed: "Passphrase changed.",
  lock: "Lock now",
  locked: "The passphrase file is locked.",
} as const;

export const passphraseWords = {
  makeTitle: "Use a passphrase file",
  makeLine:
    "Tokens are encrypted in a file on this machine. You give the passphrase once after each start of Keydesk.",
  openTitle: "Open the passphrase file",
  openLine: "Give the passphrase that you chose when the file was made.",
  passphrase: "Passphrase",
  hint: "At least 8 characters. Nobody can bring it back if you forget it.",
  again: "The same once more",
  current: "Passphrase so far",
  next: "New passphrase",
  make: "Make the file",
  open: "Open",
  change: "Change it",
  cancel: "Cancel",
  missing: "Give the passphrase.",
  tooShort: "At least 8 characters.",
  different: "It is not the same as above.",
  forgotten:
    "Forgotten? It can’t be brought back. Set the file aside to make a new one, or choose another place, and log in again.",
  setAside: "Set the file aside",
  asideLine: "It is renamed, not deleted. What it holds stays unreadable without its passphrase.",
  wasSetAside: "The file was set aside.",
} as const;
