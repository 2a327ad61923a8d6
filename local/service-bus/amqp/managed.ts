import type { RuleDefinition } from "../../azure/messaging";
import type { NamespaceEntities } from "../entities/namespace";
import type { Transaction } from "../entities/transaction";

/** The rules of a namespace's subscriptions. */
export interface RulesAtRunTime {
  list(path: string): readonly RuleDefinition[];
  add(path: string, rule: RuleDefinition): void;
  remove(path: string, name: string): void;
  /** Puts a rule in the place of others. It is checked first. @param names none: of all that there are */
  replace(path: string, rule: RuleDefinition, names?: readonly string[]): void;
}

/** What a `$management` link may ask of an entity. */
export interface Managed {
  readonly entities: NamespaceEntities;
  readonly rules: RulesAtRunTime;
  readonly path: string;
  /** The session that the request came in, and the transaction that it is part of. @default none */
  readonly session: object;
  readonly transaction?: Transaction;
  readonly demand: (action: "send" | "receive") => void;
}
