// Where Monaco finds its workers: files beside this one, never a blob and never another host.
const FILES = { json: "json.worker.js", graphql: "graphql.worker.js" };

globalThis.MonacoEnvironment = {
  getWorker(_id, label) {
    return new Worker(new URL(FILES[label] ?? "editor.worker.js", import.meta.url));
  },
};
