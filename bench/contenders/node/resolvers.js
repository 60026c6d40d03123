// The resolvers of Apollo Server and Yoga, with a dataloader for each relation, as both recommend.
import DataLoader from "dataloader";
import { GraphQLScalarType } from "graphql";
import * as data from "./data.js";

// What one request owns: its dataloaders, and what its operation needs of an article.
export function contextOf(operationName) {
  const projection = data.PROJECTIONS[operationName];
  const pages = new Map();
  return {
    projection,
    topics: new DataLoader(data.topicsBySlug),
    providers: new DataLoader(data.providersByKey),
    sizes: new DataLoader(data.sizesByUrl),
    articles: new DataLoader(data.articlesByUrl),
    children: new DataLoader(data.childrenByTopic),
    facets: new DataLoader((slugs) => Promise.all(slugs.map(data.facetsOf))),
    pages(first) {
      if (!pages.has(first)) {
        pages.set(first, new DataLoader((slugs) => data.articlesByTopic(projection, slugs, first)));
      }
      return pages.get(first);
    },
  };
}

const providerOf = ({ _index: { provider } }, _, { providers }) => (provider ? providers.load(provider) : null);
const sideOf = (side) => (image, _, { sizes }) =>
  image[side] ?? sizes.load(image.url).then((known) => known?.[side] ?? null);

const story = { type: data.typeOf, url: data.urlOf, images: data.imagesOf, provider: providerOf };

export const resolvers = {
  DateTime: new GraphQLScalarType({ name: "DateTime", serialize: data.isoOf }),
  Query: {
    articles: async (_, args, { projection }) => ({ nodes: await data.listArticles(projection, args) }),
    article: (_, { slug }, { projection }) => data.oneArticle(projection, slug),
    search: async (_, args, { projection }) => ({ nodes: await data.searchArticles(projection, args) }),
    topic: (_, { slug }, { topics }) => topics.load(slug),
    topics: async (_, args) => ({ nodes: await data.listTopics(args) }),
  },
  Article: {
    ...story,
    slug: (article) => article._id,
    topics: async ({ _index }, _, { topics }) => (await topics.loadMany(_index.topics)).filter((one) => one !== null),
    related: data.relatedOf,
  },
  RelatedItem: {
    ...story,
    article: async ({ _index }, _, { articles }) =>
      (await articles.loadMany(_index.urls)).find((one) => one !== null) ?? null,
  },
  Provider: { images: data.imagesOf },
  Image: { width: sideOf("width"), height: sideOf("height") },
  Topic: {
    slug: (topic) => topic._id,
    parent: ({ _index: { parent } }, _, { topics }) => (parent ? topics.load(parent) : null),
    children: (topic, _, { children }) => children.load(topic._id),
    keywords: (topic) => topic.keywords ?? [],
    hashtags: (topic) => topic.hashtags ?? [],
    articles: (topic, { first }) => ({ slug: topic._id, first }),
  },
  ArticleConnection: {
    nodes: (page, _, { pages }) => page.nodes ?? pages(page.first).load(page.slug),
    totalCount: async ({ slug }, _, { facets }) => (await facets.load(slug)).total[0]?.count ?? 0,
    facets: ({ slug }, _, { facets }) => facets.load(slug),
  },
  TopicCount: { topic: (row, _, { topics }) => topics.load(row._id) },
  ProviderCount: { provider: (row, _, { providers }) => providers.load(row._id) },
  ValueCount: { value: (row) => row._id },
};
