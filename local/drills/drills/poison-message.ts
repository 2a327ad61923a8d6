import { badMessage } from "../bad-message";

export const poisonMessage = badMessage({
  name: "poison-message",
  fault: "A message at which the consumer throws on every delivery: JSON that is not an object.",
  prefix: "poison",
  body: '["no object"]',
});
