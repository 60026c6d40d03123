import { Environment, Network, RecordSource, Store } from "relay-runtime";

export const makeEnvironment = (url, fetch = globalThis.fetch) =>
  new Environment({
    store: new Store(new RecordSource()),
    network: Network.create(async ({ text }, variables) => {
      const headers = {
        "content-type": "application/json",
        accept: "application/graphql-response+json",
      };
      const body = JSON.stringify({ query: text, variables });
      return (await fetch(url, { method: "POST", headers, body })).json();
    }),
  });
