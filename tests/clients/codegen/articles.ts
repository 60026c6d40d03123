import { GraphQLClient } from "graphql-request";

import { graphql } from "./gql/index.js";
import type { ArticleOrder, PageQuery } from "./gql/graphql.js";

const PAGE = graphql(`
  query Page($first: Int!, $after: String, $filter: ArticleFilter, $orderBy: [ArticleOrder!]) {
    articles(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {
      nodes {
        slug
        title
        publishedDateTime
        url
        extra
        provider {
          name
        }
        related {
          ...Card
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export const CARD = graphql(`
  fragment Card on Story {
    title
    url
  }
`);

const BY_TITLE: ArticleOrder[] = [{ field: "TITLE", direction: "ASC" }];

export type Line = { slug: string; title: string; provider: string; year: number | null };

// All articles of a topic by title, page by page.
export async function articlesOf(url: string, topic: string): Promise<Line[]> {
  const client = new GraphQLClient(url);
  const lines: Line[] = [];
  let after: string | null = null;
  do {
    const { articles }: PageQuery = await client.request(PAGE, {
      first: 2,
      after,
      filter: { topics: { anyOf: [topic] } },
      orderBy: BY_TITLE,
    });
    for (const { slug, title, provider, publishedDateTime } of articles.nodes) {
      const year = publishedDateTime == null ? null : new Date(publishedDateTime).getUTCFullYear();
      lines.push({ slug, title, provider: provider?.name ?? "", year });
    }
    after = articles.pageInfo.hasNextPage ? (articles.pageInfo.endCursor ?? null) : null;
  } while (after !== null);
  return lines;
}
