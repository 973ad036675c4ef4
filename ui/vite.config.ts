import { svelte } from "@sveltejs/vite-plugin-svelte";
import { svelteTesting } from "@testing-library/svelte/vite";
import { defineConfig } from "vitest/config";

// The preview of the fake build answers with the policy of the real window, so that a breach shows in the browser too.
const policy =
  "default-src 'self'; connect-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; object-src 'none'; base-uri 'none'";

export default defineConfig({
  plugins: [svelte(), svelteTesting()],
  // WebKitGTK 2.40 and later, WKWebView of macOS 13, and every WebView2.
  build: { target: "safari16", chunkSizeWarningLimit: 800 },
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
