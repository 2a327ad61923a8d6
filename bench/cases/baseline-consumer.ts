import { app } from "@azure/functions";
import { CONNECTION } from "../../functions/shared/settings";

/** What a consumer costs that only logs one line: the host, the library and the trigger, and nothing of ours. */
const trigger = {
  connection: CONNECTION,
  queueName: process.env.BASELINE_QUEUE ?? "",
  dataType: "binary",
};
app.serviceBusQueue("baseline", {
  ...trigger,
  handler: (_body, context) => {
    context.log(JSON.stringify({ event: "processed", messageId: context.triggerMetadata?.messageId }));
  },
});
