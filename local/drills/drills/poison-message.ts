import { badMessage } from "../bad-message";

export const poisonMessage = badMessage({
  name: "poison-message",
  fault: "A message on which the consumer throws at every delivery: it is JSON, but no object.",
  prefix: "poison",
  body: '["no object"]',
});
