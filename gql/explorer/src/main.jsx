// The GraphiQL page. The server writes what it allows into data attributes of #graphiql.
import "graphiql/style.css";
import "./explorer.css";
import "./workers.js";

import { createGraphiQLFetcher } from "@graphiql/toolkit";
import { GraphiQL, HISTORY_PLUGIN } from "graphiql";
import { createRoot } from "react-dom/client";

import { examples, examplesPlugin, sample } from "./examples.jsx";
import { PlanFooter, explaining } from "./explain.jsx";
import { fromLink } from "./share.js";
import { Tools } from "./tools.jsx";

const root = document.getElementById("graphiql");
const { endpoint, explain } = root.dataset;
const url = new URL(endpoint, location.href).href;

const send = createGraphiQLFetcher({
  url,
  subscriptionUrl: url.replace(/^http/, "ws"),
  // One answer an operation: the server neither defers nor streams over HTTP.
  enableIncrementalDelivery: false,
});

function fetcher(params, options) {
  const sent = { ...params };
  // For a moment after a change of tabs GraphiQL still has the other tab's name in mind.
  const named = new RegExp(`\\b(query|mutation|subscription)\\s+${params.operationName}\\b`);
  if (!named.test(params.query)) delete sent.operationName;
  const ask = explaining.get() && params.operationName !== "IntrospectionQuery";
  if (ask) sent.extensions = { explain: true };
  return send(sent, options);
}

const tabs = examples(await sample(url));
const shared = fromLink(location.hash);
const plugins = [HISTORY_PLUGIN, examplesPlugin(tabs)];
// GraphiQL remembers the last visit's tabs, and shows a first tab's variables only if told to.
const first = shared ?? (localStorage.getItem("graphiql:tabState") ? undefined : tabs[0]);

createRoot(root).render(
  <GraphiQL
    fetcher={fetcher}
    plugins={plugins}
    defaultTabs={shared ? [shared, ...tabs] : tabs}
    initialQuery={first?.query}
    initialVariables={first?.variables}
    defaultEditorToolsVisibility="variables"
    inputValueDeprecation
    schemaDescription
  >
    <GraphiQL.Logo>
      <a className="newsstand-home" href="/">
        Newsstand
      </a>
    </GraphiQL.Logo>
    <GraphiQL.Toolbar>
      {(buttons) => <Tools {...buttons} url={url} explain={explain === "true"} />}
    </GraphiQL.Toolbar>
    <GraphiQL.Footer>
      <PlanFooter />
    </GraphiQL.Footer>
  </GraphiQL>,
);
