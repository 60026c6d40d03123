// The operation in the editor as a program that sends it: one function a language.
// Each takes {url, body, headers} and gives text that runs as it stands.

const shell = (text) => `'${text.replaceAll("'", "'\\''")}'`;
const pretty = (value) => JSON.stringify(value, null, 2);
const withType = (headers) => ({ "Content-Type": "application/json", ...headers });

function curl({ url, body, headers }) {
  const lines = Object.entries(withType(headers)).map(([k, v]) => `-H ${shell(`${k}: ${v}`)}`);
  return ["curl -sS", shell(url), ...lines, `--data-raw ${shell(JSON.stringify(body))}`].join(
    " \\\n  ",
  );
}

function javascript({ url, body, headers }) {
  return `const response = await fetch(${JSON.stringify(url)}, {
  method: "POST",
  headers: ${pretty(withType(headers)).replaceAll("\n", "\n  ")},
  body: JSON.stringify(${pretty(body).replaceAll("\n", "\n  ")}),
});
console.log(JSON.stringify(await response.json(), null, 2));
`;
}

// JSON inside a Python string: no difference between true and True to trip over.
function python({ url, body, headers }) {
  return `import json
import urllib.request

body = json.loads(${JSON.stringify(JSON.stringify(body))})
request = urllib.request.Request(
    ${JSON.stringify(url)},
    data=json.dumps(body).encode(),
    headers=${pretty(withType(headers)).replaceAll("\n", "\n    ")},
)
with urllib.request.urlopen(request, timeout=30) as response:
    print(json.dumps(json.load(response), indent=2, ensure_ascii=False))
`;
}

export const LANGUAGES = { curl, fetch: javascript, Python: python };

/** A tab's texts as the body and the headers to send. Errors: SyntaxError where JSON is broken. */
export function request({ query, variables, headers, operationName }) {
  const body = { query };
  if (variables?.trim()) body.variables = JSON.parse(variables);
  if (operationName) body.operationName = operationName;
  return { body, headers: headers?.trim() ? JSON.parse(headers) : {} };
}
