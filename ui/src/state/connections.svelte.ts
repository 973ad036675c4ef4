import type { Backend } from "../backend/backend";
import { errorView } from "../backend/backend";
import type {
  AddConnection,
  ConnectionView,
  EditConnection,
  LoginMethodView,
  ProviderView,
} from "../bindings";
import { Listed } from "./listed.svelte";

/** The accounts, and the APIs they are at. Read anew whenever the core says they changed. */
export class Connections extends Listed<ConnectionView> {
  providers = $state.raw<ProviderView[]>([]);
  #backend: Backend;

  constructor(backend: Backend) {
    super(() => backend.listConnections());
    this.#backend = backend;
  }

  async loadProviders(): Promise<void> {
    try {
      this.providers = await this.#backend.listProviders();
    } catch (thrown) {
      this.error = errorView(thrown);
    }
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
