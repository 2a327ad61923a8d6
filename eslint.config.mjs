import js from "@eslint/js";
import tseslint from "typescript-eslint";
import { importPatterns, OWN_TOPOLOGY, ROOMS } from "./eslint.imports.mjs";

function restricted(patterns = []) {
  return [
    "error",
    {
      paths: ["@cdktf/provider-azurerm", "@cdktn/provider-azurerm"].map((name) => ({
        name,
        message: `Import ${name}/lib/<resource>: the barrel costs seconds and 400 MB.`,
      })),
      patterns: [
        { group: ["cdktf/lib/*", "cdktn/lib/*"], message: "Only cdktf's public API: its successor keeps that." },
        OWN_TOPOLOGY,
        ...patterns,
      ],
    },
  ];
}

/** Rules that keep the house's taste: strict types, no default exports, only deep provider imports. */
export default tseslint.config(
  { ignores: ["node_modules", "cdktf.out", ".build", "**/*.cjs"] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: { allowDefaultProject: ["eslint.config.mjs", "eslint.imports.mjs"] } },
    },
    rules: {
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-extraneous-class": "off",
      // What is taken out of an object to leave it behind is used by that.
      "@typescript-eslint/no-unused-vars": ["error", { ignoreRestSiblings: true, argsIgnorePattern: "^_" }],
      "no-restricted-syntax": [
        "error",
        {
          selector: "ExportDefaultDeclaration",
          message: "Name the export: a default export has no name to search for.",
        },
      ],
      "no-restricted-imports": restricted(),
    },
  },
  ...Object.keys(ROOMS).map((room) => ({
    files: [`${room}.ts`, `${room}/**/*.ts`],
    rules: { "no-restricted-imports": restricted(importPatterns(room)) },
  })),
  {
    files: ["eslint.config.mjs", "eslint.imports.mjs"],
    rules: { "no-restricted-syntax": "off" },
    extends: [tseslint.configs.disableTypeChecked],
  },
);
