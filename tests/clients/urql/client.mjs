import { Client, fetchExchange } from "@urql/core";
import { cacheExchange } from "@urql/exchange-graphcache";
import { relayPagination } from "@urql/exchange-graphcache/extras";

// What has no id of its own belongs to the object that it was read with.
const embedded = () => null;

export const makeClient = (url, schema, fetch) =>
  new Client({
    url,
    fetch,
    exchanges: [
      cacheExchange({
        schema,
        keys: {
          ArticleFacets: embedded,
          Image: embedded,
          Load: embedded,
          LoadCounts: embedded,
          LoadIssue: embedded,
          PeriodCount: embedded,
          ProviderCount: embedded,
          RelatedItem: embedded,
          TopicCount: embedded,
          ValueCount: embedded,
        },
        resolvers: {
          Query: {
            articles: relayPagination(),
            providers: relayPagination(),
            topics: relayPagination(),
            search: relayPagination(),
          },
          Provider: { articles: relayPagination() },
          Topic: { articles: relayPagination() },
        },
      }),
      fetchExchange,
    ],
  });
