import type { Backend } from "../backend/backend";
import { errorView } from "../backend/backend";
import type {
  AddConnection,
  ConnectionView,
  EditConnection,
  ErrorView,
  LoginMethodView,
  ProviderView,
} from "../bindings";
import { reread } from "./reread";

/** The accounts, and the APIs they are at. Read anew whenever the core says they changed. */
export class Connections {
  list = $state.raw<ConnectionView[]>([]);
  providers = $state.raw<ProviderView[]>([]);
  loaded = $state(false);
  error = $state.raw<ErrorView | null>(null);
  readonly load: () => Promise<void>;
  #backend: Backend;

  constructor(backend: Backend) {
    this.#backend = backend;
    this.load = reread(async () => {
      try {
        this.list = await backend.listConnections();
        this.error = null;
        this.loaded = true;
      } catch (thrown) {
        this.error = errorView(thrown);
      }
    });
  }

  async loadProviders(): Promise<void> {
    try {
      this.providers = await this.#backend.listProviders();
    } catch (thrown) {
      this.error = errorView(thrown);
    }
  }

  find(id: string | null): ConnectionView | undefined {
    return this.list.find((one) => one.id === id);
  }

  provider(id: string): ProviderView | undefined {
    return this.providers.find((one) => one.id === id);
  }

  /** The way in that was used last. */
  wayOf({ provider, login }: ConnectionView): LoginMethodView | undefined {
    return this.provider(provider)?.logins.find(({ id }) => id === login);
  }

  async add(request: AddConnection): Promise<ConnectionView> {
    const added = await this.#backend.addConnection(request);
    await this.load();
    return added;
  }

  async edit(request: EditConnection): Promise<void> {
    await this.#backend.editConnection(request);
    await this.load();
  }

  async remove(id: string): Promise<void> {
    await this.#backend.removeConnection(id);
    await this.load();
  }
}
