// Tokens for other programs: off until somebody wants it, asked before anything is given, and taken back at once.
import { render, screen, waitFor, within } from "@testing-library/svelte";
import { fireEvent } from "@testing-library/svelte";
import { afterEach, describe, expect, it, vi } from "vitest";
import App from "../src/App.svelte";
import { createFake, type FakeOptions } from "../src/backend/fake";
import { brokerOn } from "../src/backend/fake/broker";
import { connections, fault } from "../src/backend/fake/people";
import { recipe, shellQuoted } from "../src/views/programs/recipes";
import { asked, axeFindsNothing, goTo, openWindow } from "./window";

async function programs(options: FakeOptions = { programs: true }) {
  const window = await openWindow(options);
  await goTo(window.user, "Programs");
  return window;
}
const turn = () => screen.getByRole("switch", { name: "Tokens for other programs" });
const list = () => within(screen.getByRole("list", { name: "Programs that may ask" }));
const recipes = () => within(screen.getByRole("complementary", { name: "How a program asks" }));
const text = () => recipes().getByRole("region", { name: "Recipe" });

describe("the page of the programs", () => {
  it("i1: is off at first, says so, and is visible in the status bar once it is on", async () => {
    const { fake, user } = await programs({});
    const status = within(screen.getByRole("contentinfo", { name: "Status" }));
    expect(turn()).not.toBeChecked();
    expect(screen.getByText(/^Nothing listens/)).toBeVisible();
    expect(status.queryByText(/program/)).toBeNull();
    await axeFindsNothing();
    await user.click(screen.getByRole("button", { name: "Switch on" }));
    await waitFor(() => expect(turn()).toBeChecked());
    expect(asked(fake, "setBroker")).toEqual([[{ on: true, tcp: false, tcp_port: null }]]);
    await user.click(status.getByRole("button", { name: "Tokens for 0 programs" }));
    expect(screen.getByRole("heading", { level: 1, name: "Programs" })).toBeVisible();
  });

  it("is switched on and off from the palette", async () => {
    const { fake, user } = await openWindow();
    await screen.findByRole("heading", { level: 1, name: "Hillside Hotel" });
    await user.keyboard("{Control>}k{/Control}");
    const find = await screen.findByRole("combobox", { name: "Find or run" });
    await user.type(find, "switch on tokens{Enter}");
    await waitFor(() => expect(asked(fake, "setBroker")).toHaveLength(1));
  });

  it("says why it does not listen, and tries again", async () => {
    const { fake, user } = await programs({});
    fake.failNext("setBroker", fault("port_busy", "Port 7315 is used by another program."));
    await user.click(turn());
    expect(await screen.findByText(/Port 7315 is used/)).toBeVisible();
    expect(turn()).not.toBeChecked();
  });

  it("listens on 127.0.0.1 only when that was asked for, at any free port or a chosen one", async () => {
    const { fake, user } = await programs();
    const tcp = screen.getByRole("switch", { name: "Also on 127.0.0.1" });
    expect(tcp).not.toBeChecked();
    await user.click(tcp);
    const port = await screen.findByLabelText("Port");
    expect(screen.getByText("127.0.0.1:41733")).toBeVisible();
    await user.type(port, "80{Enter}");
    expect(await screen.findByText(/^Give a whole number from 1024/)).toBeVisible();
    expect(port).toHaveValue("80");
    await user.clear(port);
    await user.type(port, "7315{Enter}");
    expect(await screen.findByText("127.0.0.1:7315")).toBeVisible();
    expect(asked(fake, "setBroker").at(-1)).toEqual([{ on: true, tcp: true, tcp_port: 7315 }]);
    await axeFindsNothing();
  });

  it("copies the socket’s path", async () => {
    const { fake, user } = await programs();
    await user.click(screen.getByRole("button", { name: "Copy the socket’s path" }));
    expect(asked(fake, "copyText")).toEqual([["/run/user/1000/keydesk/broker.sock"]]);
  });

  it("adds a program by its name, and shows the file it reads", async () => {
    const { fake, user } = await programs();
    const name = screen.getByLabelText("Name of a program");
    await user.type(name, "{Enter}");
    expect(await screen.findByText("Give it a name.")).toBeVisible();
    await user.type(name, "backup SCRIPT{Enter}");
    expect(await screen.findByText("One is called so already.")).toBeVisible();
    expect(name).toHaveValue("backup SCRIPT");
    await user.clear(name);
    await user.type(name, "Night report{Enter}");
    expect(await list().findByText("/run/user/1000/keydesk/night-report.header")).toBeVisible();
    expect(asked(fake, "addProgram")).toEqual([["Night report"]]);
    expect(name).toHaveValue("");
    expect(recipes().getByLabelText("Program")).toHaveDisplayValue("Night report");
  });

  it("i7: shows what each may have and for how long, and revokes it at once", async () => {
    const { fake, user } = await programs();
    const granted = within(screen.getByRole("list", { name: "What Backup script was granted" }));
    expect(granted.getByText(/^3[45] m left$/)).toBeVisible();
    await axeFindsNothing();
    await user.click(granted.getByRole("button", { name: "Revoke Hillside Hotel" }));
    await waitFor(() => expect(granted.queryByText(/^3[45] m left$/)).toBeNull());
    expect(asked(fake, "revokeGrant")).toEqual([["backup", "c1"]]);
    expect(granted.getByText(/^2[89] d/)).toBeVisible();
  });

  it("removes a program only after a question", async () => {
    const { fake, user } = await programs();
    await user.click(list().getByRole("button", { name: "Remove Backup script" }));
    const question = within(await screen.findByRole("alertdialog"));
    expect(asked(fake, "removeProgram")).toEqual([]);
    await user.click(question.getByRole("button", { name: "Remove" }));
    expect(await screen.findByText("Backup script removed.")).toBeVisible();
    expect(list().queryByText("Backup script")).toBeNull();
  });
});

