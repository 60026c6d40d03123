const url = `${process.env.NEWSSTAND_URL ?? "http://127.0.0.1:8000"}/graphql`;

/** @type {import("@graphql-codegen/cli").CodegenConfig} */
export default {
  // The generator asks for zstd, which Node reads from 22.15 on; until then the header helps.
  schema: { [url]: { headers: { "accept-encoding": "gzip" } } },
  documents: ["*.ts"],
  importExtension: ".js",
  generates: {
    "./gql/": {
      preset: "client",
      config: {
        scalars: { DateTime: "string", URL: "string", JSON: "unknown" },
        strictScalars: true,
        enumsAsTypes: true,
        useTypeImports: true,
      },
    },
  },
};
