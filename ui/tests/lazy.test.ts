// Parts of the window whose code comes when they are opened.
import { render, screen } from "@testing-library/svelte";
import type { Component } from "svelte";
import { describe, expect, it, vi } from "vitest";
import Lazy from "../src/components/Lazy.svelte";
import { LazyPart, loadAll } from "../src/components/lazy.svelte";
import { lazyWords } from "../src/words/app";

const keys = () => import("../src/components/Kbd.svelte");
type Props = { keys: string };
const Place = Lazy as Component<{ of: LazyPart<Props>; props: Props }>;
const show = (of: LazyPart<Props>) => render(Place, { props: { of, props: { keys: "Ctrl K" } } });

describe("a part that is loaded later", () => {
  it("is loaded when it is first shown, and is there at once from then on", async () => {
    const fetch = vi.fn(keys);
    const of = new LazyPart(fetch);
    expect(fetch).not.toHaveBeenCalled();
    const { container, unmount } = show(of);
    expect(container).toHaveTextContent("");
    expect(await screen.findByText("Ctrl K")).toBeVisible();
    unmount();
    show(of);
    expect(screen.getByText("Ctrl K")).toBeVisible();
    expect(fetch).toHaveBeenCalledOnce();
  });

  it("leaves the focus where it is until it is there", async () => {
    const button = document.body.appendChild(document.createElement("button"));
    button.focus();
    show(new LazyPart(keys));
    await screen.findByText("Ctrl K");
    expect(button).toHaveFocus();
    button.remove();
  });

  it("says that it cannot be loaded, and is tried anew when it is shown again", async () => {
    const fetch = vi.fn(keys).mockRejectedValueOnce(new TypeError("no such file"));
    const of = new LazyPart(fetch);
    const { unmount } = show(of);
    expect(await screen.findByRole("alert")).toHaveTextContent(lazyWords.failed);
    expect(fetch).toHaveBeenCalledOnce();
    unmount();
    show(of);
    expect(await screen.findByText("Ctrl K")).toBeVisible();
    expect(screen.queryByRole("alert")).toBeNull();
  });

  it("can be loaded before it is shown, and one that fails keeps none from the others", async () => {
    const bad = new LazyPart(() => Promise.reject(new TypeError("no such file")));
    const good = new LazyPart(keys);
    await loadAll();
    expect(bad.failed).toBe(true);
    show(good);
    expect(screen.getByText("Ctrl K")).toBeVisible();
  });
});
