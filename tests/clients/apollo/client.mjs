import { ApolloClient, HttpLink, InMemoryCache } from "@apollo/client";
import { relayStylePagination } from "@apollo/client/utilities";

const pages = relayStylePagination(["filter", "orderBy"]);

export const makeClient = (uri, fetch) =>
  new ApolloClient({
    link: new HttpLink({ uri, fetch }),
    cache: new InMemoryCache({
      possibleTypes: {
        Node: ["Article", "Provider", "Topic"],
        Story: ["Article", "RelatedItem"],
      },
      typePolicies: {
        Query: {
          fields: {
            articles: pages,
            providers: pages,
            topics: pages,
            search: relayStylePagination(["query", "filter"]),
          },
        },
        Provider: { fields: { articles: pages } },
        Topic: { fields: { articles: pages } },
        Image: { merge: true },
      },
    }),
  });
