import { comesAfter } from "../../synthesized/order";
import { armId } from "../../synthesized/arm-id";
import { placeOf, referred } from "../../synthesized/resources";
import { appsIn } from "../../synthesized/views/app";
import { privateEndpointsIn } from "../../synthesized/views/private-endpoint";
import type { ProofRule } from "../proof-rule";

/** A host starts with its app, and reads its storage first: each endpoint of it is there before. */
export const appsWaitForTheirStorage: ProofRule = {
  name: "apps-wait-for-their-storage",
  why: "A host that starts before its storage has endpoints reaches nothing, and the app does not come up.",
  check: (stacks) => {
    const endpoints = privateEndpointsIn(stacks);
    return appsIn(stacks).flatMap(({ resource }) => {
      const account = referred(resource, resource.block.storage_account_name);
      if (!account) return [];
      const before = comesAfter(resource);
      const accountId = armId(account);
      return endpoints
        .filter(({ targetId, resource: { stack } }) => stack === resource.stack && targetId === accountId)
        .filter(({ resource: { address } }) => !before.has(address))
        .map(({ resource: { address } }) => `${placeOf(resource)} does not wait for ${address}`);
    });
  },
};
