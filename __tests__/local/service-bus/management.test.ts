import { manage } from "../../../local/service-bus/amqp/management";
import { NamespaceEntities } from "../../../local/service-bus/entities/namespace";
import { ServiceBusFault } from "../../../local/service-bus/errors";
import { queue } from "../../support/local";

const entities = new NamespaceEntities("primary", () => undefined);
entities.reconcile({ queues: [queue()], topics: [] });

test.each<[string, object]>([
  ["com.microsoft:renew-lock", { "lock-tokens": 5 }],
  ["com.microsoft:renew-lock", { "lock-tokens": ["no bytes"] }],
  ["com.microsoft:renew-lock", {}],
  ["com.microsoft:peek-message", { "from-sequence-number": "x", "message-count": 1 }],
  ["com.microsoft:peek-message", { "from-sequence-number": 1, "message-count": Buffer.alloc(3) }],
  ["com.microsoft:schedule-message", { messages: "none" }],
  ["com.microsoft:schedule-message", { messages: [{}] }],
  ["com.microsoft:cancel-scheduled-message", { "sequence-numbers": [null] }],
  ["com.microsoft:update-disposition", { "disposition-status": "thrown away", "lock-tokens": [] }],
])("%s with %j is answered with what is wrong, and is no failure of the broker's", (operation, body) => {
  const asked = () =>
    manage(
      {
        entities,
        path: "queue1",
        session: {},
        rules: { list: () => [], add: () => undefined, remove: () => undefined, replace: () => undefined },
        demand: () => undefined,
      },
      { operation, properties: {}, body },
    );
  expect(asked).toThrow(ServiceBusFault);
  expect(asked).toThrow("com.microsoft:argument-error");
});
