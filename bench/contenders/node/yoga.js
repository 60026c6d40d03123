// GraphQL Yoga with graphql-jit; its parser and validation cache is on by itself.
import { createServer } from "node:http";
import { useGraphQlJit } from "@envelop/graphql-jit";
import { createSchema, createYoga } from "graphql-yoga";
import { PORT, SCHEMA } from "./data.js";
import { contextOf, resolvers } from "./resolvers.js";

const yoga = createYoga({
  schema: createSchema({ typeDefs: SCHEMA, resolvers }),
  context: ({ params }) => contextOf(params.operationName),
  plugins: [useGraphQlJit()],
  graphiql: false,
  landingPage: false,
  logging: false,
});
createServer(yoga).listen(PORT, "127.0.0.1");
process.on("SIGTERM", () => process.exit(0));
