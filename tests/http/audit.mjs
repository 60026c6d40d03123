// Runs the server audit of graphql-http against the URL given and prints what came of it.
// The package is taken from the folder given, where npm put it.
import { createRequire } from "node:module";

const [url, folder] = process.argv.slice(2);
const { serverAudits } = createRequire(`${folder}/`)("graphql-http");
const results = [];
for (const { id, name, fn } of serverAudits({ url })) {
  const { status, reason } = await fn();
  results.push({ id, name, status, reason: reason ?? null });
}
console.log(JSON.stringify(results));
