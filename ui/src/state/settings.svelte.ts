import type { Backend } from "../backend/backend";
import type { Settings, Theme } from "../bindings";

/** The settings of the app, and the theme on the page that follows from them. */
export class AppSettings {
  view = $state.raw<Settings>({
    theme: "system",
    login_seconds: 300,
    clear_clipboard_seconds: 30,
    notify: true,
    ask_above: 20,
    history_days: 30,
    history_megabytes: 500,
  });
  #systemDark = $state(false);
  #backend: Backend;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  get theme(): "light" | "dark" {
    if (this.view.theme !== "system") return this.view.theme;
    return this.#systemDark ? "dark" : "light";
  }

  async load(): Promise<void> {
    this.view = await this.#backend.readSettings();
  }

  async save(wanted: Settings): Promise<void> {
    this.view = await this.#backend.saveSettings(wanted);
  }

  useTheme(theme: Theme): Promise<void> {
    return this.save({ ...this.view, theme });
  }

  notify(notify: boolean): Promise<void> {
    return this.save({ ...this.view, notify });
  }

  /** Follows the system, which may change between day and night. */
  followSystem(): () => void {
    const query = window.matchMedia("(prefers-color-scheme: dark)");
    const heard = () => {
      this.#systemDark = query.matches;
    };
    heard();
    query.addEventListener("change", heard);
    return () => {
      query.removeEventListener("change", heard);
    };
  }
}
