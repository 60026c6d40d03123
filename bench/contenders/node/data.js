// How the contenders in Node read: as data.py does, the fewest commands and only the paths that a
// workload needs, which projections.json says by the name of the operation.
import { readFileSync } from "node:fs";
import { MongoClient } from "mongodb";

const file = (path) => readFileSync(new URL(path, import.meta.url), "utf8");
const projectionOf = (paths) => Object.fromEntries(paths.map((path) => [path, 1]));

export const SCHEMA = file("../../../schema.graphql");
export const PORT = Number(process.env.PORT);
export const PROJECTIONS = Object.fromEntries(
  Object.entries(JSON.parse(file("../projections.json"))).map(([name, paths]) => [name, projectionOf(paths)]),
);

const NEWEST = { publishedDateTime: -1, _id: -1 };
const HOTTEST = { heat: -1, _id: -1 };
const TOPIC = projectionOf(["name", "keywords", "hashtags", "_index.parent"]);
const PROVIDER = projectionOf(["domain", "name", "images"]);
const SIZE = projectionOf(["width", "height"]);

const client = await new MongoClient(process.env.MONGODB_URI).connect();
const database = client.db(process.env.MONGODB_DB);
const articles = database.collection("articles");
const topics = database.collection("topics");
const providers = database.collection("providers");
const images = database.collection("images");

export function listArticles(projection, { first, orderBy }) {
  const sort = orderBy?.[0]?.field === "HEAT" ? HOTTEST : NEWEST;
  const options = { projection, sort, limit: first, batchSize: first };
  return articles.find({ "_index.visible": true }, options).toArray();
}

export function oneArticle(projection, slug) {
  return articles.findOne({ _id: slug, "_index.visible": true }, { projection });
}

export function searchArticles(projection, { query, first }) {
  const pipeline = [
    { $match: { "_index.visible": true, $text: { $search: query } } },
    { $sort: { score: { $meta: "textScore" }, _id: -1 } },
    { $limit: first },
    { $project: projection },
  ];
  return articles.aggregate(pipeline).toArray();
}

export function listTopics({ first }) {
  const options = { projection: TOPIC, sort: { "_index.articleCount": -1, _id: -1 }, limit: first, batchSize: first };
  return topics.find({}, options).toArray();
}

// Batch functions: keys in, documents in the order of the keys out, null for what is missing.

async function byId(collection, keys, projection) {
  const docs = await collection.find({ _id: { $in: [...new Set(keys)] } }, { projection }).toArray();
  const found = new Map(docs.map((doc) => [doc._id, doc]));
  return keys.map((key) => found.get(key) ?? null);
}

export const topicsBySlug = (slugs) => byId(topics, slugs, TOPIC);
export const providersByKey = (keys) => byId(providers, keys, PROVIDER);
export const sizesByUrl = (urls) => byId(images, urls, SIZE);

export async function articlesByUrl(urls) {
  const where = { "_index.visible": true, "_index.urls": { $in: [...new Set(urls)] } };
  const projection = { title: 1, publishedDateTime: 1, "_index.urls": 1 };
  const docs = await articles.find(where, { projection }).toArray();
  docs.sort((a, b) => a.publishedDateTime - b.publishedDateTime || (a._id < b._id ? -1 : 1));
  const found = new Map(docs.flatMap((doc) => doc._index.urls.map((url) => [url, doc])));
  return urls.map((url) => found.get(url) ?? null);
}

export async function articlesByTopic(projection, slugs, first) {
  const part = (slug) => [
    { $match: { "_index.visible": true, "_index.topics": slug } },
    { $sort: NEWEST },
    { $limit: first },
    { $project: projection },
    { $set: { of: slug } },
  ];
  const [one, ...others] = slugs;
  const pipeline = [
    ...part(one),
    ...others.map((slug) => ({ $unionWith: { coll: "articles", pipeline: part(slug) } })),
  ];
  const found = new Map(slugs.map((slug) => [slug, []]));
  for (const doc of await articles.aggregate(pipeline).toArray()) found.get(doc.of).push(doc);
  return slugs.map((slug) => found.get(slug));
}

export async function childrenByTopic(slugs) {
  const sort = { "_index.fold.name": 1, _id: 1 };
  const docs = await topics.find({ "_index.parent": { $in: slugs } }, { projection: TOPIC, sort }).toArray();
  return slugs.map((slug) => docs.filter((doc) => doc._index.parent === slug));
}

const counted = (path, ...before) => [
  ...before,
  { $match: { [path]: { $type: "string" } } },
  { $group: { _id: `$${path}`, count: { $sum: 1 } } },
  { $sort: { count: -1, _id: 1 } },
];
const FACETS = {
  total: [{ $count: "count" }],
  topics: [...counted("_index.topics", { $unwind: "$_index.topics" }), { $limit: 10 }],
  providers: [...counted("_index.provider"), { $limit: 10 }],
  types: counted("_index.type"),
};

// {total: [{count}], topics: [{_id, count}], providers: ..., types: ...}
export async function facetsOf(slug) {
  const match = { $match: { "_index.visible": true, "_index.topics": slug } };
  const [facets] = await articles.aggregate([match, { $facet: FACETS }]).toArray();
  return facets;
}

// What is computed from a document alone.

export const isoOf = (date) => date.toISOString().replace(".000Z", "Z");
export const urlOf = (story) => story.webUrl ?? story.originalUrl ?? null;
export const typeOf = (story) => story.type ?? "article";
export const imagesOf = (doc) => doc.images ?? [];
export const relatedOf = (article) =>
  (article.related ?? []).map((item, at) => ({ ...item, _index: article._index.related[at] }));
export const isUnsized = (image) => image.width == null || image.height == null;
