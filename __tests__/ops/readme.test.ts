import { readFileSync } from "node:fs";
import { join } from "node:path";
import { withOutputs } from "../../ops/readme-outputs";

test("the README shows what its commands print: npm run readme", () => {
  const readme = readFileSync(join(__dirname, "../../README.md"), "utf8");
  expect(withOutputs(readme)).toBe(readme);
});
