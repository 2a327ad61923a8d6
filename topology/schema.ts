import { z } from "zod";
import type { egressSchema } from "./egress-schema";
import { field, resourceGroupName, storageAccountName, storageContainerName } from "./fields";
import type { regionSchema } from "./region-schema";
import { stampSchema } from "./stamp-schema";

const backendSchema = z.strictObject({
  resourceGroup: field(resourceGroupName, "The resource group of the storage account.", { example: "state-rg" }),
  storageAccount: field(storageAccountName, "The storage account of the state.", { example: "lockdownstate" }),
  container: field(storageContainerName, "The container of the state.", { example: "tfstate" }),
});

/** A deployment's whole topology. Each object's fields are in a file of their own; what spans several fields is in `rules/`. */
export const topologySchema = z.strictObject({
  $schema: field(z.string().optional(), "The JSON schema, for editors of a JSON topology.", {
    example: "./topology.schema.json",
  }),
  backend: field(
    backendSchema.optional(),
    "Where Terraform keeps its state. Without a value the state is in local files.",
  ),
  stamps: field(z.array(stampSchema).min(1), "The stamps. Each is a deployment of its own."),
});

/** What a user writes: fields with a default may be left out. */
export type TopologyInput = z.input<typeof topologySchema>;
/** What everything else reads: every default is filled in. */
export type Topology = z.output<typeof topologySchema>;
export type Stamp = z.output<typeof stampSchema>;
export type Region = z.output<typeof regionSchema>;
/** A hub that is built. */
export type BuiltHub = NonNullable<Region["hub"]>;
export type ExistingHub = NonNullable<Region["existingHub"]>;
export type Egress = z.output<typeof egressSchema>;
