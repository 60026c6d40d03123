// What GraphiQL 5.4 leaves to be desired for those who do not see, or see little: mended while it
// is built, text for text, so that a version that reads otherwise ends the build.
import { readFile } from "node:fs/promises";

const MENDS = [
  {
    // A tab with a button to close it inside is no tab: a list of buttons then, one of them current.
    file: /@graphiql\/react\/dist\/components\/tabs\/index\.js$/,
    texts: [
      ['\t\t\t"aria-selected": isActive,\n', '\t\t\t"aria-current": isActive,\n'],
      ['\t\t\trole: "tab",\n', ""],
      ['\t\t\trole: "tablist",\n', ""],
    ],
  },
  {
    // A button is called what stands on it.
    file: /@graphiql\/plugin-history\/dist\/components\.js$/,
    texts: [['onClick: handleHistoryItemClick, "aria-label": "Set active"', "onClick: handleHistoryItemClick"]],
  },
  {
    // Contrast of 4.5 to 1 for what the editors colour: numbers of lines, comments, literals.
    file: /@graphiql\/react\/dist\/constants\.js$/,
    texts: [
      [
        '\t\t\tforeground: "#908aff"\n\t\t}]',
        `\t\t\tforeground: "#a39eff"\n\t\t}, ${rules({ comment: "#7fb069", number: "#b5cea8" })}]`,
      ],
      [
        '\t\t\tforeground: "#6c69ce"\n\t\t}]',
        `\t\t\tforeground: "#5a57b8"\n\t\t}, ${rules({ comment: "#0a6b0a", number: "#07694a" })}]`,
      ],
      [
        '"editor.background": colors.transparent,',
        `"editor.background": colors.transparent,
        "editorLineNumber.foreground": theme === "dark" ? "#a0acc2" : "#4d5a75",
        "editorLineNumber.activeForeground": theme === "dark" ? "#ffffff" : "#1d2637",
        "editorLineNumber.dimmedForeground": theme === "dark" ? "#a0acc2" : "#4d5a75",`,
      ],
    ],
  },
];

function rules(colours) {
  return Object.entries(colours)
    .map(([token, foreground]) => JSON.stringify({ token, foreground }))
    .join(", ");
}

/** A plugin of esbuild. */
export const mended = {
  name: "mended",
  setup(at) {
    for (const { file, texts } of MENDS) {
      at.onLoad({ filter: file }, async ({ path }) => {
        let contents = await readFile(path, "utf8");
        for (const [from, to] of texts) {
          if (contents.split(from).length !== 2) throw new Error(`${path} has changed: ${from}`);
          contents = contents.replace(from, () => to);
        }
        return { contents };
      });
    }
  },
};
