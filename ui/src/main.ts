import { mount } from "svelte";
import App from "./App.svelte";
import type { Backend } from "./backend/backend";
import { tauriBackend } from "./backend/tauri";
import "./styles/base.css";

// The condition is a constant of the build: in the shipped bundle the fake is not there at all.
async function chooseBackend(): Promise<Backend> {
  if (import.meta.env.DEV || import.meta.env.MODE === "fake") {
    if (location.search.includes("fake"))
      return (await import("./backend/fake")).fakeFromAddress(location.search);
  }
  return tauriBackend;
}

const target = document.getElementById("app");
// Not awaited here: what comes later needs parts of this very file, which would wait for it in turn.
if (target) void chooseBackend().then((backend) => mount(App, { target, props: { backend } }));
