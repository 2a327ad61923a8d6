import { z } from "zod";
import { LOCALS } from "../../topology/locals";
import { literally } from "../../topology/terraform-text";
import type { SynthesizedStack } from "../cdktf-out";

/** An endpoint that the owner of a resource has to approve. */
export interface Approval {
  readonly stack: string;
  /** An ARM id. */
  readonly resourceId: string;
  /** The endpoint's name. */
  readonly endpoint: string;
}

const schema = z.array(z.object({ resource_id: z.string(), endpoint: z.string() }));

/** @throws Error where a local is not whole */
export function approvalsIn(stacks: readonly SynthesizedStack[]): Approval[] {
  return stacks.flatMap(({ name, json }) => {
    const local = json.locals?.[LOCALS.approvals];
    if (local === undefined) return [];
    return schema.parse(literally(local)).map(({ resource_id: resourceId, endpoint }) => ({
      stack: name,
      ...{ resourceId, endpoint },
    }));
  });
}
