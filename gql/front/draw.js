// Data in, elements out. Text only ever becomes text nodes, so no article can bring markup along.

/** A card for one edge of the list. */
export function card({ node, highlights }, linkTo) {
  const { title, url, excerpt, type, publishedDateTime, provider, topics, related } = node;
  return el(
    "article",
    { className: "card" },
    picture(node),
    el(
      "div",
      { className: "body" },
      el("h3", {}, out(url, title)),
      el("p", { className: "by" }, ...byline(provider, publishedDateTime, linkTo)),
      highlights?.length
        ? el("p", { className: "excerpt" }, ...highlights.flatMap(marked))
        : excerpt && el("p", { className: "excerpt" }, excerpt),
      el(
        "ul",
        { className: "chips", ariaLabel: "Topics" },
        type !== "article" && el("li", { className: "type" }, type),
        ...topics.map(({ slug, name }) =>
          el("li", {}, el("a", { href: linkTo({ topic: slug }) }, name)),
        ),
      ),
      related.length > 0 && relatedItems(related),
    ),
  );
}

/** A list of counts, each a link that narrows the list, the chosen one marked and undoable. */
export function facet(heading, key, counts, linkTo, chosen) {
  if (counts.length === 0) return null;
  return el(
    "section",
    {},
    el("h2", {}, heading),
    el(
      "ul",
      { className: "facet" },
      ...counts.map(({ value, label, count }) => {
        const on = value === chosen;
        const props = { href: linkTo({ [key]: on ? null : value }) };
        if (on) props.ariaCurrent = "true";
        return el("li", {}, el("a", props, label), " ", el("span", {}, count.toLocaleString()));
      }),
    ),
  );
}

// What a hint's values are to the address of this page, by the argument that it is about.
const MEANT = {
  query: (topic) => ({ q: null, topic }),
  "filter.topics.anyOf": (topic) => ({ topic }),
  "filter.provider.domain.eq": (provider) => ({ provider }),
  "filter.type.eq": (type) => ({ type }),
};

/** Why nothing was found, and links to what there is that is nearest. */
export function hint({ argument, message, nearest }, linkTo) {
  const meant = MEANT[argument];
  const links = (meant ? nearest : []).map(({ value, count }) =>
    el("li", {}, el("a", { href: linkTo(meant(value)) }, value), ` (${count})`),
  );
  return el("div", { className: "hint" }, el("p", {}, message), el("ul", {}, ...links));
}

/** An element with its properties and children; false and null children are left out. */
export function el(tag, props, ...children) {
  const element = Object.assign(document.createElement(tag), props);
  element.append(...children.filter((child) => child || child === 0));
  return element;
}

function picture({ image, provider, title }) {
  const frame = el("div", { className: "picture" });
  const instead = () =>
    el("span", { className: "instead", ariaHidden: "true" }, provider?.name ?? "Newsstand");
  frame.dataset.tint = String([...title].reduce((sum, c) => sum + c.codePointAt(0), 0) % 6);
  if (!web(image?.url)) {
    frame.append(instead());
    return frame;
  }
  const shown = el("img", { src: image.url, alt: "", loading: "lazy", decoding: "async" });
  if (image.width && image.height) Object.assign(shown, { width: image.width, height: image.height });
  shown.addEventListener("error", () => shown.replaceWith(instead()), { once: true });
  frame.append(shown);
  return frame;
}

function byline(provider, published, linkTo) {
  const parts = [];
  if (web(provider?.image?.url)) {
    const logo = el("img", { src: provider.image.url, alt: "", width: 20, height: 20 });
    logo.addEventListener("error", () => logo.remove(), { once: true });
    parts.push(logo);
  }
  if (provider) parts.push(el("a", { href: linkTo({ provider: provider.domain }) }, provider.name));
  if (published) {
    const day = new Date(published).toLocaleDateString(undefined, { dateStyle: "medium" });
    parts.push(el("time", { dateTime: published }, day));
  }
  return parts;
}

function relatedItems(items) {
  return el(
    "details",
    {},
    el("summary", {}, `Related (${items.length})`),
    el(
      "ul",
      {},
      ...items.map(({ title, url, provider }) =>
        el("li", {}, out(url, title), provider && el("span", {}, ` ${provider.name}`)),
      ),
    ),
  );
}

/** A link to elsewhere; plain text where there is no web address. */
function out(url, text) {
  return web(url) ? el("a", { href: url, rel: "noreferrer" }, text) : el("span", {}, text);
}

const web = (url) => /^https?:\/\//i.test(url ?? "");

/** A highlight (text escaped for HTML, with <mark>) as nodes: text and marks, nothing else. */
function marked(highlight) {
  const { body } = new DOMParser().parseFromString(highlight, "text/html");
  const nodes = [...body.childNodes].map((node) =>
    node.nodeName === "MARK" ? el("mark", {}, node.textContent) : node.textContent,
  );
  return [...nodes, " … "];
}
