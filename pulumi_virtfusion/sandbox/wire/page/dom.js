// Elements from data: text only ever becomes a text node, and attributes are named here, never by an answer.

export const find = (id) => document.getElementById(id);

export function element(tag, facts = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(facts)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "class") node.className = value;
    else if (name === "text") node.textContent = value;
    else if (name === "on") for (const [event, act] of Object.entries(value)) node.addEventListener(event, act);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

// Changes nothing that is right already: what a reader has selected or focused stays so.
export function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

export function put(node, ...children) {
  node.replaceChildren(...children.filter((child) => child !== null && child !== undefined));
}

// One child of `holder` for each item, in order; a child is made once and updated from then on.
export function keep(holder, items, keyOf, make, update) {
  const known = new Map([...holder.children].map((child) => [child.dataset.key, child]));
  let place = holder.firstElementChild;
  for (const item of items) {
    const key = String(keyOf(item));
    let child = known.get(key);
    known.delete(key);
    if (!child) {
      child = make(item);
      child.dataset.key = key;
    }
    update(child, item);
    if (child === place) place = place.nextElementSibling;
    else holder.insertBefore(child, place);
  }
  for (const gone of known.values()) gone.remove();
}

let hiding;

export function toast(text, isBad = false) {
  const node = find("toast");
  node.textContent = text;
  node.classList.toggle("bad", isBad);
  node.hidden = false;
  clearTimeout(hiding);
  hiding = setTimeout(() => { node.hidden = true; }, isBad ? 8000 : 4000);
}

// True where the text went to the clipboard; otherwise it is selected, for the reader's own copy command.
export async function copy(text, shown) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    getSelection().selectAllChildren(shown);
    return false;
  }
}

export function copyButton(text) {
  const shown = element("code", { text });
  const button = element("button", { type: "button", class: "quiet", text: "Copy" });
  button.addEventListener("click", async () => {
    say(button, (await copy(text, shown)) ? "Copied" : "Selected");
    setTimeout(() => say(button, "Copy"), 1500);
  });
  return element("span", { class: "command" }, shown, button);
}
