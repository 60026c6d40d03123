// A link that carries an operation. It stands in the fragment, which browsers do not send to
// servers, so it is in no log. Headers are left out: they hold tokens.

/** The page's address with this operation in it. */
export function toLink(page, { query, variables }) {
  const link = new URL(page);
  const parts = new URLSearchParams({ query });
  if (variables?.trim()) parts.set("variables", variables);
  link.hash = parts.toString();
  return link.href;
}

/** The operation that a location's fragment carries; null where it carries none. */
export function fromLink(hash) {
  const parts = new URLSearchParams(hash.replace(/^#/, ""));
  const query = parts.get("query");
  return query ? { query, variables: parts.get("variables") ?? "" } : null;
}
