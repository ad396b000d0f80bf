// The chips: drift of a server, and faults; both are prepared by the panel.

import { control } from "./controls.js";
import { copyButton, element, find, keep, put, say, toast } from "./dom.js";
import { title } from "./servers.js";

// `afterwards` shows the panel anew at once.
export async function showChoices(afterwards) {
  const [drifts, faults] = await Promise.all([control("GET", "/drift"), control("GET", "/faults/prepared")]);
  const attempt = (act) => async () => {
    try {
      await act();
    } catch (error) {
      toast(error.message, true);
    }
    await afterwards();
  };
  put(find("drifts"), ...drifts.map((drift) => choice(drift, { "data-drift": drift.name }, attempt(() => makeDrift(drift)))));
  put(find("faults"), ...faults.map((fault) => choice(fault, { "data-fault": fault.title }, attempt(() => arm(fault)))));
  find("clear-faults").addEventListener("click", attempt(() => control("DELETE", "/faults")));
}

function choice({ title: name, story }, marks, act) {
  return element("li", {},
    element("button", { type: "button", class: "chip", ...marks, on: { click: act } },
      element("span", { text: name }), element("span", { class: "hits", hidden: true })),
    element("span", { class: "hint", text: story }));
}

async function makeDrift(drift) {
  const server = find("drift-server").selectedOptions[0];
  if (!server) throw new Error("There is no server to change yet.");
  const { set, delete: gone } = await control("POST", "/drift", { name: drift.name, id: Number(server.value) });
  const what = gone ? "it is gone" : Object.entries(set).map(([path, value]) => `${path} = ${JSON.stringify(value)}`).join(", ");
  const outcome = find("drift-outcome");
  put(outcome,
    element("p", {}, element("b", { text: server.textContent }), element("span", { text: `: ${what}` })),
    element("p", { class: "hint", text: drift.shows }), copyButton(drift.command));
  outcome.hidden = false;
}

async function arm(fault) {
  await control("POST", "/faults", fault.fault);
  toast(`${fault.title}: armed.`);
}

export function showTargets(servers) {
  const select = find("drift-server");
  keep(select, servers.length ? servers : [{ id: "", name: "no server yet" }], (server) => server.id,
    (server) => element("option", { value: String(server.id) }), (option, server) => say(option, title(server)));
  select.disabled = servers.length === 0;
  for (const chip of find("drifts").querySelectorAll("button")) chip.disabled = servers.length === 0;
}

export function showFaults(faults) {
  const chips = [...find("faults").querySelectorAll("button")];
  const prepared = new Set(chips.map((chip) => chip.dataset.fault));
  for (const chip of chips) {
    const own = faults.filter((fault) => fault.name === chip.dataset.fault);
    const open = own.filter((fault) => fault.times === null || fault.hits < fault.times).length;
    const hits = own.reduce((sum, fault) => sum + fault.hits, 0);
    const badge = chip.querySelector(".hits");
    badge.hidden = own.length === 0;
    say(badge, open ? `armed · ${times(hits)}` : times(hits));
    chip.classList.toggle("armed", open > 0);
  }
  const others = faults.map((fault, place) => ({ ...fault, place })).filter((fault) => !prepared.has(fault.name));
  keep(find("armed"), others, (fault) => fault.place, () => element("li", { class: "hint" }), (node, fault) =>
    say(node, `${fault.name && `${fault.name}: `}${fault.method === ".*" ? "any method" : fault.method} ${fault.path || "any path"}: ${times(fault.hits)}`));
  find("clear-faults").disabled = faults.length === 0;
}

const times = (hits) => (hits === 1 ? "1 hit" : `${hits} hits`);
