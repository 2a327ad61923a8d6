import { z } from "zod";
import { LOCALS } from "../../topology/locals";
import { literally } from "../../topology/terraform-text";
import type { SynthesizedStack } from "../cdktf-out";

/** A workspace of another owner's to which a scope of this topology's leads. */
export interface ExistingWorkspace {
  readonly stack: string;
  /** ARM ids. */
  readonly workspaceId: string;
  readonly scopeId: string;
  /** Whether logs are to be read from the network alone. */
  readonly isReadPrivately: boolean;
}

const schema = z.object({ workspace_id: z.string(), scope_id: z.string(), is_read_privately: z.boolean() });

/** @throws Error where a local is not whole */
export function existingWorkspacesIn(stacks: readonly SynthesizedStack[]): ExistingWorkspace[] {
  return stacks.flatMap(({ name, json }) => {
    const local = json.locals?.[LOCALS.existingWorkspace];
    if (local === undefined) return [];
    const {
      workspace_id: workspaceId,
      scope_id: scopeId,
      is_read_privately: isReadPrivately,
    } = schema.parse(literally(local));
    return [{ stack: name, workspaceId, scopeId, isReadPrivately }];
  });
}
