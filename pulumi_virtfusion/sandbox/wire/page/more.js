// What is shown on demand only, from the whole state: users, keys, packs, addresses, firewalls, and what there is to order.

import { control } from "./controls.js";
import { element, find, put, say, toast } from "./dom.js";
import { title } from "./servers.js";

const MOST = 200;

const byId = (rows) => new Map(rows.map((row) => [row.id, row]));
const nameIn = (rows, id) => byId(rows).get(id)?.name ?? (id === null ? "–" : `#${id}, which is gone`);
const counted = (rows, is) => String(rows.filter(is).length);
const yes = (value) => (value ? "yes" : "no");

const KINDS = [
  ["Users", "users", ["User", "E-mail", "Relation", "Servers", "Keys"], (state) => state.users.map((user) => [
    `${user.name} #${user.id}`, user.email, relation(user), counted(state.servers, (server) => server.ownerId === user.id),
    counted(state.ssh_keys, (key) => key.hidden.userId === user.id)])],
  ["SSH keys", "ssh_keys", ["Key", "Owner", "Text"], (state) => state.ssh_keys.map((key) => [
    `${key.name} #${key.id}`, nameIn(state.users, key.hidden.userId), key.publicKey])],
  ["Resource packs", "resource_packs", ["Pack", "Owner", "Enabled", "Servers"], (state) => state.resource_packs.map((pack) => [
    `${pack.name} #${pack.id}`, nameIn(state.users, pack.hidden.userId), yes(pack.hidden.enabled),
    counted(state.servers, (server) => server.hidden.resourcePackId === pack.id)])],
  ["Addresses", "addresses", ["Address", "Server", "Interface"], (state) => {
    const servers = byId(state.servers);
    return state.addresses.map((held) => [
      held.address, servers.has(held.serverId) ? title(servers.get(held.serverId)) : `#${held.serverId}`,
      held.position === 1 ? `${held.interface}, first` : held.interface]);
  }],
  ["Firewalls", null, ["Server", "Interface", "On", "Rulesets"], (state) => state.servers.flatMap((server) =>
    [["primary", "interfaces"], ["secondary", "secondaryInterfaces"]].flatMap(([name, list]) =>
      server.network[list].slice(0, 1).map((nic) => [title(server), name, yes(nic.firewallEnabled),
        server.hidden.firewallRulesets[name].map((id) => nameIn(state.firewall_rulesets, id)).join(", ") || "none"])))],
  ["Packages", null, ["Package", "Memory", "Cores", "Disk", "Enabled"], (state) => state.packages.map((pack) => [
    `${pack.name} #${pack.id}`, `${pack.memory} MB`, String(pack.cpuCores), `${pack.primaryStorage} GB`, yes(pack.enabled)])],
  ["Systems", null, ["System", "Variant", "Kind"], (state) => state.templates.map((template) => [
    `${template.name} ${template.version} #${template.id}`, template.variant ?? "–", template.type])],
  ["Hypervisors", null, ["Hypervisor", "Group", "Servers"], (state) => state.hypervisors.map((host) => [
    `${host.name} #${host.id}`, `${nameIn(state.hypervisor_groups, host.groupId)} #${host.groupId}`,
    counted(state.servers, (server) => server.hypervisorId === host.id)])],
];

function relation(user) {
  return user.extRelationId === null ? user.hidden.relStr ?? "–" : String(user.extRelationId);
}

let seen = "";
let chosen = null;

export function prepareMore() {
  put(find("kinds"), ...KINDS.map((kind) => {
    const [name, counted] = kind;
    const act = () => choose(chosen === kind ? null : kind).catch((error) => toast(error.message, true));
    return element("button",
      { type: "button", class: "chip", "data-kind": name, "aria-expanded": "false", "aria-controls": "more", on: { click: act } },
      element("span", { text: name }), counted && element("span", { class: "number", "data-count": counted }));
  }));
}

async function choose(kind) {
  chosen = kind;
  for (const button of find("kinds").children)
    button.setAttribute("aria-expanded", String(kind !== null && button.dataset.kind === kind[0]));
  find("more").hidden = kind === null;
  if (kind) await fill();
}

// Asks for the whole state only while a list of it is open and something may have changed.
export async function showMore(overview) {
  for (const number of find("kinds").querySelectorAll("[data-count]")) say(number, String(overview.counts[number.dataset.count]));
  const now = JSON.stringify([overview.log, overview.counts, overview.servers]);
  if (now === seen || chosen === null) return;
  seen = now;
  await fill();
}

async function fill() {
  const kind = chosen;
  const state = await control("GET", "/state");
  if (kind !== chosen) return; // another one was opened meanwhile
  const [, , heads, rowsOf] = kind;
  put(find("more"), table(heads, rowsOf(state)));
}

function table(heads, rows) {
  if (!rows.length) return element("p", { class: "hint", text: "None." });
  const left = rows.length - MOST;
  const body = rows.slice(-MOST).map((row) => element("tr", {}, ...row.map((text, place) =>
    element("td", { "data-label": heads[place], title: text, text }))));
  return element("div", {},
    element("table", { class: "rows small" }, element("thead", {}, element("tr", {}, ...heads.map((text) => element("th", { text })))),
      element("tbody", {}, ...body)),
    left > 0 ? element("p", { class: "hint", text: `and ${left} more` }) : null);
}
