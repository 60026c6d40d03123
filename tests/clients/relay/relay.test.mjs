import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { before, test } from "node:test";
import { fileURLToPath } from "node:url";

import babel from "@babel/core";
import { JSDOM } from "jsdom";

import { held, noting, PAGE, PAGES, slugs, url, whatIsSaid } from "../served.mjs";

const BUILT = new URL("../build/relay/", import.meta.url);

// What a project's build does: the compiler over the sources, then Babel's plugin.
before(async () => {
  rmSync(BUILT, { recursive: true, force: true });
  cpSync(new URL(".", import.meta.url), BUILT, { recursive: true });
  const schema = await fetch(new URL("/schema.graphql", url));
  writeFileSync(new URL("schema.graphql", BUILT), await schema.text());
  const compiler = fileURLToPath(new URL("../node_modules/.bin/relay-compiler", import.meta.url));
  execFileSync(compiler, { cwd: BUILT, stdio: "pipe" });
  const generated = readdirSync(new URL("__generated__/", BUILT));
  for (const name of ["Articles.js", "Topic.js", ...generated.map((one) => `__generated__/${one}`)]) {
    const file = new URL(name, BUILT);
    const { code } = babel.transformSync(readFileSync(file, "utf8"), {
      filename: fileURLToPath(file), cwd: fileURLToPath(BUILT), configFile: false, compact: false,
      plugins: [["relay", { eagerEsModules: true }]],
    });
    // A bundler finds a module without its ending, Node does not.
    writeFileSync(file, code.replace(/(from ['"]\.\/.+\.graphql)(['"])/g, "$1.js$2"));
  }
});

// A page as a browser holds it, with a component of the build in it.
const { window } = new JSDOM();
Object.assign(globalThis, { window, document: window.document, IS_REACT_ACT_ENVIRONMENT: true });
globalThis.navigator ??= window.navigator;

// Relay keeps what it has read for minutes, by timers that this process need not wait for.
const { setTimeout: keepingAwake } = globalThis;
globalThis.setTimeout = (...words) => keepingAwake(...words).unref();

async function show(name, properties, environment) {
  const { act, createElement: element, Suspense } = await import("react");
  const { createRoot } = await import("react-dom/client");
  const { RelayEnvironmentProvider } = await import("react-relay");
  const component = (await import(new URL(`${name}.js`, BUILT)))[name];
  const root = createRoot(document.body);
  const page = element(Suspense, { fallback: "..." }, element(component, properties));
  await act(() => root.render(element(RelayEnvironmentProvider, { environment }, page)));
  return { act, close: () => act(() => root.unmount()) };
}

async function arrived(act, condition) {
  for (let turns = 0; !condition(); turns += 1) {
    assert.ok(turns < 6000, "nothing arrived");
    await act(() => new Promise((resolve) => keepingAwake(resolve, 10)));
  }
}

// Presses "More" until there is none; the ids of what stands on the page then.
async function pressedThrough({ act }) {
  const shown = () => [...document.querySelectorAll("p")].map((one) => one.id);
  await arrived(act, () => shown().length > 0);
  for (let button; (button = document.querySelector("button")); ) {
    const many = shown().length;
    await act(() => button.click());
    await arrived(act, () => shown().length > many);
  }
  return shown();
}

async function environment(sent) {
  const { makeEnvironment } = await import(new URL("environment.js", BUILT));
  return makeEnvironment(url, noting(sent));
}

test("Relay walks all pages of a connection at the root", async (context) => {
  const said = whatIsSaid(context);
  const sent = [];
  const relay = await environment(sent);
  const page = await show("Articles", { count: PAGE }, relay);
  assert.deepEqual(await pressedThrough(page), slugs);
  assert.equal(document.querySelector("h1").textContent, `${slugs.length} of ${slugs.length}`);
  assert.equal(sent.length, PAGES);
  assert.deepEqual(said, []);
  await page.close();
});

test("Relay's store holds each object once", async () => {
  const relay = await environment([]);
  const page = await show("Articles", { count: PAGE }, relay);
  await pressedThrough(page);
  const records = Object.values(relay.getStore().getSource().toJSON());
  const named = (type) => records.filter((record) => record.__typename === type);
  const used = new Set(held.articles.flatMap((article) => article.topics));
  assert.equal(named("Article").length, slugs.length);
  const names = [...used].map((slug) => held.topics[slug]).sort();
  assert.deepEqual(named("Topic").map((topic) => topic.name).sort(), names);
  await page.close();
});

test("Relay walks a connection of an object through its id", async (context) => {
  const said = whatIsSaid(context);
  const sent = [];
  const [topic] = held.articles[0].topics;
  const page = await show("Topic", { slug: topic, count: 2 }, await environment(sent));
  const shown = await pressedThrough(page);
  const named = held.articles.filter((article) => article.topics.includes(topic));
  assert.ok(named.length > 2, "more than one page");
  assert.deepEqual(shown.toSorted(), named.map((article) => article.slug).toSorted());
  assert.ok(sent.slice(1).every((variables) => variables.id), "pages are asked of the node");
  assert.equal(document.querySelector("h1").textContent, held.topics[topic]);
  assert.deepEqual(said, []);
  await page.close();
});
