// The front page: the address says what to show, the API answers, draw.js makes elements of it.
// Every link is a real address, so that a reload, a bookmark and the back button all work.

import { ask, operationFor } from "./api.js";
import { card, el, facet, hint } from "./draw.js";

const { endpoint } = document.body.dataset;
const find = (selector) => document.querySelector(selector);
const form = find("form.search");
const columns = find(".columns");
const results = find("#results");
let latest = new AbortController();
let shown; // the part of the address that says what the list is, as it was last asked for

/** The address of this page with some of its parts changed; a new choice starts at page one. */
function linkTo(changes) {
  const to = new URLSearchParams(location.search);
  for (const key of ["after", "before"]) to.delete(key);
  for (const [key, value] of Object.entries(changes)) {
    if (value) to.set(key, value);
    else to.delete(key);
  }
  return to.size ? `/?${to}` : "/";
}

async function show({ focus = false } = {}) {
  latest.abort();
  latest = new AbortController();
  const { signal } = latest;
  shown = location.search;
  form.elements.q.value = new URLSearchParams(location.search).get("q") ?? "";
  columns.setAttribute("aria-busy", "true");
  const from = document.activeElement;
  try {
    const { data, hints } = await ask(endpoint, operationFor(location.search), signal);
    draw(data.found, hints);
  } catch (error) {
    if (signal.aborted) return; // a newer one draws
    sayFailure(error);
  }
  columns.removeAttribute("aria-busy");
  // Whoever has moved on while the answer was under way stays where they are.
  const stayed = [from, document.body].includes(document.activeElement);
  if (focus && stayed) results.focus();
}

function draw({ edges, totalCount, pageInfo, facets }, hints) {
  const asked = new URLSearchParams(location.search);
  results.textContent = heading(asked, facets);
  find(".status").replaceChildren(
    `${totalCount.toLocaleString()} article${totalCount === 1 ? "" : "s"}. `,
    ...(asked.size > 0 ? [el("a", { href: "/" }, "Show all")] : []),
    ...hints.map((one) => hint(one, linkTo)),
  );
  find(".cards").replaceChildren(...edges.map((edge) => card(edge, linkTo)));
  find(".pages").replaceChildren(...pages(pageInfo));
  find("aside").replaceChildren(...narrowing(facets, asked));
}

function heading(asked, facets) {
  const words = asked.get("q")?.trim();
  const slug = asked.get("topic");
  const topic = facets.topics.find((one) => one.topic.slug === slug)?.topic.name ?? slug;
  const where = [topic && `in ${topic}`, asked.get("provider") && `from ${asked.get("provider")}`];
  return [words ? `Found for “${words}”` : "Newest articles", ...where].filter(Boolean).join(" ");
}

function pages({ hasPreviousPage, hasNextPage, startCursor, endCursor }) {
  return [
    hasPreviousPage && el("a", { href: linkTo({ before: startCursor }), rel: "prev" }, "← Newer"),
    hasNextPage && el("a", { href: linkTo({ after: endCursor }), rel: "next" }, "Older →"),
  ].filter(Boolean);
}

function narrowing({ topics, providers, types }, asked) {
  const lists = [
    ["Topics", "topic", topics.map((t) => [t.topic.slug, t.topic.name, t.count])],
    ["Providers", "provider", providers.map((p) => [p.provider.domain, p.provider.name, p.count])],
    ["Types", "type", types.map((t) => [t.value, t.value, t.count])],
  ];
  return lists
    .map(([name, key, rows]) => {
      const counts = rows.map(([value, label, count]) => ({ value, label, count }));
      return facet(name, key, counts, linkTo, asked.get(key));
    })
    .filter(Boolean);
}

function sayFailure(error) {
  const again = el("button", { type: "button", onclick: () => show({ focus: true }) }, "Try again");
  find(".cards").replaceChildren();
  find(".pages").replaceChildren();
  find(".status").replaceChildren(`The articles did not come: ${error.message} `, again);
}

function go(address) {
  history.pushState(null, "", address);
  show({ focus: true });
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='/']");
  const plain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey);
  const here = link && new URL(link.href).pathname === "/";
  if (!here || !plain || event.altKey) return;
  event.preventDefault();
  go(link.getAttribute("href"));
});

form.addEventListener("submit", (event) => {
  event.preventDefault();
  go(linkTo({ q: form.elements.q.value.trim() }));
});

// A link to a part of the page (#results) is history as well, but of the same list: drawing that
// again would take the focus away from whoever has just been brought to it.
addEventListener("popstate", () => {
  if (location.search !== shown) show();
});

form.hidden = document.body.dataset.search !== "true";
columns.hidden = false;
show();
