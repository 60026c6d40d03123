// Builds the GraphiQL page into dist/: everything it needs, nothing from elsewhere.
import { readFile, readdir, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

import { mended } from "./mend.js";

const outdir = fileURLToPath(new URL("dist/", import.meta.url));

// Monaco starts its workers by address, so each is an entry point with a name that stays.
const WORKERS = {
  "editor.worker": "monaco-editor/esm/vs/editor/editor.worker.js",
  "json.worker": "monaco-editor/esm/vs/language/json/json.worker.js",
  "graphql.worker": "monaco-graphql/esm/graphql.worker.js",
};

// GraphiQL asks for prettier's parsers by names that lead to CommonJS, whose exports a dynamic
// import does not show: prettify then does nothing.
const MODULES = {
  "prettier/parser-babel": "prettier/plugins/babel",
  "prettier/parser-graphql": "prettier/plugins/graphql",
};

const common = {
  outdir,
  bundle: true,
  minify: true,
  target: "es2022",
  define: { "process.env.NODE_ENV": '"production"', "process.env": "{}" },
  legalComments: "linked",
  logLevel: "warning",
};

// graphiql/style.css holds Monaco's styles already; the copies beside its modules are left out.
const withoutCopies = {
  name: "without-copies",
  setup(at) {
    at.onLoad({ filter: /monaco-editor\/.*\.css$/ }, () => ({ contents: "", loader: "empty" }));
  },
};

await rm(outdir, { recursive: true, force: true });
await Promise.all([
  build({
    ...common,
    entryPoints: { graphiql: "src/main.jsx" },
    format: "esm",
    splitting: true,
    jsx: "automatic",
    chunkNames: "chunks/[name]-[hash]",
    assetNames: "chunks/[name]-[hash]",
    plugins: [withoutCopies, mended],
    alias: MODULES,
  }),
  build({ ...common, entryPoints: WORKERS, format: "iife" }),
]);
// Compressed once, here, and not at each request: a fourth of the size.
for (const name of await readdir(outdir, { recursive: true })) {
  if (!/\.(js|css)$/.test(name)) continue;
  await writeFile(`${outdir}/${name}.gz`, gzipSync(await readFile(`${outdir}/${name}`), { level: 9 }));
}

// Written last: a build that was cut off is not taken for a whole one.
await writeFile(`${outdir}complete`, "");
