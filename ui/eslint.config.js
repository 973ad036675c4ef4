import js from "@eslint/js";
import svelte from "eslint-plugin-svelte";
import globals from "globals";
import ts from "typescript-eslint";
import svelteConfig from "./svelte.config.js";

const tauri = {
  group: ["@tauri-apps/*"],
  message: "Only src/backend talks to Tauri.",
};
// Types of the contract may be named anywhere; its functions are called by src/backend/tauri.ts only.
const bindings = {
  group: ["**/bindings"],
  allowTypeImports: true,
  message: "Only src/backend calls the commands; elsewhere use `import type`.",
};
const doors = (...forbidden) => ({
  "@typescript-eslint/no-restricted-imports": [
    "error",
    { patterns: [tauri, bindings, ...forbidden] },
  ],
});

export default ts.config(
  { ignores: ["dist/", "dist-fake/", "src/bindings.ts"] },
  js.configs.recommended,
  ...ts.configs.strict,
  ...svelte.configs.recommended,
  {
    languageOptions: { globals: { ...globals.browser } },
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "no-undef": "off",
    },
  },
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: {
      parserOptions: { parser: ts.parser, extraFileExtensions: [".svelte"], svelteConfig },
    },
  },
  { files: ["src/**/*.{ts,svelte}"], ignores: ["src/backend/**"], rules: doors() },
  {
    files: ["src/components/**"],
    rules: doors({
      group: ["**/state/**", "**/backend/**", "**/views/**"],
      message: "A component knows nothing of state, backend or views.",
    }),
  },
  {
    files: ["src/state/**"],
    rules: doors({
      group: ["**/views/**", "**/components/*.svelte"],
      message: "State knows nothing of views.",
    }),
  },
  {
    files: ["src/views/**"],
    rules: doors({
      group: ["**/backend/**"],
      allowTypeImports: true,
      message: "Views reach the backend through state.",
    }),
  },
  {
    files: ["isolation/**"],
    languageOptions: { sourceType: "script" },
    rules: { "svelte/no-inner-declarations": "off" },
  },
);
