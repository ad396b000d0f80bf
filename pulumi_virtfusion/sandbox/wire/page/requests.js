// The log by run: a client's User-Agent says which command it runs for; others are told apart by pauses.

import { element, find, keep, say } from "./dom.js";

const MOST = 500;
const PAUSE = 30000;
const AGENT = /^pulumi-virtfusion\/\S+ \(([^()]*?)(?:; ([^();]*))?; run ([0-9a-f]{4,32})\)$/;

const entries = new Map();
let process = null;

// The id after which the log is wanted: what is under way is asked for again.
export function since(overview) {
  if (overview && overview.process !== process) {
    process = overview.process;
    entries.clear();
  }
  const waiting = [...entries.values()].find((entry) => entry.ms === null);
  return waiting ? waiting.id - 1 : Math.max(0, ...entries.keys());
}

export const wanted = (after) => `/requests?since=${after}&limit=${MOST}`;

export function learn(found, log) {
  for (const entry of found) entries.set(entry.id, entry);
  for (const id of [...entries.keys()].sort((a, b) => a - b)) {
    if (id < log.first || entries.size > MOST) entries.delete(id);
    else break;
  }
}

export const writes = (entry) => entry.method !== "GET" && entry.method !== "HEAD";
const failed = (entry) => entry.ms !== null && (entry.status === null || entry.status >= 400);

export function showRuns() {
  const only = find("only-writes").checked;
  const runs = grouped([...entries.values()].sort((a, b) => a.id - b.id));
  const shown = runs.filter((run) => !only || run.entries.some(writes)).reverse();
  find("runs-empty").hidden = shown.length > 0;
  keep(find("runs"), shown, (run) => run.key, (run) => newRun(shown.indexOf(run) < 2), (node, run) => showRun(node, run, only));
}

function grouped(all) {
  const runs = new Map();
  for (const entry of all) {
    const [, command, process = "", run] = AGENT.exec(entry.agent) ?? [];
    const key = run ?? burst(runs, entry);
    if (!runs.has(key)) runs.set(key, { key, name: command ?? agentName(entry), id: run, entries: [] });
    runs.get(key).entries.push({ ...entry, by: process });
  }
  return [...runs.values()];
}

const agentName = (entry) => entry.agent.split(" ")[0] || (entry.status === 401 ? "without a token" : "unnamed");

// The requests of a client that names no run belong together until it pauses.
function burst(runs, entry) {
  const name = agentName(entry);
  const last = [...runs.values()].reverse().find((run) => !run.id && run.name === name);
  const pause = last && Date.parse(entry.time) - Date.parse(last.entries.at(-1).time);
  return last && pause < PAUSE ? last.key : `burst ${entry.id}`;
}

function newRun(isOpen) {
  const summary = element("summary", {}, element("span", { class: "run-name" }), element("span", { class: "hint" }),
    element("span", { class: "tallies" }));
  return element("details", { class: "run", open: isOpen }, summary, element("ol", {}));
}

function showRun(node, run, only) {
  const [summary, list] = node.children;
  const [name, when, tallies] = summary.children;
  say(name, run.name);
  say(when, clock(run.entries[0].time));
  const [writing, failing] = [run.entries.filter(writes).length, run.entries.filter(failed).length];
  keep(tallies, [
    { key: "all", text: count(run.entries.length, "request"), kind: "idle" },
    { key: "writes", text: count(writing, "write"), kind: writing ? "write" : "idle" },
    ...(failing ? [{ key: "failed", text: `${failing} failed`, kind: "bad" }] : []),
  ], (tally) => tally.key, () => element("span", {}), (tally, { text, kind }) => {
    say(tally, text);
    tally.className = `tally ${kind}`;
  });
  const shown = run.entries.filter((entry) => !only || writes(entry));
  keep(list, shown, (entry) => entry.id, newEntry, showEntry);
}

const count = (number, what) => `${number} ${what}${number === 1 ? "" : "s"}`;
export const clock = (time) => new Date(time).toLocaleTimeString([], { hourCycle: "h23" });

function newEntry(entry) {
  const line = [
    element("time", { datetime: entry.time, text: clock(entry.time) }), element("b", { text: entry.method }),
    element("span", { class: "path", text: entry.path }), element("span", { class: "by hint", text: entry.by }),
    element("span", { class: "status" }), element("span", { class: "ms hint" }),
  ];
  const held = element("details", {}, element("summary", { class: "line" }, ...line), element("div", { class: "inside" }));
  held.addEventListener("toggle", () => { if (held.open) fill(held.lastElementChild, held.entry); });
  return element("li", { class: writes(entry) ? "write" : "" }, held);
}

function showEntry(node, entry) {
  const held = node.firstElementChild;
  const [, , , , status, ms] = held.firstElementChild.children;
  const wasOpen = held.entry && held.entry.ms === null && held.open;
  held.entry = entry;
  say(status, statusOf(entry));
  status.className = `status ${failed(entry) ? "bad" : entry.ms === null ? "busy" : "good"}`;
  say(ms, entry.ms === null ? "" : `${entry.ms < 10 ? entry.ms.toFixed(1) : Math.round(entry.ms)} ms`);
  if (wasOpen) fill(held.lastElementChild, entry);
}

function statusOf(entry) {
  if (entry.ms === null) return "…";
  if (entry.status === null) return entry.done ? "dropped, done" : "dropped";
  return entry.status >= 400 && entry.done && writes(entry) ? `${entry.status}, done` : String(entry.status);
}

function fill(inside, entry) {
  const facts = [["Query", entry.query], ["Body", entry.body]].filter(([, value]) => value && Object.keys(value).length);
  const parts = facts.flatMap(([name, value]) =>
    [element("h4", { text: name }), element("pre", { tabindex: "0", text: JSON.stringify(value, null, 2) })]);
  if (!facts.length) parts.push(element("p", { class: "hint", text: "No query, no body." }));
  parts.push(element("p", { class: "hint", text: `Request ${entry.id} · ${entry.time} · ${entry.agent || "no User-Agent"}` }));
  inside.replaceChildren(...parts);
}
