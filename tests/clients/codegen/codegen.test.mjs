import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, rmSync } from "node:fs";
import { before, test } from "node:test";
import { fileURLToPath } from "node:url";

import { held, url } from "../served.mjs";

const BUILT = new URL("../build/codegen/", import.meta.url);

function run(command, ...words) {
  const path = fileURLToPath(new URL(`../node_modules/.bin/${command}`, import.meta.url));
  const done = spawnSync(path, words, { cwd: BUILT, encoding: "utf8" });
  assert.equal(done.status, 0, done.stdout + done.stderr);
}

before(() => {
  rmSync(BUILT, { recursive: true, force: true });
  cpSync(new URL(".", import.meta.url), BUILT, { recursive: true });
});

test("GraphQL Code Generator types the served schema, and tsc finds it strict", () => {
  run("graphql-codegen", "--config", "codegen.mjs");
  run("tsc", "--project", ".");
  // `refused.ts` compiled too: each of its lines is refused by the types.
  assert.ok(existsSync(new URL("js/refused.js", BUILT)));
});

test("typed documents read what the store holds", async () => {
  const { articlesOf } = await import(new URL("js/articles.js", BUILT));
  const [topic] = held.articles[0].topics;
  const lines = await articlesOf(url, topic);
  const named = held.articles.filter((article) => article.topics.includes(topic));
  assert.ok(named.length > 2, "more than one page");
  assert.deepEqual(lines.map((line) => line.slug).toSorted(), named.map((one) => one.slug).toSorted());
  for (const line of lines) {
    const article = named.find((one) => one.slug === line.slug);
    assert.equal(line.title, article.title);
    assert.equal(line.provider, held.providers[article.provider] ?? "");
    assert.equal(String(line.year), line.slug.slice(0, 4));
  }
});
