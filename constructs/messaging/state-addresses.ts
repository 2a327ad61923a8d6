import { type TerraformResource, TerraformStack } from "cdktf";
import type { Construct } from "constructs";

export interface StateAddressesProps {
  /** Whether a new pair is made after a failover. */
  readonly isRecovering: boolean;
}

/**
 * Where a pair's namespaces and entities are in Terraform's state. A recovery after a failover declares others in their place, under addresses of their own: `removed` blocks leave the former
 * ones, so that no plan deletes what may have messages, and `import` blocks take in what Azure has already. When the recovery is over, `moved` blocks bring them to the usual addresses. Every pair
 * has these, because a plan without them would delete what the recovery imported.
 *
 * `removed` needs Terraform 1.7 (developer.hashicorp.com/terraform/language/block/removed). Terraform refuses it for an address that is still declared.
 */
export class StateAddresses {
  private readonly stack: TerraformStack;
  private readonly removed: object[] = [];
  private readonly imported: object[] = [];

  constructor(
    scope: Construct,
    private readonly props: StateAddressesProps,
  ) {
    this.stack = TerraformStack.of(scope);
  }

  /**
   * Gives a resource its address. It has to be called before anything refers to the resource.
   *
   * @param importId its ARM id, where a recovery finds it in Azure; none: a recovery creates it
   */
  place(resource: TerraformResource, importId?: string): void {
    const usual = this.stack.getLogicalId(resource);
    const recovered = `${usual}-recovered`;
    if (!this.props.isRecovering) {
      resource.moveFromId(`${resource.terraformResourceType}.${recovered}`);
      return;
    }
    resource.overrideLogicalId(recovered);
    this.leave(`${resource.terraformResourceType}.${usual}`);
    if (importId !== undefined) this.import(`${resource.terraformResourceType}.${recovered}`, importId);
  }

  /** Takes an address out of the state, and deletes nothing. */
  leave(address: string): void {
    this.removed.push({ from: address, lifecycle: { destroy: false } });
    this.stack.addOverride("removed", this.removed);
  }

  /** Takes what Azure has into the state. Not by `importFrom`, which runs Terraform when the stack is synthesized. */
  import(address: string, id: string): void {
    this.imported.push({ to: address, id });
    this.stack.addOverride("import", this.imported);
  }
}
