import type { GeneralClaim, Violation } from "../claim";
import type { SecurityGroup } from "../network/model";

/** What Azure takes for a priority (learn.microsoft.com/azure/virtual-network/network-security-groups-overview). */
const PRIORITIES = { first: 100, last: 4096 };

/** A security group has one rule of a priority in each direction, and one of a name. */
export const azureAcceptsTheRules: GeneralClaim = {
  name: "azure-accepts-the-rules",
  why: "Azure refuses the security group, after the network around it is there.",
  needs: "stacks",
  check: ({ model }) => model.securityGroups.flatMap(refusedIn),
};

function refusedIn({ name: group, rules }: SecurityGroup): Violation[] {
  return rules.flatMap((rule, index) => {
    const { name, priority, direction, origin } = rule;
    const says = (what: string): Violation => ({ what: `${group}: ${name} ${what}`, origin });
    const before = rules.slice(0, index);
    const same = before.find((other) => other.direction === direction && other.priority === priority);
    const isNamedTwice = before.some((other) => other.name.toLowerCase() === name.toLowerCase());
    return [
      ...(priority < PRIORITIES.first || priority > PRIORITIES.last
        ? [says(`has the priority ${priority}, and Azure takes ${PRIORITIES.first} to ${PRIORITIES.last}`)]
        : []),
      ...(same ? [says(`has the priority ${priority} of ${same.name}`)] : []),
      ...(isNamedTwice ? [says("has the name of another rule")] : []),
    ];
  });
}
