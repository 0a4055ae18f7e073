// Compiler settings shared by Vite, svelte-check and ESLint: runes everywhere, no legacy mode.
import { vitePreprocess } from "@sveltejs/vite-plugin-svelte";

export default {
  preprocess: vitePreprocess(),
  compilerOptions: { runes: true },
};
