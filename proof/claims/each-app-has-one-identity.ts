import { armId } from "../../synthesized/arm-id";
import { all, referred } from "../../synthesized/resources";
import { type Part, partOf } from "../../synthesized/views/attributes";
import type { GeneralClaim } from "../claim";
import { originOf } from "../network/terraform/origins";

export const eachAppHasOneIdentity: GeneralClaim = {
  name: "each-app-has-one-identity",
  why: "An app without an identity gets no token; two apps with one identity have each other's rights.",
  needs: "stacks",
  check: ({ model, stacks }) =>
    model.apps.flatMap(({ name, identityIds, origin }) => {
      const shared = model.apps.filter(
        (other) => other.name !== name && other.identityIds.some((id) => identityIds.includes(id)),
      );
      return [
        ...(identityIds.length === 1 ? [] : [{ what: `${name} has ${identityIds.length} identities`, origin }]),
        ...shared.map((other) => ({ what: `${name} and ${other.name} have one identity`, origin })),
        ...all(stacks, "azurerm_federated_identity_credential")
          .map(partOf)
          .filter((credential) => identityIds.includes(parentOf(credential)))
          .map((credential) => ({
            what: `${String(credential.block.subject)} of ${String(credential.block.issuer)} signs in as ${name}`,
            origin: originOf(credential),
          })),
      ];
    }),
};

/** The identity that a federated credential signs in as: azurerm 4 has called the attribute by two names. */
function parentOf({ of, block }: Part): string {
  const value = block.user_assigned_identity_id ?? block.parent_id;
  const identity = referred(of, value);
  return identity ? armId(identity) : String(value).toLowerCase();
}
