/** What the code stack passes to the publisher, in environment variables. None of it is secret. */
export interface SitePublication {
  /** The ARM id of the function app. */
  readonly siteId: string;
  /** Path of the package. */
  readonly packagePath: string;
  /** SHA-256 of the package, in the deployment's message on the site. */
  readonly packageHash: string;
  /** Azure's metadata host where it is not the public cloud's, as azurerm takes it. @default Azure's public cloud */
  readonly metadataHost?: string;
  readonly environment: NodeJS.ProcessEnv;
}

/** @throws Error that names what is missing */
export function sitePublicationFrom(environment: NodeJS.ProcessEnv): SitePublication {
  const { ARM_METADATA_HOSTNAME } = environment;
  return {
    siteId: required(environment, "PUBLISH_SITE_ID"),
    packagePath: required(environment, "PUBLISH_PACKAGE"),
    packageHash: required(environment, "PUBLISH_PACKAGE_HASH"),
    ...(ARM_METADATA_HOSTNAME ? { metadataHost: ARM_METADATA_HOSTNAME } : {}),
    environment,
  };
}

function required(environment: NodeJS.ProcessEnv, name: string): string {
  const value = environment[name];
  if (!value) throw new Error(`${name} is not set; the code stack's local-exec sets it.`);
  return value;
}