describe("the recipes", () => {
  it("are filled with the program and the connection that were chosen, and copied whole", async () => {
    const { fake, user } = await programs();
    await user.selectOptions(recipes().getByLabelText("Program"), "Room display");
    await user.selectOptions(recipes().getByLabelText("Connection"), "Hillside QA");
    expect(text()).toHaveTextContent("@/run/user/1000/keydesk/room-display.header");
    expect(text()).toHaveTextContent("/connections/Hillside%20QA/access-token?min_valid=60");
    await user.click(recipes().getByRole("button", { name: "Copy" }));
    expect(asked(fake, "copyText")).toEqual([[text().textContent]]);
  });

  it("say what is missing, and mend it", async () => {
    const { user } = await programs();
    await user.click(recipes().getByRole("tab", { name: "curl, TCP" }));
    expect(recipes().getByText("It does not listen on 127.0.0.1 yet.")).toBeVisible();
    await user.click(recipes().getByRole("button", { name: "Switch that on" }));
    expect(await recipes().findByText(/http:\/\/127\.0\.0\.1:41733/)).toBeVisible();
  });

  it("need nothing switched on for the command line", async () => {
    const { user } = await programs({});
    await user.click(recipes().getByRole("tab", { name: "keydesk" }));
    expect(text()).toHaveTextContent("keydesk token 'Hillside Hotel' --min-valid 60");
  });

  it("quote for the shell whatever a connection is called", () => {
    expect(shellQuoted("it's $(here)")).toBe("'it'\\''s $(here)'");
    const [sample] = connections();
    if (!sample) throw new Error("no sample");
    const odd = { ...sample, label: "a/b'; rm -rf ~" };
    const broker = brokerOn();
    const filled = { broker, program: broker.programs[0], connection: odd, connections: [odd] };
    expect(recipe("socket", filled)).toContain(
      "'http://localhost/connections/a%2Fb'\\''%3B%20rm%20-rf%20~/access-token?min_valid=60'",
    );
    expect(recipe("command", filled)).toBe("keydesk token 'a/b'\\''; rm -rf ~' --min-valid 60");
  });

  it("name a connection by its id where several are called so", () => {
    const [sample] = connections();
    if (!sample) throw new Error("no sample");
    const twin = { ...sample, id: "c99" };
    const broker = brokerOn();
    const filled = { broker, program: broker.programs[0], connection: twin };
    expect(recipe("socket", { ...filled, connections: [sample, twin] })).toContain("/c99/");
  });
});

