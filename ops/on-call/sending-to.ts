import { UsageError } from "../../failure";
import type { Entity, Source } from "../../operator/entities";

/** What a copy goes through, that is sent so that a queue or a subscription gets it. */
export interface Target {
  /** The queue or the topic. */
  readonly name: string;
  readonly detectsDuplicates: boolean;
  readonly source: Source;
  /** Other subscriptions of the topic, which get the copy too where their rules match. */
  readonly others: readonly string[];
}

export interface SendingOptions {
  readonly allSubscriptions?: boolean;
  readonly throughRules?: boolean;
}

/** As Azure has it, whether the topology declares it or not; nothing where there is no such queue or subscription. */
export function targetOf(entities: readonly Entity[], path: string): Target | undefined {
  for (const { name, detectsDuplicates, sources } of entities) {
    const source = sources.find((each) => each.path.toLowerCase() === path.toLowerCase());
    if (!source) continue;
    const others = sources.filter((each) => each !== source).map((each) => each.path.split("/")[1] ?? each.path);
    return { name, detectsDuplicates, source, others };
  }
  return undefined;
}

/** @throws UsageError where copies would reach others too, or may reach no subscription, and no option says that they may */
export function refuseWhatChanges({ source, others }: Target, options: SendingOptions): void {
  if (others.length > 0 && !options.allSubscriptions) {
    throw new UsageError(
      `Service Bus sends to a topic, and not to one subscription: ${others.join(", ")} would get the messages of ${source.path} once more. No message was sent. If they may: --all-subscriptions.`,
    );
  }
  if (source.rules.length > 0 && !options.throughRules) {
    throw new UsageError(
      `A copy goes through the rules of ${source.path} once more (${source.rules.join(", ")}): their actions change it again, and a copy that no rule matches is dropped. No message was sent. If the rules let each copy through: --through-rules.`,
    );
  }
}

/** What a copy goes through, for a plan. */
export function throughText({ name, source, others, detectsDuplicates }: Target): string[] {
  return [
    ...(others.length > 0
      ? [`A copy goes to ${name}, and so to every subscription whose rules match: ${others.join(", ")} too.`]
      : []),
    ...(source.rules.length > 0
      ? [`It goes through the rules ${source.rules.join(", ")}: a copy that none of them matches is dropped.`]
      : []),
    detectsDuplicates
      ? `If the command is ended in the middle, the next run copies what it did not take away, with the same id: ${name} drops it within its window.`
      : `${name} detects no duplicates: if the command is ended in the middle, the next run may send some a second time, with the same id.`,
  ];
}
