// The two operations of this page, and the one function that sends them.

const CARD = `fragment Card on Article {
  slug
  title
  excerpt
  type
  publishedDateTime
  url
  provider { name domain image(minWidth: 40) { url } }
  topics { slug name }
  image(minWidth: 360) { url width height }
  related(first: 3) { title url provider { name } }
}`;

const FACETS = `fragment Facets on ArticleFacets {
  topics(first: 12) { count topic { slug name } }
  providers(first: 8) { count provider { domain name } }
  types { value count }
}`;

const PAGE = `totalCount
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    facets { ...Facets }`;

const NEWEST = `query Newest(
  $first: Int, $after: String, $last: Int, $before: String, $filter: ArticleFilter
) {
  found: articles(first: $first, after: $after, last: $last, before: $before, filter: $filter) {
    ${PAGE}
    edges { node { ...Card } }
  }
}
${CARD}
${FACETS}`;

const SEARCH = `query Search(
  $words: String!
  $first: Int, $after: String, $last: Int, $before: String, $filter: ArticleFilter
) {
  found: search(
    query: $words, first: $first, after: $after, last: $last, before: $before, filter: $filter
  ) {
    ${PAGE}
    edges { highlights node { ...Card } }
  }
}
${CARD}
${FACETS}`;

const PAGE_SIZE = 12;

/** What an address asks for, as an operation: {query, variables}. */
export function operationFor(search) {
  const asked = new URLSearchParams(search);
  const filter = {};
  if (asked.get("topic")) filter.topics = { anyOf: [asked.get("topic")] };
  if (asked.get("provider")) filter.provider = { domain: { eq: asked.get("provider") } };
  if (asked.get("type")) filter.type = { eq: asked.get("type") };
  const page = asked.get("before")
    ? { last: PAGE_SIZE, before: asked.get("before") }
    : { first: PAGE_SIZE, after: asked.get("after") };
  const words = asked.get("q")?.trim();
  return words
    ? { query: SEARCH, variables: { ...page, filter, words } }
    : { query: NEWEST, variables: { ...page, filter } };
}

/** The {data, hints} of an operation. Throws an Error with the server's own sentence. */
export async function ask(endpoint, operation, signal) {
  const response = await fetch(endpoint, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      Accept: "application/graphql-response+json, application/json;q=0.9",
    },
    body: JSON.stringify(operation),
    signal,
  });
  const { data, errors, extensions } = await response.json();
  if (errors?.length) throw new Error(errors[0].message);
  return { data, hints: extensions?.hints ?? [] };
}
