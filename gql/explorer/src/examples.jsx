// Operations to learn from: the tabs of a first visit, and a pane that opens them again.
import { useGraphiQL, useGraphiQLActions } from "@graphiql/react";

/**
 * What the server offers to the examples: {slug, topic, word} of the loaded data, undefined where
 * the store is empty or does not answer (the examples then ask to be filled in), and `serves`, which
 * tells whether the schema has a field; where introspection is off, all are taken to be there.
 */
export async function sample(url) {
  const [found, schema] = await Promise.all([ask(url, SAMPLE), ask(url, FIELDS)]);
  const topic = found?.topics.nodes[0];
  const fields = schema && [...schema.query.fields, ...schema.article.fields].map((f) => f.name);
  return {
    slug: found?.articles.nodes[0]?.slug,
    topic: topic?.slug,
    word: topic?.name,
    serves: (field) => !fields || fields.includes(field),
  };
}

async function ask(url, query) {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify({ query }),
      signal: AbortSignal.timeout(5000),
    });
    return (await response.json()).data ?? null;
  } catch {
    return null;
  }
}

const SAMPLE = `query Sample {
  articles(first: 1, filter: { hasImages: true }) { nodes { slug } }
  topics(first: 1, orderBy: [{ field: ARTICLE_COUNT, direction: DESC }]) { nodes { slug name } }
}`;

const FIELDS = `query Fields {
  query: __type(name: "Query") { fields { name } }
  article: __type(name: "Article") { fields { name } }
}`;

/** The examples that the schema can answer, as tabs of GraphiQL: {title, teaches, query, variables}. */
export function examples({ serves, ...data }) {
  const without = (query) => (serves("similar") ? query : query.replace(/^ *similar.*\n/m, ""));
  return all(data)
    .filter(({ needs }) => !needs || serves(needs))
    .map((example) => ({ ...example, query: without(example.query) }));
}

function all({ slug, topic, word }) {
  const fill = (value) => value ?? "put one here";
  return [
    {
      title: "Front page",
      teaches: "A page of articles, newest first: lists are connections with nodes and a cursor.",
      query: FRONT_PAGE,
      variables: json({ first: 6, after: null }),
    },
    {
      title: "One article in full",
      teaches: "Everything an article has; extra holds the keys the schema does not name.",
      query: ARTICLE,
      variables: json({ slug: fill(slug) }),
    },
    {
      title: "A topic page",
      teaches: "A topic with its place in the taxonomy and its newest articles.",
      query: TOPIC,
      variables: json({ slug: fill(topic) }),
    },
    {
      title: "Search with facets",
      teaches: "Full-text search, marked passages, and counts over everything found.",
      needs: "search",
      query: SEARCH,
      variables: json({ words: fill(word), filter: {} }),
    },
    {
      title: "Related in the store",
      teaches: "Related items are snapshots; article is the same item where the store has it.",
      query: RELATED,
      variables: json({ slug: fill(slug) }),
    },
  ];
}

const json = (value) => JSON.stringify(value, null, 2);

const FRONT_PAGE = `# The newest articles. Ctrl-Enter runs it.
# Next page: put endCursor into "after".
query FrontPage($first: Int, $after: String) {
  articles(first: $first, after: $after) {
    totalCount
    pageInfo { hasNextPage endCursor }
    nodes {
      slug
      title
      excerpt
      publishedDateTime
      provider { name domain }
      topics { name }
      image(minWidth: 300) { url width height }
    }
  }
}
`;

const ARTICLE = `# One article with all that belongs to it.
query Article($slug: String!) {
  article(slug: $slug) {
    title
    excerpt
    category
    type
    publishedDateTime
    url
    quality
    heat
    provider { name domain articleCount images { url } }
    topics { name parent { name } }
    images { url width height attribution }
    contentHtml
    related(first: 3) { title url provider { name } }
    similar(first: 3) { slug title }
    extra
  }
}
`;

const TOPIC = `# A topic, its neighbours, its newest articles.
query TopicPage($slug: String!) {
  topic(slug: $slug) {
    name
    keywords
    hashtags
    articleCount
    parent { slug name }
    children { slug name articleCount }
    articles(first: 5, orderBy: [{ field: PUBLISHED_DATE_TIME, direction: DESC }]) {
      totalCount
      nodes { slug title publishedDateTime provider { name } }
    }
  }
}
`;

const SEARCH = `# Facets count all that was found, not this page.
# Try "filter": { "type": { "eq": "article" } }
query Search($words: String!, $filter: ArticleFilter) {
  search(query: $words, first: 5, filter: $filter) {
    totalCount
    edges {
      score
      highlights
      node { slug title }
    }
    facets {
      topics(first: 5) { count topic { name } }
      providers(first: 5) { count provider { name } }
      types { value count }
      timeline(unit: MONTH) { start count }
    }
  }
}
`;

const RELATED = `# What it points to, and what of it is here.
query Related($slug: String!) {
  article(slug: $slug) {
    title
    related {
      title
      url
      publishedDateTime
      provider { name }
      article { slug title topics { name } }
    }
    similar(first: 5) { slug title }
  }
}
`;

/** The pane that lists the examples and opens each in a new tab. */
export function examplesPlugin(list) {
  return { title: "Examples", icon: BookIcon, content: () => <Examples list={list} /> };
}

function Examples({ list }) {
  const { addTab } = useGraphiQLActions();
  const { queryEditor, variableEditor } = useGraphiQL((state) => ({
    queryEditor: state.queryEditor,
    variableEditor: state.variableEditor,
  }));

  function open({ query, variables }) {
    addTab();
    queryEditor?.setValue(query);
    variableEditor?.setValue(variables);
  }

  return (
    <section aria-label="Examples">
      <div className="graphiql-doc-explorer-title">Examples</div>
      <ul className="newsstand-examples">
        {list.map((example) => (
          <li key={example.title}>
            <button type="button" onClick={() => open(example)}>
              {example.title}
            </button>
            <p>{example.teaches}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}

const BookIcon = () => (
  <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.5" aria-hidden="true">
    <path d="M9 18h6M10 21h4M12 3a6 6 0 0 0-3.5 10.9c.6.5 1 1 1 1.6h5c0-.6.4-1.1 1-1.6A6 6 0 0 0 12 3Z" />
  </svg>
);
