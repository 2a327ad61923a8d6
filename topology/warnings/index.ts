import type { Topology } from "../schema";
import { codeCanBePublished } from "./code-can-be-published";
import { consumersTakeSomething } from "./consumers-take-something";
import { deliveriesLastAMinute } from "./deliveries-last-a-minute";
import { filtersCanBeMet } from "./filters-can-be-met";
import { messagesFitTheDeadline } from "./messages-fit-the-deadline";
import { messagesFitTheRequest } from "./messages-fit-the-request";
import { vaultsAreReached } from "./vaults-are-reached";
import type { Warning, WarningRule } from "./warning";

/** Their order is the order of the report. */
const RULES: readonly WarningRule[] = [
  codeCanBePublished,
  consumersTakeSomething,
  deliveriesLastAMinute,
  filtersCanBeMet,
  messagesFitTheDeadline,
  messagesFitTheRequest,
  vaultsAreReached,
];

export function warningsOf(topology: Topology): Warning[] {
  return RULES.flatMap((rule) => rule(topology));
}
