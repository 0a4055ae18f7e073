/**
 * Builds and tests of the window. Mode `fake` puts the in-memory backend behind the window; the app build refuses it.
 */
import { svelte } from "@sveltejs/vite-plugin-svelte";
import type { BuildEnvironmentOptions, Plugin } from "vite";
import { defineConfig } from "vitest/config";

/** The scenarios as one script for the page of the real window, see tests/window/scenarios.rs. */
const SCENARIOS: BuildEnvironmentOptions = {
  outDir: "dist-scenarios",
  target: ["safari17.5", "chrome123"],
  lib: { entry: "tests/scenarios/page.ts", name: "scenarios", formats: ["iife"], fileName: () => "scenarios.js" },
};

/** The app must not carry the fake backend: a build that would is stopped. */
function refuseFake(): Plugin {
  return {
    name: "refuse-fake",
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type !== "chunk") continue;
        const fake = file.moduleIds.find((id) => id.includes("/src/api/fake"));
        if (fake !== undefined) this.error(`the app build contains ${fake}`);
      }
    },
  };
}

export default defineConfig(({ mode }) => {
  const fake = mode === "fake";
  if (mode === "scenarios") return { build: SCENARIOS };
  return {
    plugins: fake || mode === "test" ? [svelte()] : [svelte(), refuseFake()],
    server: { host: "127.0.0.1", port: 5173, strictPort: true },
    preview: { host: "127.0.0.1", port: 4173 },
    build: {
      outDir: fake ? "dist-fake" : "dist",
      // The tokens use light-dark(); these are the first engines that know it.
      target: ["safari17.5", "chrome123"],
      modulePreload: { polyfill: false },
      // A data: URL would be stopped by the content security policy.
      assetsInlineLimit: 0,
    },
    resolve: mode === "test" ? { conditions: ["browser"] } : {},
    test: {
      projects: [
        {
          extends: true,
          test: { name: "unit", environment: "jsdom", include: ["tests/unit/**/*.test.ts"] },
        },
        {
          test: {
            name: "browser",
            environment: "node",
            include: ["tests/browser/**/*.test.ts"],
            fileParallelism: false,
            testTimeout: 30_000,
            hookTimeout: 60_000,
            // As long as page.ts lets the browser wait for an element.
            expect: { poll: { timeout: 8_000 } },
          },
        },
        {
          test: { name: "frames", environment: "node", include: ["tests/frames.bench.ts"], hookTimeout: 60_000 },
        },
      ],
    },
  };
});
