// The buttons beside the operation: GraphiQL's own, then link, copy as, explain.
import { ToolbarButton, ToolbarMenu, useGraphiQL } from "@graphiql/react";
import { useState } from "react";

import { LANGUAGES, request } from "./copy.js";
import { ExplainSwitch } from "./explain.jsx";
import { toLink } from "./share.js";

export function Tools({ prettify, merge, copy, url, explain }) {
  const [said, say] = useSaid();
  const tab = useGraphiQL((state) => state.tabs[state.activeTabIndex]);
  const put = (text, done) =>
    navigator.clipboard.writeText(text).then(
      () => say(done),
      () => say("The browser refused the clipboard."),
    );

  function share() {
    const link = toLink(location.href, { query: tab.query ?? "", variables: tab.variables });
    history.replaceState(null, "", link);
    put(link, "Link copied: operation and variables, no headers.");
  }

  function copyAs(language) {
    try {
      const text = LANGUAGES[language]({ url, ...request(tab) });
      put(text, `Copied as ${language}.`);
    } catch (error) {
      say(`Variables and headers must be JSON: ${error.message}`);
    }
  }

  return (
    <>
      {prettify}
      {merge}
      {copy}
      <ToolbarButton label="Copy a link to this operation" onClick={share}>
        <LinkIcon />
      </ToolbarButton>
      <ToolbarMenu
        button={
          <ToolbarButton label="Copy as curl, fetch or Python">
            <CodeIcon />
          </ToolbarButton>
        }
      >
        {Object.keys(LANGUAGES).map((language) => (
          <ToolbarMenu.Item key={language} onSelect={() => copyAs(language)}>
            Copy as {language}
          </ToolbarMenu.Item>
        ))}
      </ToolbarMenu>
      {explain && <ExplainSwitch />}
      <div className="newsstand-said" role="status">
        {said}
      </div>
    </>
  );
}

/** A sentence that leaves after four seconds. */
function useSaid() {
  const [said, setSaid] = useState("");
  return [
    said,
    (sentence) => {
      setSaid(sentence);
      setTimeout(() => setSaid((now) => (now === sentence ? "" : now)), 4000);
    },
  ];
}

function Icon({ children }) {
  return (
    <svg
      className="graphiql-toolbar-icon"
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {children}
    </svg>
  );
}

const LinkIcon = () => (
  <Icon>
    <path d="M10 14a5 5 0 0 0 7.5.5l3-3a5 5 0 0 0-7-7L12 6" />
    <path d="M14 10a5 5 0 0 0-7.5-.5l-3 3a5 5 0 0 0 7 7L12 18" />
  </Icon>
);

const CodeIcon = () => (
  <Icon>
    <path d="M8 6 2 12l6 6M16 6l6 6-6 6" />
  </Icon>
);
