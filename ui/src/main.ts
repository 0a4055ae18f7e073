/**
 * Starts the window: chooses the backend, builds the state, mounts the page.
 */
import { mount } from "svelte";
import App from "./App.svelte";
import type { Backend } from "./api/backend";
import { tauriBackend } from "./api/tauri";
import { App as AppState } from "./app/app.svelte";
import "./styles/tokens.css";
import "./styles/base.css";

async function chooseBackend(): Promise<Backend> {
  // A constant of the build: the app build drops this branch, and with it the fake.
  if (import.meta.env.MODE === "fake") {
    const { fakeBackend, optionsFrom } = await import("./api/fake");
    const backend = fakeBackend(optionsFrom(location.search));
    Object.assign(window, { fotonovelaFake: backend });
    return backend;
  }
  return tauriBackend;
}

async function start(): Promise<void> {
  const target = document.getElementById("app");
  if (target === null) throw new Error("the page has no place for the app");
  const app = new AppState(await chooseBackend());
  mount(App, { target, props: { app } });
  await app.open();
}

void start();
