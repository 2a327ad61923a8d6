import { badMessage } from "../bad-message";

export const notJson = badMessage({
  name: "not-json",
  fault: "A message that is not JSON.",
  prefix: "text",
  body: "hello, {",
});
