/** The locals in which stacks write down what no resource of theirs shows: constructs write them, views read them. */
export const LOCALS = {
  /** An existing hub, and its owner's part. */
  existingHub: "existing-hub",
  /** Existing zones, and their owner's part. */
  existingZones: "existing-zones",
  /** Endpoints that wait for a service's owner. */
  approvals: "approvals",
  /** A workspace of another owner's, whose scope is made here. */
  existingWorkspace: "existing-workspace",
} as const;
