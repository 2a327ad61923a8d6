export interface EachMessage<Message> {
  /** Whether their order counts: those of sessions. */
  readonly inOrder: boolean;
  readonly work: (message: Message) => Promise<void>;
  /** Called with those that the work failed on, or that came after a failure where their order counts. */
  readonly giveBack: (messages: readonly Message[]) => Promise<unknown>;
}

/** Works on messages that are locked, all at once or one after another. @throws what the first failure was, once the others are given back */
export async function eachMessage<Message>(
  messages: readonly Message[],
  { inOrder, work, giveBack }: EachMessage<Message>,
): Promise<void> {
  const left: Message[] = [];
  let first: Error | undefined;
  const one = async (message: Message) => {
    if (first && inOrder) {
      left.push(message);
      return;
    }
    try {
      await work(message);
    } catch (error) {
      first ??= error instanceof Error ? error : new Error(String(error));
      left.push(message);
    }
  };
  if (inOrder) for (const message of messages) await one(message);
  else await Promise.all(messages.map(one));
  if (!first) return;
  await giveBack(left);
  throw first;
}
