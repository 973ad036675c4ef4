import { svelte } from "@sveltejs/vite-plugin-svelte";
import { svelteTesting } from "@testing-library/svelte/vite";
import { defineConfig } from "vitest/config";

// The preview of the fake build answers with the policy of the real window, so that a breach shows in the browser too.
const policy =
  "default-src 'self'; connect-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; object-src 'none'; base-uri 'none'";

// What the window needs to paint is one file, what several pages share another, and each page has its own: else a page
// would come in fifty crumbs.
const groups = [
  { name: "window", tags: ["$initial" as const], priority: 1 },
  { name: "shared", minShareCount: 2 },
];

export default defineConfig({
  plugins: [svelte(), svelteTesting()],
  build: {
    // WebKitGTK 2.40 and later, WKWebView of macOS 13, and every WebView2.
    target: "safari16",
    chunkSizeWarningLimit: 800,
    // Where it is not known the pages load without it. Vite's stand-in would fetch, which the window's policy forbids.
    modulePreload: { polyfill: false },
    rolldownOptions: { output: { codeSplitting: { groups } } },
  },
  server: { host: "127.0.0.1", port: 1420, strictPort: true },
  preview: {
    host: "127.0.0.1",
    port: 4173,
    strictPort: true,
    headers: { "Content-Security-Policy": policy },
  },
  test: {
    environment: "happy-dom",
    include: ["tests/**/*.test.ts"],
    setupFiles: ["tests/setup.ts"],
  },
});
