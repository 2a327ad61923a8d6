import { z } from "zod";
import { settingsSchema } from "./app-settings-schema";
import { field, functionAppName, says, storageAccountName, text } from "./fields";

const consumerName = text(
  /^(?!producer$|consumer$)[a-z](-?[a-z0-9]){0,19}$/,
  "1–20 lower-case letters, digits and single hyphens, starting with a letter, and neither producer nor consumer",
  "rename the consumer",
);

/** A queue, or a topic and its subscription. */
const sourceName = text(
  /^[A-Za-z0-9][-\w.]*(\/\w[-\w.]*)?$/,
  "the name of a queue, or <topic>/<subscription>",
  "write the name as the topology declares it",
);

/** A consumer app beside the first one: what it takes, in every region. */
export const consumerSchema = z.strictObject({
  name: field(consumerName, "The consumer's name in the topology. Each region says what its app is called.", {
    example: "billing",
  }),
  takes: field(
    z.array(sourceName).min(1, says("one queue or subscription or more", "name what it takes")),
    "The queues, and the subscriptions as `<topic>/<subscription>`, that it takes from. The first consumer takes from all others.",
    { example: ["invoices", "orders/billing"] },
  ),
  appSettings: field(
    settingsSchema.default({}),
    "Settings of this consumer, by name, in place of `appSettings.consumer`.",
    {
      example: { LEDGER: "main" },
    },
  ),
});

/** A region's app of such a consumer. */
export const regionalConsumerSchema = z.strictObject({
  consumer: field(consumerName, "The consumer's name in `consumers` of the stamp.", { example: "billing" }),
  functionApp: field(functionAppName, "The name of its function app. It is globally unique.", {
    example: "lockdown-pc-billing-eastus2",
  }),
  storageAccount: field(storageAccountName, "The storage account of its Functions host.", {
    example: "lockdownpcbilleastus2",
  }),
});
