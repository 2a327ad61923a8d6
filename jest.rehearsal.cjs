/** The tests that need Terraform and azurerm, or the toolchains of other languages: as the others are run, but in minutes, and side by side because azurerm mostly waits. */
module.exports = {
  ...require("./jest.config.json"),
  testMatch: ["<rootDir>/__tests__/**/*.rehearsal.ts"],
  testTimeout: 1_800_000,
  maxWorkers: 2,
  maxConcurrency: 3,
};
