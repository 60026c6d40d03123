import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";

import { CombinedGraphQLErrors, gql } from "@apollo/client";
import { PersistedQueryLink } from "@apollo/client/link/persisted-queries";

import { held, noting, PAGE, PAGES, slugs, url, whatIsSaid } from "../served.mjs";
import { makeClient } from "./client.mjs";

// `articles` as one list, whatever the number of pages: edges, not nodes, are what the cache joins.
const FRONT = gql`
  query Front($first: Int!, $after: String, $filter: ArticleFilter) {
    articles(first: $first, after: $after, filter: $filter) {
      totalCount
      edges { node { id slug title provider { id name } topics { id name } image { url width } } }
      pageInfo { hasNextPage endCursor }
    }
  }
`;

// Each answer of fetchMore is its own page; the list, with all of them joined, is the cache's.
async function walk(client, variables) {
  const asked = { query: FRONT, variables: { first: PAGE, ...variables } };
  let { data } = await client.query(asked);
  const list = client.watchQuery(asked);
  const subscription = list.subscribe({});
  while (data.articles.pageInfo.hasNextPage) {
    const after = data.articles.pageInfo.endCursor;
    ({ data } = await list.fetchMore({ variables: { after } }));
  }
  subscription.unsubscribe();
  return client.readQuery(asked).articles;
}

const ofType = (client, type) =>
  Object.values(client.cache.extract()).filter((one) => one.__typename === type);

test("Apollo Client walks all pages into one list", async (context) => {
  const said = whatIsSaid(context);
  const sent = [];
  const client = makeClient(url, noting(sent));
  const all = await walk(client);
  assert.deepEqual(all.edges.map(({ node }) => node.slug), slugs);
  assert.equal(all.totalCount, slugs.length);
  assert.equal(sent.length, PAGES);
  const again = await client.query({ query: FRONT, variables: { first: PAGE } });
  assert.equal(again.data.articles.edges.length, slugs.length);
  assert.equal(sent.length, PAGES, "the list is read from the cache");
  assert.deepEqual(said, []);
});

test("Apollo Client's cache holds each object once, whichever way it was reached", async (context) => {
  const said = whatIsSaid(context);
  const client = makeClient(url);
  await walk(client);
  const used = new Set(held.articles.flatMap((article) => article.topics));
  const names = [...used].map((slug) => held.topics[slug]).sort();
  assert.equal(ofType(client, "Article").length, slugs.length);
  assert.deepEqual(ofType(client, "Topic").map((topic) => topic.name).sort(), names);
  const { data } = await client.query({
    query: gql`
      query One($slug: String!) {
        article(slug: $slug) {
          id contentHtml image { url height } similar(first: 3) { id heat }
        }
      }
    `,
    variables: { slug: slugs[0] },
  });
  const article = client.cache.extract()[`Article:${data.article.id}`];
  assert.equal(article.title, held.articles[0].title, "known from the list");
  assert.match(article.contentHtml, /</, "known from the article itself");
  assert.deepEqual(Object.keys(article.image).sort(), ["__typename", "height", "url", "width"]);
  assert.ok(data.article.similar.length > 0);
  assert.equal(ofType(client, "Article").length, slugs.length, "similar ones are known ones");
  assert.deepEqual(said, []);
});

test("Apollo Client is told all types of each interface", async () => {
  const client = makeClient(url);
  const { data } = await client.query({
    query: gql`{ __schema { types { kind name possibleTypes { name } } } }`,
  });
  const served = data.__schema.types.filter((type) => type.kind === "INTERFACE");
  assert.ok(served.length > 0);
  for (const { name, possibleTypes } of served) {
    const told = client.cache.config.possibleTypes[name] ?? [];
    assert.deepEqual(told.toSorted(), possibleTypes.map((type) => type.name).sort(), name);
  }
});

test("Apollo Client keeps lists of different filters apart", async () => {
  const client = makeClient(url);
  const [topic] = held.articles[0].topics;
  const named = (article) => article.topics.includes(topic);
  await walk(client);
  const some = await walk(client, { filter: { topics: { anyOf: [topic] } } });
  const expected = held.articles.filter(named).map((article) => article.slug);
  assert.deepEqual(some.edges.map(({ node }) => node.slug), expected);
  assert.equal((await walk(client)).edges.length, slugs.length);
});

test("Apollo Client matches fragments on interfaces", async () => {
  const { data } = await makeClient(url).query({
    query: gql`
      fragment Card on Story { title url }
      query Cards { articles(first: 100) { edges { node { ...Card related { ...Card } } } } }
    `,
  });
  const titles = data.articles.edges.map(({ node }) => node.title);
  assert.deepEqual(titles, held.articles.map((article) => article.title));
  const related = data.articles.edges.flatMap(({ node }) => node.related);
  assert.ok(related.length > 0 && related.every((item) => item.title.length > 0));
});

test("Apollo Client sends the whole source where it had sent a hash", async () => {
  const sent = [];
  const sha256 = (source) => createHash("sha256").update(source).digest("hex");
  const hashes = new PersistedQueryLink({ sha256, useGETForHashedQueries: true });
  const client = makeClient(url, noting(sent));
  client.setLink(hashes.concat(client.link));
  for (const first of [1, 2]) {
    const asked = { query: FRONT, variables: { first }, fetchPolicy: "network-only" };
    const { data } = await client.query(asked);
    assert.equal(data.articles.edges[0].node.slug, slugs[0]);
  }
  assert.equal(sent.length, 3, "once the hash, then no more hashes");
});

test("Apollo Client hands on an error's code and path", async () => {
  const asked = makeClient(url).query({ query: FRONT, variables: { first: 5000 } });
  await assert.rejects(asked, (error) => {
    assert.ok(CombinedGraphQLErrors.is(error), String(error));
    assert.equal(error.errors[0].extensions.code, "BAD_USER_INPUT");
    assert.match(error.message, /allowed are 1 to 100/);
    return true;
  });
});
