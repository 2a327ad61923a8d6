import { all, type Located } from "../resources";
import type { SynthesizedStack } from "../cdktf-out";
import { idIn, optionalText, type Part, partIn, partOf, partsIn, text } from "./attributes";

/** A package that a stack puts on a site, by the program that it runs. */
export interface Publication {
  readonly resource: Located;
  /** The ARM id of the app, in lower case. */
  readonly siteId: string;
  /** What the program is given for it, in lower case: the same, or it publishes elsewhere. */
  readonly publishedTo: string;
  /** The hash by which Terraform knows that there is something to publish. */
  readonly triggeredBy?: string;
  /** The package's path, from the stack's folder. */
  readonly package: string;
  /** SHA-256 of the package's name and bytes, in hex. */
  readonly hash: string;
}

/** Every `terraform_data` that a site triggers. @throws Error where it runs no program, or another than the publisher */
export function publicationsIn(stacks: readonly SynthesizedStack[]): Publication[] {
  const bySite = all(stacks, "terraform_data").filter(({ block }) => {
    const { triggers_replace: triggers } = block;
    return typeof triggers === "object" && triggers !== null && "site" in triggers;
  });
  return bySite.map((resource) => {
    const publication = partOf(resource);
    const site = idIn(partIn(publication, "triggers_replace"), "site");
    const [provisioner, another] = partsIn(publication, "provisioner");
    if (!provisioner || another) throw new Error(`${publication.path} should have one provisioner.`);
    const environment = partIn(partIn(provisioner, "local-exec"), "environment");
    return {
      resource,
      siteId: site,
      publishedTo: idIn(environment, "PUBLISH_SITE_ID"),
      ...triggerOf(partIn(publication, "triggers_replace")),
      package: text(environment, "PUBLISH_PACKAGE"),
      hash: text(environment, "PUBLISH_PACKAGE_HASH"),
    };
  });
}

function triggerOf(triggers: Part): Pick<Publication, "triggeredBy"> {
  const hash = optionalText(triggers, "package");
  return hash === undefined ? {} : { triggeredBy: hash };
}
