// The table of servers: one row a server, in words, with a bar while the panel works on it.

import { element, find, keep, say } from "./dom.js";

const STATES = {
  complete: "good", building: "busy", queued: "busy", failed: "bad", allocated: "idle",
};
const WORK = {
  build_server: "installing", delete_server: "deleting", reset_password: "setting a password",
  boot: "booting", shutdown: "shutting down", restart: "restarting", poweroff: "powering off",
};

export function showServers(overview) {
  const { servers, counts } = overview;
  const left = counts.servers - servers.length;
  say(find("servers-note"), left > 0 ? `the latest ${servers.length} of ${counts.servers}` : "");
  find("servers").hidden = servers.length === 0;
  find("servers-empty").hidden = servers.length > 0;
  keep(find("servers").tBodies[0], [...servers].reverse(), (server) => server.id, row, update);
}

export const title = (server) => server.name || server.hostname || `server ${server.id}`;

function named(thing) {
  if (!thing) return "–";
  return thing.name === null ? `#${thing.id}, which is gone` : thing.name || `#${thing.id}`;
}

function row() {
  return element("tr", {},
    element("th", { scope: "row", class: "name" }, element("span", { class: "first" }), element("small", {})),
    element("td", { "data-label": "State" }, element("span", { class: "pill" }), element("small", {}), bar()),
    ...["Package", "Owner", "Address", "Where"].map((label) =>
      element("td", { "data-label": label }, element("span", { class: "first" }), element("small", {}))));
}

const bar = () => element("progress", { max: "1", hidden: true });

function update(node, server) {
  const [name, state, pack, owner, address, where] = node.children;
  pair(name, title(server), `#${server.id}${server.hostname && server.name ? ` · ${server.hostname}` : ""}`);
  showState(state, server);
  pair(pack, named(server.package), `${gigabytes(server.memory)} · ${server.cores} ${server.cores === 1 ? "core" : "cores"} · ${server.storage} GB`);
  pair(owner, named(server.owner), server.owner ? `user ${server.owner.id}` : "");
  const more = server.addresses.length - 1;
  pair(address, server.addresses[0] ?? "–", more > 0 ? `and ${more} more` : "");
  pair(where, named(server.group), named(server.hypervisor));
}

function pair(cell, first, second) {
  const [large, small] = cell.children;
  say(large, first);
  if (large.title !== first) large.title = first;
  say(small, second);
}

function showState(cell, server) {
  const [pill, note, progress] = cell.children;
  const [word, kind] = stateOf(server);
  say(pill, word);
  pill.className = `pill ${kind}`;
  say(note, server.work ? `${WORK[server.work.action] ?? server.work.action}, ${Math.ceil(server.work.seconds)} s left`
    : server.delete_at ? `to be deleted at ${server.delete_at.slice(11, 16)} UTC` : server.system ?? "");
  progress.hidden = !server.work;
  if (server.work) progress.value = server.work.share;
  progress.setAttribute("aria-label", `${title(server)}: ${word}`);
}

function stateOf(server) {
  if (server.suspended) return ["suspended", "warn"];
  if (server.state === "complete") return server.running ? ["running", "good"] : ["stopped", "idle"];
  return [server.state, STATES[server.state] ?? "idle"];
}

const gigabytes = (megabytes) =>
  megabytes >= 1024 && megabytes % 512 === 0 ? `${megabytes / 1024} GB` : `${megabytes} MB`;
