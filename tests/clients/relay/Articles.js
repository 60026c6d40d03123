import { createElement as element } from "react";
import { graphql, useLazyLoadQuery, usePaginationFragment } from "react-relay";

const QUERY = graphql`
  query ArticlesQuery($count: Int!, $filter: ArticleFilter) {
    ...Articles_query @arguments(count: $count, filter: $filter)
  }
`;

const FRAGMENT = graphql`
  fragment Articles_query on Query
  @argumentDefinitions(
    count: { type: "Int", defaultValue: 20 }
    cursor: { type: "String" }
    filter: { type: "ArticleFilter" }
  )
  @refetchable(queryName: "ArticlesPageQuery") {
    articles(first: $count, after: $cursor, filter: $filter)
      @connection(key: "Articles_articles") {
      totalCount
      edges {
        node {
          slug
          title
          topics {
            name
          }
        }
      }
    }
  }
`;

export function Articles({ count, filter }) {
  const query = useLazyLoadQuery(QUERY, { count, filter });
  const { data, hasNext, loadNext } = usePaginationFragment(FRAGMENT, query);
  const { edges, totalCount } = data.articles;
  return element(
    "main",
    {},
    element("h1", {}, `${edges.length} of ${totalCount}`),
    edges.map(({ node }) => element("p", { key: node.slug, id: node.slug }, node.title)),
    hasNext && element("button", { onClick: () => loadNext(count) }, "More"),
  );
}
