// Lint rules of the window. The arrows between folders are tested in tests/unit/tidy.test.ts.
import js from "@eslint/js";
import svelte from "eslint-plugin-svelte";
import globals from "globals";
import ts from "typescript-eslint";
import svelteConfig from "./svelte.config.js";

export default ts.config(
  { ignores: ["dist", "dist-fake", "dist-scenarios", "node_modules", "src/api/bindings.ts", "src/api/commands.ts"] },
  js.configs.recommended,
  ...ts.configs.strict,
  ...svelte.configs.recommended,
  {
    languageOptions: { globals: { ...globals.browser, ...globals.node } },
    rules: {
      "no-console": "error",
      "no-undef": "off",
      // Large maps and sets are replaced as a whole ($state.raw): one signal instead of one per photo.
      "svelte/prefer-svelte-reactivity": "off",
      "@typescript-eslint/consistent-type-imports": "error",
    },
  },
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: {
      parserOptions: { parser: ts.parser, extraFileExtensions: [".svelte"], svelteConfig },
    },
  },
);