describe("a program that asks", () => {
  const dialog = () => screen.findByRole("alertdialog", { name: "Backup script asks for a token" });
  /** Until what was being typed can no longer answer. */
  const rest = async () =>
    waitFor(() => expect(screen.getByRole("button", { name: "Allow" })).toBeEnabled());

  it("i7: is asked about with its name, the connection and for how long, by default an hour", async () => {
    const { fake, user } = await openWindow({ asking: true });
    const asking = within(await dialog());
    expect(asking.getAllByText(/Hillside Hotel/).length).toBeGreaterThan(0);
    expect(asking.getByRole("radio", { name: "An hour" })).toBeChecked();
    expect(asking.getByRole("timer")).toHaveTextContent(/^0:5\d$|^1:00$/);
    await axeFindsNothing();
    await rest();
    await user.click(asking.getByRole("radio", { name: "30 days" }));
    await user.click(asking.getByRole("button", { name: "Allow" }));
    expect(
      await screen.findByText(/may have the token of Hillside Hotel for 30 days/),
    ).toBeVisible();
    expect(asked(fake, "answerAsk")).toEqual([["ask-backup-c1", "month"]]);
    await waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull());
  });

  it("takes nothing of what was being typed as its answer", async () => {
    const { fake, user } = await openWindow({ programs: true });
    await user.click(await screen.findByLabelText("Key 1"));
    await user.keyboard("roo");
    fake.ask("backup", "c1");
    const asking = await dialog();
    await waitFor(() => expect(asking).toHaveFocus());
    await user.keyboard("m{Enter} {Enter}{Control>}{Enter}{/Control}t");
    await rest();
    await user.keyboard("a{Enter} {Enter}{Control>}{Enter}{/Control}t");
    expect(asked(fake, "answerAsk")).toEqual([]);
    expect(asked(fake, "copyToken")).toEqual([]);
    expect(screen.queryByText("Workflow: choose one.")).toBeNull();
    expect(screen.getByLabelText("Key 1")).toHaveValue("roo");
    expect(asking).toBeVisible();
  });

  it("is allowed by a key of its own, and refused by Escape", async () => {
    const { fake, user } = await openWindow({ asking: true });
    await dialog();
    await rest();
    await user.keyboard("{Alt>}[KeyA]{/Alt}");
    await waitFor(() => expect(asked(fake, "answerAsk")).toEqual([["ask-backup-c1", "hour"]]));
    fake.ask("backup", "c2");
    await dialog();
    await rest();
    await user.keyboard("{Escape}");
    await waitFor(() => expect(asked(fake, "answerAsk").at(-1)).toEqual(["ask-backup-c2", null]));
    expect(await screen.findByText("Backup script was refused.")).toBeVisible();
  });

  it("comes over another dialog, and leaves it as it was", async () => {
    const { fake, user } = await openWindow({ programs: true });
    await screen.findByRole("heading", { level: 1, name: "Hillside Hotel" });
    await user.keyboard("{Control>}k{/Control}");
    const find = await screen.findByRole("combobox", { name: "Find or run" });
    await user.type(find, "who");
    fake.ask("backup", "c1");
    await dialog();
    await rest();
    await user.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull());
    expect(find).toHaveValue("who");
    expect(find).toBeVisible();
  });

  it("is asked about one after the other", async () => {
    const { fake, user } = await openWindow({ asking: true });
    fake.ask("room-display", "c2");
    await dialog();
    expect(await screen.findByText(/One more program is waiting/)).toBeVisible();
    await rest();
    await user.click(screen.getByRole("button", { name: "Refuse" }));
    const next = await screen.findByRole("alertdialog", { name: "Room display asks for a token" });
    expect(within(next).getByRole("button", { name: "Allow" })).toBeDisabled();
  });

  it("that waits no more is told, and not asked about any longer", async () => {
    const { fake, user } = await openWindow({ asking: true });
    await dialog();
    await rest();
    fake.failNext("answerAsk", fault("invalid_input", "It waits no more."));
    await user.click(screen.getByRole("button", { name: "Allow" }));
    expect(await screen.findByText(/^Backup script waits no more/)).toBeVisible();
    expect(screen.queryByText(/may have the token/)).toBeNull();
  });

  describe("and is not answered", () => {
    afterEach(() => {
      vi.useRealTimers();
    });

    it("is gone when its time is over", async () => {
      vi.useFakeTimers();
      const fake = createFake({ asking: true });
      render(App, { backend: fake });
      await vi.advanceTimersByTimeAsync(100);
      expect(screen.getByRole("alertdialog")).toBeInTheDocument();
      await vi.advanceTimersByTimeAsync(61_000);
      expect(screen.queryByRole("alertdialog")).toBeNull();
    });

    it("cannot be allowed in the first half second, neither by its key nor by a click", async () => {
      vi.useFakeTimers();
      const fake = createFake({ asking: true });
      render(App, { backend: fake });
      await vi.advanceTimersByTimeAsync(100);
      expect(screen.getByRole("button", { name: "Allow" })).toBeDisabled();
      await fireEvent.keyDown(document.activeElement ?? document.body, {
        key: "a",
        code: "KeyA",
        altKey: true,
      });
      await vi.advanceTimersByTimeAsync(100);
      expect(asked(fake, "answerAsk")).toEqual([]);
      await vi.advanceTimersByTimeAsync(500);
      expect(screen.getByRole("button", { name: "Allow" })).toBeEnabled();
    });
  });
});
