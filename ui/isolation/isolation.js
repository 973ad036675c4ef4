// The isolation hook: every message to the core passes here first, in a frame of its own. It checks the shape only;
// the core checks the content again. A message of another shape is not passed on.
"use strict";

// Our commands are plain snake_case; beside them only Tauri's events, and the channel that carries long answers.
const COMMAND =
  /^(?:[a-z][a-z_]{0,63}|plugin:[a-z][a-z-]{0,31}\|[a-z][a-z_]{0,63}|plugin:__TAURI_CHANNEL__\|fetch)$/;
const MOST_CHARACTERS = 4 * 1024 * 1024;

const isPlain = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
const isCallback = (value) => Number.isInteger(value) && value >= 0;

function size(value) {
  try {
    return JSON.stringify(value)?.length ?? 0;
  } catch {
    return Infinity;
  }
}

window.__TAURI_ISOLATION_HOOK__ = (message) => {
  if (!isPlain(message)) throw new Error("not a message");
  if (typeof message.cmd !== "string" || !COMMAND.test(message.cmd))
    throw new Error("not a command");
  if (!isCallback(message.callback) || !isCallback(message.error))
    throw new Error("not a callback");
  const payload = message.payload ?? {};
  if (!isPlain(payload)) throw new Error("not an object of arguments");
  if (size(payload) > MOST_CHARACTERS) throw new Error("too long");
  return message;
};
