import type { MessageFlow } from "../flow/message-flow";
import { manyHeld } from "./drill";

/** Posts messages in the primary region, causes a fault when several consumers hold some, and waits until all is processed. */
export async function whileHeld(flow: MessageFlow, messages: number, fault: () => void): Promise<void> {
  const posting = flow.posting.post({ count: messages, batch: 50, region: flow.primary.location });
  const many = manyHeld(flow);
  await flow.draining.until(
    `consumers hold ${many} messages`,
    () => flow.observing.processedCount > messages / 8 && flow.observing.held() >= many,
  );
  fault();
  await posting;
  await flow.draining.drained(60_000);
}
