import { AssetType, TerraformAsset } from "cdktf";
import type { Construct } from "constructs";
import { PublishedPackage } from "../constructs/compute/published-package";
import type { Artifacts } from "../packaging/package-functions";
import { appsOf } from "../topology/apps";
import { stackName } from "../topology/names";
import type { Region } from "../topology/schema";
import { GuardedStack, type StampContext } from "./guarded-stack";

/** A region's code on its apps: the only stack whose apply has to run inside the network. */
export class CodeStack extends GuardedStack {
  constructor(scope: Construct, context: StampContext, region: Region, artifacts: Artifacts) {
    super(scope, stackName(context.stamp, "code", region), context);
    const publisher = new TerraformAsset(this, "publisher", {
      path: artifacts.publisher.path,
      assetHash: artifacts.publisher.hash,
      type: AssetType.FILE,
    });
    for (const { key, kind, name } of appsOf(context.stamp, region)) {
      new PublishedPackage(this, key, { siteId: this.ids.site(region, name), package: artifacts[kind], publisher });
    }
  }
}
