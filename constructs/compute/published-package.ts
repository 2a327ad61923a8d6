import { AssetType, TerraformAsset, TerraformResource } from "cdktf";
import { Construct } from "constructs";
import type { Artifact } from "../../packaging/package-functions";

export interface PublishedPackageProps {
  readonly siteId: string;
  readonly package: Artifact;
  /** The asset of the program that publishes. */
  readonly publisher: TerraformAsset;
}

/**
 * A package on its site, published once for each content.
 *
 * Not `zip_deploy_file`: azurerm would push it while the app is being created, before the app's endpoint can exist, and a site without public
 * access refuses that with 403; the app would be left tainted.
 */
export class PublishedPackage extends Construct {
  constructor(scope: Construct, id: string, { siteId, package: { path, hash }, publisher }: PublishedPackageProps) {
    super(scope, id);
    const asset = new TerraformAsset(this, "package", { path, assetHash: hash, type: AssetType.FILE });
    const publication = new TerraformResource(this, "publication", {
      terraformResourceType: "terraform_data",
      provisioners: [
        {
          type: "local-exec",
          command: `node ${publisher.path}`,
          environment: {
            PUBLISH_SITE_ID: siteId,
            PUBLISH_PACKAGE: asset.path,
            PUBLISH_PACKAGE_HASH: hash,
          },
        },
      ],
    });
    publication.addOverride("triggers_replace", { site: siteId, package: hash });
  }
}
