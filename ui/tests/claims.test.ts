// Claims that explain: what a token says, and whether it can be trusted (security.md, group G).
import { fireEvent, screen, waitFor, within } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import type { NotValid, VerifiedToken } from "../src/bindings";
import bindings from "../src/bindings.ts?raw";
import { visible } from "../src/components/json";
import { MOST_CHARACTERS } from "../src/components/paste";
import { pathWords, placeWords } from "../src/words/claims";
import { signatureWords, timeWords } from "../src/words/verify";
import { asked, axeFindsNothing, goTo, openWindow, tokenTab } from "./window";

const JWT = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln";

async function inspect(token: string) {
  const window = await openWindow();
  await goTo(window.user, "Token inspector");
  await window.user.click(screen.getByRole("textbox", { name: "Token" }));
  await window.user.paste(token);
  return window;
}
const signature = async () => within(await screen.findByRole("region", { name: "Signature" }));

describe("a signature", () => {
  it("g1_is_not_checked_until_the_person_says_with_what, and opening the form asks nobody", async () => {
    const { fake, user } = await tokenTab();
    const card = await signature();
    expect(card.getByText(/^Signature not checked/)).toBeVisible();
    await user.click(card.getByRole("button", { name: "Check the signature..." }));
    expect(card.getByRole("textbox", { name: "Issuer" })).toHaveValue(
      "https://auth.relaypro.com/realms/Relay",
    );
    expect(
      card.getByText(/^Asks https:\/\/auth\.relaypro\.com\/realms\/Relay where/),
    ).toBeVisible();
    expect(asked(fake, "verifyToken")).toEqual([]);
    await axeFindsNothing();
  });

  it("g1_is_told_apart_from_the_time, once it was checked by the issuer's keys", async () => {
    const { fake, user } = await tokenTab();
    const card = await signature();
    await user.click(card.getByRole("button", { name: "Check the signature..." }));
    await user.click(card.getByRole("button", { name: /^Ask for the keys and check/ }));
    expect(await card.findByText("The signature holds")).toBeVisible();
    expect(card.getByText("Its time is now")).toBeVisible();
    expect(card.getByText(/Its keys are from https:\/\/auth\.relaypro\.com/)).toBeVisible();
    expect(card.queryByText(/not checked/)).toBeNull();
    const token = { kind: "kept", connection: "c1", what: "access_token" };
    // What the token names is only its own word: the core goes by the login's issuer first.
    expect(asked(fake, "verifyToken")).toEqual([
      [{ token, with: { kind: "issuer", issuer: null } }],
    ]);
    expect(card.getByRole("button", { name: "Check it otherwise..." })).toHaveFocus();
    await axeFindsNothing();
  });

  it("is checked with a key by Ctrl Enter, and what was no key stays to be corrected", async () => {
    const { fake, user } = await tokenTab();
    const card = await signature();
    await user.click(card.getByRole("button", { name: "Check the signature..." }));
    await user.click(card.getByRole("radio", { name: "A key or JWKS" }));
    const key = card.getByRole("textbox", { name: /^Public key/ });
    await user.type(key, "-----BEGIN PRIVATE KEY-----");
    await user.keyboard("{Control>}{Enter}{/Control}");
    expect(await card.findByText("The key can’t be read")).toBeVisible();
    expect(card.getByText(/It is a private key. Nobody needs it/)).toBeVisible();
    expect(key).toHaveValue("-----BEGIN PRIVATE KEY-----");
    expect(asked(fake, "verifyToken")).toHaveLength(1);
  });

  it("is checked with a shared secret that is not shown, in the form it is written in", async () => {
    const { fake, user } = await inspect(JWT);
    const card = await signature();
    await user.click(card.getByRole("button", { name: "Check the signature..." }));
    await user.click(card.getByRole("radio", { name: "A shared secret" }));
    const secret = card.getByLabelText("Shared secret", { selector: "input" });
    expect(secret).toHaveAttribute("type", "password");
    await user.type(secret, "c2VjcmV0");
    await user.click(card.getByRole("radio", { name: "base64url" }));
    await user.click(card.getByRole("button", { name: "Check" }));
    expect(await card.findByText("This key can’t check it")).toBeVisible();
    const given = { kind: "secret", secret: "c2VjcmV0", form: "base64url" };
    expect(asked(fake, "verifyToken")).toEqual([
      [{ token: { kind: "pasted", token: JWT }, with: given }],
    ]);
  });

  it("of one token says nothing of the next", async () => {
    const { fake, user } = await inspect(JWT);
    const card = await signature();
    await user.click(card.getByRole("button", { name: "Check the signature..." }));
    await user.click(card.getByRole("button", { name: /^Ask for the keys and check/ }));
    expect(await card.findByText("The signature holds")).toBeVisible();
    await user.type(screen.getByRole("textbox", { name: "Token" }), "A");
    expect(await card.findByText(/^Signature not checked/)).toBeVisible();
    expect(asked(fake, "verifyToken")).toHaveLength(1);
  });

  it("has words for every reason not to hold, and none of them says that it does", () => {
    const union = /export type NotValid =([\s\S]*?);/.exec(
      bindings.replace(/\/\*[\s\S]*?\*\//g, ""),
    );
    const all = [...(union?.[1] ?? "").matchAll(/"(\w+)"/g)].map(
      ([, reason]) => reason as NotValid,
    );
    expect(all.length).toBeGreaterThan(15);
    const none = { algorithm: null, key_id: null, problem: null, key_fault: null, error: null };
    for (const reason of all) {
      const verified: VerifiedToken = {
        signature: { kind: "invalid", reason, ...none },
        time: { state: "in_time", not_before: null, expires_at: null },
        issuer: null,
        keys_from: null,
        not_used: [],
      };
      const { tone, title } = signatureWords(verified, "key");
      expect(["soon", "dead"]).toContain(tone);
      expect(title).toMatch(/^[A-Z][^.]+$/);
      expect(title).not.toBe("The signature holds");
    }
  });

  it("may hold while the token's time is over", () => {
    const now = Date.now();
    const expires_at = new Date(now - 3 * 3_600_000).toISOString();
    const words = timeWords({ state: "expired", not_before: null, expires_at }, now);
    expect(words.title).toBe("Its time is over");
    expect(words.detail).toMatch(/^It ended .*3 hours ago\.$/);
  });
});

describe("what a token says", () => {
  it("g6_g7_flags_doubled_members, shows what cannot be seen, and takes text as text", async () => {
    await inspect("eyJodd.aaaa.bbbb");
    const claims = within(await screen.findByRole("table", { name: "Claims" }));
    expect(claims.getAllByText("Note: its name is there more than once")).toHaveLength(2);
    expect(claims.getByText('"Alice\\u202egpj.exe"')).toBeVisible();
    expect(claims.getByText('"<img src=x onerror=alert(1)>"')).toBeVisible();
    expect(document.querySelector("table img")).toBeNull();
    expect(screen.getByText("Note: alg: its name is there more than once")).toBeVisible();
    expect(screen.getByText(/^jku: by this the token says itself whom to trust/)).toBeVisible();
    await axeFindsNothing();
  });

  it("g7_makes_the_same_characters_visible_as_the_core", () => {
    const hidden = [
      "\u{202e}",
      "\u{34f}",
      "\u{3164}",
      "\u{fe0f}",
      "\u{fffb}",
      "\u{e0041}",
      "\u{0}",
    ];
    for (const one of hidden) expect(visible(`a${one}b`)).toMatch(/^a\\u[0-9a-f{}]+b$/);
    for (const plain of ["שלום", "日本語", "ñ 🙂", "<img>"]) expect(visible(plain)).toBe(plain);
  });

  it("lists its permissions with a count, and they can be searched", async () => {
    const { user } = await tokenTab();
    const list = within(await screen.findByRole("region", { name: "Permissions" }));
    expect(list.getByRole("status")).toHaveTextContent("7");
    expect(list.getByRole("heading", { name: "resource_access › ibot › roles" })).toBeVisible();
    await user.type(list.getByRole("searchbox"), "read");
    expect(list.getByRole("status")).toHaveTextContent("2 of 7");
    expect(list.queryByText("openid")).toBeNull();
    await user.type(list.getByRole("searchbox"), "zzz");
    expect(list.getByText("No permission has that in it.")).toBeVisible();
  });

  it("g4_shows_the_header_of_an_encrypted_token, and says that it is encrypted", async () => {
    await inspect("eyJhbGci.a.b.c.d");
    expect(await screen.findByText("An encrypted token")).toBeVisible();
    const header = within(screen.getByRole("table", { name: "Header" }));
    expect(header.getByText('"A256GCM"')).toBeVisible();
    expect(header.getByText("enc")).toBeVisible();
    expect(screen.queryByRole("region", { name: "Signature" })).toBeNull();
    await axeFindsNothing();
  });

  it("g4_is_calm_about_an_opaque_token", async () => {
    await inspect("98071da3-572b-4552-be88-8907a9ad03ef");
    expect(await screen.findByText("An opaque token")).toBeVisible();
    expect(screen.queryByRole("alert")).toBeNull();
  });

  it("reads a pointer as a path", () => {
    expect(pathWords("/https:~1~1api.example~1roles/a~0b")).toBe("https://api.example/roles › a~b");
  });
});

describe("a malformed token", () => {
  it("g4_gets_the_reason_and_the_position, marked in what was pasted", async () => {
    const { user } = await inspect(" eyJhbGciOiJSUzI1NiJ9.eyJz+WIi.c2ln");
    expect(await screen.findByText(/^This looks like a JWT/)).toBeVisible();
    expect(
      screen.getByText("Its payload has a character that base64url does not have."),
    ).toBeVisible();
    expect(document.querySelector("mark")).toHaveTextContent("+");
    expect(screen.getByText(/^Character 26 of 34\. Found “\+”\./)).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Show it in the field" }));
    const field = screen.getByRole<HTMLTextAreaElement>("textbox", { name: "Token" });
    expect(field).toHaveFocus();
    // White space before it was pasted too.
    expect(field.value.slice(field.selectionStart, field.selectionEnd)).toBe("+");
    await axeFindsNothing();
  });

  it("of another number of parts says how many there are", async () => {
    await inspect("eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0");
    expect(await screen.findByText(/^It has 2 parts\./)).toBeVisible();
    expect(document.querySelector("mark")).toBeNull();
  });

  it("counts from one, as people do", () => {
    const problem = { fault: "not_json", part: "payload", found: null, parts: null } as const;
    expect(placeWords({ ...problem, at: 0, inside: 4 }, 1200)).toBe(
      "Character 1 of 1,200. That is byte 5 of what the part stands for.",
    );
  });

  it("g9_of_100_MB_is_refused_before_the_field_takes_it", async () => {
    const { fake } = await inspect(JWT);
    const field = screen.getByRole("textbox", { name: "Token" });
    const text = { length: 100 * MOST_CHARACTERS } as unknown as string;
    const paste = new Event("paste", { bubbles: true, cancelable: true });
    Object.assign(paste, { clipboardData: { getData: () => text } });
    await fireEvent(field, paste);
    expect(paste.defaultPrevented).toBe(true);
    expect(await screen.findByText(/more than a million characters/)).toBeVisible();
    expect(field).toHaveValue("");
    await waitFor(() => expect(screen.queryByRole("table", { name: "Claims" })).toBeNull());
    expect(asked(fake, "decodeToken").flat()).not.toContain(text);
  });
});
