/** A refusal as Azure Resource Manager words it (learn.microsoft.com/azure/azure-resource-manager/troubleshooting/common-deployment-errors). */
export class ArmFault extends Error {
  override name = "ArmFault";

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }

  get body(): Readonly<Record<string, unknown>> {
    return { error: { code: this.code, message: this.message } };
  }
}

export function badRequest(code: string, message: string): ArmFault {
  return new ArmFault(400, code, message);
}

export function conflict(code: string, message: string): ArmFault {
  return new ArmFault(409, code, message);
}

export function notFound(id: string): ArmFault {
  const [, group] = /\/resourceGroups\/([^/]+)/i.exec(id) ?? [];
  const path = id.replace(/^.*\/providers\//i, "");
  return new ArmFault(
    404,
    "ResourceNotFound",
    `The Resource '${path}' under resource group '${group ?? "<null>"}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
  );
}
