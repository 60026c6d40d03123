// What the types have to refuse: where one of these lines compiles, tsc says so.
import type { ArticleFilter, ArticleOrder, PageQuery } from "./gql/graphql.js";

type Article = PageQuery["articles"]["nodes"][number];

export const published = (article: Article): string =>
  // @ts-expect-error A file may have no date.
  article.publishedDateTime;

export const provider = (article: Article): string =>
  // @ts-expect-error A file may name no provider.
  article.provider.name;

export const extra = (article: Article): string =>
  // @ts-expect-error What is in `extra` is not known.
  article.extra.anything;

// @ts-expect-error There is no such operator.
export const filter: ArticleFilter = { title: { like: "bus" } };

// @ts-expect-error There is no such order.
export const order: ArticleOrder = { field: "LENGTH", direction: "ASC" };
