import { createElement as element } from "react";
import { graphql, useLazyLoadQuery, usePaginationFragment } from "react-relay";

const QUERY = graphql`
  query TopicQuery($slug: String!, $count: Int!) {
    topic(slug: $slug) {
      ...Topic_topic @arguments(count: $count)
    }
  }
`;

// On a type with an id, Relay asks for the next page through `node(id:)`.
const FRAGMENT = graphql`
  fragment Topic_topic on Topic
  @argumentDefinitions(
    count: { type: "Int", defaultValue: 20 }
    cursor: { type: "String" }
    orderBy: { type: "[ArticleOrder!]", defaultValue: [{ field: TITLE, direction: ASC }] }
  )
  @refetchable(queryName: "TopicPageQuery") {
    name
    articles(first: $count, after: $cursor, orderBy: $orderBy) @connection(key: "Topic_articles") {
      edges {
        node {
          slug
          title
        }
      }
    }
  }
`;

export function Topic({ slug, count }) {
  const { topic } = useLazyLoadQuery(QUERY, { slug, count });
  const { data, hasNext, loadNext } = usePaginationFragment(FRAGMENT, topic);
  return element(
    "main",
    {},
    element("h1", {}, data.name),
    data.articles.edges.map(({ node }) => element("p", { key: node.slug, id: node.slug })),
    hasNext && element("button", { onClick: () => loadNext(count) }, "More"),
  );
}
