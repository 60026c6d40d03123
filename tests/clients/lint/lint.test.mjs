import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { test } from "node:test";

import { ESLint } from "eslint";

import { url } from "../served.mjs";

const cwd = fileURLToPath(new URL("../build/lint/", import.meta.url));
const overrideConfigFile = fileURLToPath(new URL("eslint.config.mjs", import.meta.url));

async function findings(change) {
  const schema = await (await fetch(new URL("/schema.graphql", url))).text();
  mkdirSync(cwd, { recursive: true });
  writeFileSync(`${cwd}/schema.graphql`, change(schema));
  const [file] = await new ESLint({ cwd, overrideConfigFile }).lintFiles("schema.graphql");
  return file.messages.map(({ ruleId, line, message }) => `${line}: ${message} (${ruleId})`);
}

test("the linter finds nothing in the served schema", async () => {
  assert.deepEqual(await findings((schema) => schema), []);
});

test("the linter would find a connection that is none", async () => {
  const broken = await findings((schema) => schema.replace("pageInfo: PageInfo!", "page: PageInfo!"));
  assert.deepEqual(broken.map((one) => /\((.+)\)/.exec(one)[1]), ["@graphql-eslint/relay-connection-types"]);
});
