// The page: asks the panel once a second, and shows what it says.

import { showChoices, showFaults, showTargets } from "./choices.js";
import { control } from "./controls.js";
import { copy, element, find, keep, say, toast } from "./dom.js";
import { prepareMore, showMore } from "./more.js";
import { learn, showRuns, since, wanted } from "./requests.js";
import { showServers } from "./servers.js";

const EVERY = 1000;
let latest = null;
let turn = Promise.resolve();

// One after the other, so that no answer overtakes a later one.
const refresh = () => {
  turn = turn.catch(() => null).then(refreshNow);
  return turn;
};

async function refreshNow() {
  const overview = await control("GET", "/overview");
  learn(await control("GET", wanted(since(overview))), overview.log);
  latest = overview;
  showCounters(overview);
  showClock(overview);
  showServers(overview);
  showTargets(overview.servers);
  showFaults(overview.faults);
  showRuns();
  await showMore(overview);
}

async function poll() {
  if (!document.hidden) {
    try {
      await refresh();
      live("live", true);
    } catch (error) {
      live(error instanceof TypeError ? "the panel does not answer" : error.message, false);
    }
  }
  setTimeout(poll, EVERY);
}

function live(text, isWell) {
  const node = find("live");
  say(node, isWell && latest ? `live · seed ${latest.profile}` : text);
  node.classList.toggle("bad", !isWell);
}

function showCounters({ counts, metrics }) {
  const failures = Object.entries(metrics.by_status).filter(([status]) => status === "dropped" || status >= "400");
  const figures = [
    ["Servers", counts.servers], ["Users", counts.users], ["Keys", counts.ssh_keys], ["Packs", counts.resource_packs],
    ["Addresses", counts.addresses], ["Requests", metrics.requests], ["In flight", metrics.in_flight],
    ["Failed", failures.reduce((sum, [, number]) => sum + number, 0)],
  ];
  keep(find("counters"), figures, ([name]) => name,
    ([name]) => element("div", {}, element("dt", { text: name }), element("dd", {})),
    (node, [name, figure]) => {
      say(node.lastElementChild, figure.toLocaleString("en"));
      node.classList.toggle("bad", name === "Failed" && figure > 0);
    });
}

function showClock({ now, ahead }) {
  say(find("now"), `${now.slice(0, 10)} ${now.slice(11, 19)} UTC`);
  find("now").dateTime = now;
  say(find("ahead"), ahead ? `put forward by ${duration(ahead)}` : "");
}

function duration(seconds) {
  const parts = [[86400, "d"], [3600, "h"], [60, "min"], [1, "s"]].map(([size, unit], place, all) =>
    [Math.floor((place ? seconds % all[place - 1][0] : seconds) / size), unit]);
  return parts.filter(([number]) => number).map(([number, unit]) => `${number} ${unit}`).join(" ");
}

// Does it, says what went wrong, and shows the panel as it then is.
const attempt = (act) => async (event) => {
  try {
    await act(event);
    await refresh();
  } catch (error) {
    toast(error.message, true);
  }
};

async function openSettings() {
  const { address, commands, token_is_shown: isShown } = await control("GET", "/connection");
  // The reader may have come by another of the panel's names, or through a tunnel.
  find("settings-lines").textContent = commands.map((line) => line.replace(address, location.origin)).join("\n");
  find("settings-note").hidden = isShown;
  say(find("settings-said"), "");
  find("settings").showModal();
  find("settings-copy").focus();
}

async function copySettings() {
  const lines = find("settings-lines");
  say(find("settings-said"), (await copy(lines.textContent, lines)) ? "Copied." : "Selected: copy with Ctrl+C.");
}

function openReset() {
  for (const radio of find("profiles").querySelectorAll("input")) radio.checked = radio.value === latest?.profile;
  find("reset-dialog").showModal();
}

async function reset() {
  const chosen = find("profiles").querySelector("input:checked");
  await control("POST", "/seed", { profile: chosen ? chosen.value : "demo" });
  find("reset-dialog").close();
  find("drift-outcome").hidden = true;
  toast("The panel is as new.");
}

function listen() {
  for (const button of document.querySelectorAll("[data-advance]"))
    button.addEventListener("click", attempt(() => control("POST", "/advance", { seconds: Number(button.dataset.advance) })));
  for (const button of document.querySelectorAll("[data-close]"))
    button.addEventListener("click", () => button.closest("dialog").close());
  find("copy-settings").addEventListener("click", attempt(openSettings));
  find("settings-copy").addEventListener("click", copySettings);
  find("settings").addEventListener("close", () => { find("settings-lines").textContent = ""; });
  find("reset").addEventListener("click", openReset);
  find("reset-now").addEventListener("click", attempt(reset));
  find("clear-requests").addEventListener("click", attempt(() => control("DELETE", "/requests")));
  find("only-writes").addEventListener("change", showRuns);
}

listen();
prepareMore();
try {
  await showChoices(refresh);
} catch (error) {
  toast(error.message, true);
}
poll();
