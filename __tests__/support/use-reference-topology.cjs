const { join } = require("node:path");

// Whatever a test runs, it runs on the reference topology: what the user writes into topology.ts turns no test red. The tests of the user's own topology read OWN_TOPOLOGY.
process.env.OWN_TOPOLOGY = process.env.TOPOLOGY ?? "";
process.env.TOPOLOGY = join(__dirname, "../../docs/examples/reference.json");
