import assert from "node:assert/strict";
import { test } from "node:test";

import { ClientError, gql, GraphQLClient } from "graphql-request";

import { held, PAGE, slugs, url } from "../served.mjs";

const client = new GraphQLClient(url);

const BY_TOPIC = gql`
  query ByTopic($first: Int!, $after: String, $topics: [String!]!) {
    articles(first: $first, after: $after, filter: { topics: { anyOf: $topics } }) {
      nodes { slug }
      pageInfo { hasNextPage endCursor }
    }
  }
`;

test("graphql-request walks the pages of a filter given by variables", async () => {
  const topics = held.articles[0].topics;
  const found = [];
  let page;
  do {
    const variables = { first: PAGE, after: page?.pageInfo.endCursor, topics };
    page = (await client.request(BY_TOPIC, variables)).articles;
    found.push(...page.nodes.map((node) => node.slug));
  } while (page.pageInfo.hasNextPage);
  const named = (article) => article.topics.some((topic) => topics.includes(topic));
  const expected = held.articles.filter(named).map((article) => article.slug);
  assert.ok(expected.length > PAGE, "more than one page");
  assert.deepEqual(found, expected);
});

test("graphql-request tells errors by their code", async () => {
  const codes = [];
  for (const variables of [{ first: 101, topics: [] }, { first: "many", topics: [] }, {}]) {
    try {
      await client.request(BY_TOPIC, variables);
    } catch (error) {
      assert.ok(error instanceof ClientError, String(error));
      codes.push(error.response.errors[0].extensions.code);
    }
  }
  assert.deepEqual(codes, ["BAD_USER_INPUT", "BAD_USER_INPUT", "BAD_USER_INPUT"]);
});

test("graphql-request gets what is there beside the error of a field", async () => {
  const tolerant = new GraphQLClient(url, { errorPolicy: "all" });
  const { data, errors } = await tolerant.rawRequest(
    gql`query Half($slug: String!) {
      article(slug: $slug) { title }
      broken: article(slug: $slug) { image(minWidth: -1) { url } }
    }`,
    { slug: slugs[0] },
  );
  assert.deepEqual(data.article, { title: held.articles[0].title });
  assert.deepEqual(errors[0].path, ["broken", "image"]);
  assert.equal(errors[0].extensions.code, "BAD_USER_INPUT");
});
