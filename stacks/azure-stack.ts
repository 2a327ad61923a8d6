import { AzurermProvider } from "@cdktf/provider-azurerm/lib/provider";
import type { Construct } from "constructs";
import { GuardedStack, type StampContext } from "./guarded-stack";

/** A stack of Azure's resources, the provider set so that nothing needs a key. */
export class AzureStack extends GuardedStack {
  protected readonly tags: Record<string, string>;

  constructor(scope: Construct, name: string, context: StampContext) {
    super(scope, name, context);
    this.tags = context.stamp.tags;
    new AzurermProvider(this, "azurerm", {
      subscriptionId: this.ids.subscription,
      // Registering them is a right of the subscription's owner, not of a pipeline.
      resourceProviderRegistrations: "none",
      storageUseAzuread: true,
      features: [
        {
          storage: [{ dataPlaneAvailable: false }],
          // Azure makes an alert rule beside every component. It is waited for, disabled, and deleted with the component; else it stays behind and stops a teardown.
          applicationInsights: [{ disableGeneratedRule: true }],
        },
      ],
    });
  }
}
