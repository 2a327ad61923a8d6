import { type TerraformResource, TerraformStack } from "cdktf";
import type { Construct } from "constructs";

export interface StateAddressesProps {
  /** The region whose namespace has the entities. */
  readonly location: string;
  /** The regions, in the topology's order. */
  readonly locations: readonly string[];
  /** Whether Azure has the entities already, and the state does not: a new pair is made after a failover. */
  readonly isRecovering: boolean;
}

/**
 * Where a pair's entities are in Terraform's state. Those of another namespace are another resource, so they have another address: without a suffix in the first region, with the region's name in
 * the other. A `removed` block leaves the address of the region that is not the primary. So no plan deletes an entity because the primary has changed. Terraform lets go of the
 * former primary's, and imports the new primary's in a recovery; without one it would create them, and azurerm refuses what exists.
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
   * Gives an entity its address. It has to be called before anything refers to the entity.
   *
   * @param importId its ARM id
   */
  place(resource: TerraformResource, importId: string): void {
    const { location, locations, isRecovering } = this.props;
    const usual = this.stack.getLogicalId(resource);
    const idIn = (each: string) => (each === locations[0] ? usual : `${usual}-${each}`);
    const addressIn = (each: string) => `${resource.terraformResourceType}.${idIn(each)}`;
    resource.overrideLogicalId(idIn(location));
    for (const other of locations) if (other !== location) this.leave(addressIn(other));
    if (isRecovering) this.import(addressIn(location), importId);
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
