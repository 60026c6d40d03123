// The instance under test and what its store holds, read from MongoDB and not through the API:
// {articles: [{slug, title, topics: [slug], provider: key or null}], newest first; topics and
// providers: {key: name}}.
import { readFileSync } from "node:fs";

export const url = `${process.env.NEWSSTAND_URL}/graphql`;
export const held = JSON.parse(readFileSync(process.env.NEWSSTAND_HELD, "utf8"));
export const slugs = held.articles.map((article) => article.slug);

// 4 does not divide the number of articles, so the last page is a short one.
export const PAGE = 4;
export const PAGES = Math.ceil(slugs.length / PAGE);

// A fetch that notes the variables of each operation that it sends, by POST or (urql) by GET.
export function noting(sent) {
  return (address, options) => {
    const inUrl = () => new URL(address).searchParams.get("variables");
    const variables = options.body ? JSON.parse(options.body).variables : JSON.parse(inUrl());
    sent.push(variables ?? {});
    return fetch(address, options);
  };
}

// What a client warns of, it warns of because of our schema, our answers or our advice.
export function whatIsSaid(context) {
  const said = [];
  for (const level of ["warn", "error"]) {
    context.mock.method(console, level, (...words) => said.push(words.map(String).join(" ")));
  }
  return said;
}
