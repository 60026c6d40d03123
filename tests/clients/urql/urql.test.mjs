import assert from "node:assert/strict";
import { test } from "node:test";

import { gql } from "@urql/core";
import { getIntrospectionQuery } from "graphql";

import { held, noting, PAGE, PAGES, slugs, url, whatIsSaid } from "../served.mjs";
import { makeClient } from "./client.mjs";

const PAGE_OF_ARTICLES = gql`
  query Page($first: Int, $after: String, $last: Int, $before: String) {
    articles(first: $first, after: $after, last: $last, before: $before) {
      totalCount
      nodes { id slug }
      edges { node { id slug title topics { id name } related { title article { id title } } } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
`;

const SEARCH = gql`
  query Search($query: String!, $first: Int, $after: String) {
    search(query: $query, first: $first, after: $after) {
      totalCount
      edges { score node { id slug } }
      pageInfo { hasNextPage endCursor }
    }
  }
`;

// graphcache checks every answer against the schema that it is given: the served one.
async function served(sent = []) {
  const body = JSON.stringify({ query: getIntrospectionQuery() });
  const headers = { "content-type": "application/json" };
  const { data } = await (await fetch(url, { method: "POST", headers, body })).json();
  return makeClient(url, data, noting(sent));
}

async function page(client, variables) {
  const { data, error } = await client.query(PAGE_OF_ARTICLES, variables).toPromise();
  assert.equal(error, undefined);
  return data.articles;
}

test("urql walks all pages forwards into one list", async (context) => {
  const said = whatIsSaid(context);
  const sent = [];
  const client = await served(sent);
  let list = await page(client, { first: PAGE });
  while (list.pageInfo.hasNextPage) {
    list = await page(client, { first: PAGE, after: list.pageInfo.endCursor });
  }
  assert.deepEqual(list.edges.map(({ node }) => node.slug), slugs);
  assert.deepEqual(list.nodes.map((node) => node.slug), slugs);
  assert.equal(sent.length, PAGES);
  assert.deepEqual(said, []);
});

test("urql walks all pages backwards into one list", async () => {
  const client = await served();
  let list = await page(client, { last: PAGE });
  while (list.pageInfo.hasPreviousPage) {
    list = await page(client, { last: PAGE, before: list.pageInfo.startCursor });
  }
  assert.deepEqual(list.edges.map(({ node }) => node.slug), slugs);
});

test("urql answers from its cache what it has read", async () => {
  const sent = [];
  const client = await served(sent);
  await page(client, { first: 100 });
  const titles = (await page(client, { first: 100 })).edges.map(({ node }) => node.title);
  assert.deepEqual(titles, held.articles.map((article) => article.title));
  assert.equal(sent.length, 1);
});

test("urql walks all pages of a search", async () => {
  const client = await served();
  const [topic] = held.articles[0].topics;
  const asked = { query: held.topics[topic], first: 2 };
  let list;
  do {
    const variables = { ...asked, after: list?.pageInfo.endCursor };
    const { data, error } = await client.query(SEARCH, variables).toPromise();
    assert.equal(error, undefined);
    list = data.search;
  } while (list.pageInfo.hasNextPage);
  const found = list.edges.map(({ node }) => node.slug);
  assert.equal(new Set(found).size, list.totalCount);
  assert.equal(found.length, list.totalCount);
  const named = held.articles.filter((article) => article.topics.includes(topic));
  assert.ok(named.length > 2, "more than one page");
  assert.deepEqual(named.filter(({ slug }) => !found.includes(slug)), []);
  const scores = list.edges.map((edge) => edge.score);
  assert.deepEqual(scores, scores.toSorted((one, other) => other - one));
});

test("urql hands on an error's code", async () => {
  const client = await served();
  const { error } = await client.query(PAGE_OF_ARTICLES, { first: 0 }).toPromise();
  assert.equal(error.graphQLErrors[0].extensions.code, "BAD_USER_INPUT");
  const unknown = await client.query(gql`{ articles { unknown } }`, {}).toPromise();
  assert.equal(unknown.error.graphQLErrors[0].extensions.code, "GRAPHQL_VALIDATION_FAILED");
});
