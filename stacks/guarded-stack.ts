import { AzurermBackend, LocalBackend, TerraformLocal, TerraformResource, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { type ArmIds, ZERO_SUBSCRIPTION } from "../topology/arm-ids";
import type { Stamp, Topology } from "../topology/schema";

/** What every stack of a stamp is made with. */
export interface StampContext {
  readonly stamp: Stamp;
  readonly backend: Topology["backend"];
  readonly ids: ArmIds;
}

export const NO_SUBSCRIPTION =
  "This stack was synthesized without a subscription. Set ARM_SUBSCRIPTION_ID to the subscription's id, synthesize again (npm run synth), and repeat.";

/** A stack with a state of its own, that refuses to plan and apply where it was synthesized without a subscription. */
export class GuardedStack extends TerraformStack {
  protected readonly stamp: Stamp;
  protected readonly ids: ArmIds;

  constructor(scope: Construct, name: string, { stamp, backend, ids }: StampContext) {
    super(scope, name);
    this.stamp = stamp;
    this.ids = ids;
    if (backend) {
      new AzurermBackend(this, {
        resourceGroupName: backend.resourceGroup,
        storageAccountName: backend.storageAccount,
        containerName: backend.container,
        key: `${name}.tfstate`,
        useAzureadAuth: true,
      });
    } else {
      // Beside the output folder, wherever that is; cdktf's default would write this machine's path into the stack.
      new LocalBackend(this, { path: `../../../terraform.${name}.tfstate` });
    }
    this.refuseToRunWithoutSubscription();
  }

  /** A precondition of Terraform's own resource, so that its message comes first. On an azurerm resource the failing login would come first. */
  private refuseToRunWithoutSubscription(): void {
    const subscription = new TerraformLocal(this, "subscription", this.ids.subscription);
    new TerraformResource(this, "subscription-is-set", {
      terraformResourceType: "terraform_data",
      lifecycle: {
        precondition: [
          { condition: `\${${subscription.fqn} != "${ZERO_SUBSCRIPTION}"}`, errorMessage: NO_SUBSCRIPTION },
        ],
      },
    });
  }
}
