import { armId } from "../../synthesized/arm-id";
import { placeOf } from "../../synthesized/resources";
import { appsIn } from "../../synthesized/views/app";
import { privateScopesIn } from "../../synthesized/views/private-scope";
import type { ProofRule } from "../proof-rule";

/** Each app writes to a component that takes what it sends: from the Internet, or by a scope of private link. */
export const appsSendTelemetry: ProofRule = {
  name: "apps-send-telemetry",
  why: "Nothing of the app is seen: no request, no failure, no message that was refused.",
  check: (stacks) => {
    const inScopes = new Set(privateScopesIn(stacks).flatMap(({ memberIds }) => memberIds));
    return appsIn(stacks).flatMap(({ resource, insights }) => {
      if (!insights) return [`${placeOf(resource)} names no Application Insights`];
      const isClosed = insights.block.internet_ingestion_enabled === false && !inScopes.has(armId(insights));
      return isClosed ? [`${placeOf(resource)} sends to ${placeOf(insights)}, which takes nothing from outside`] : [];
    });
  },
};
