import { AzurermProvider } from "@cdktf/provider-azurerm/lib/provider";
import { ResourceGroup } from "@cdktf/provider-azurerm/lib/resource-group";
import { App, TerraformStack } from "cdktf";
import { report } from "./report";

// The least there is to compare with: an app of one stack and one resource.
report(() => {
  const app = new App();
  const stack = new TerraformStack(app, "one");
  new AzurermProvider(stack, "azurerm", { features: [{}] });
  new ResourceGroup(stack, "group", { name: "group", location: "eastus2" });
  app.synth();
});
