import { placed, repeated, stampsOf } from "../draft";
import { unknownEntities } from "../entity-names";
import type { Stamp } from "../schema";
import type { TopologyRule } from "./topology-rule";

type Sender = Stamp["access"]["senders"][number];

/** A role on an entity that is not declared is an error at apply, and so is one that is assigned twice. */
export const sendersSendToEntities: TopologyRule = (topology) =>
  stampsOf(topology).flatMap((stamp) => {
    const { at, it } = stamp;
    const senders = placed<Sender>(it.access?.senders, `${at}.access.senders`);
    const twice = [
      repeated(senders.map((sender) => ({ at: `${sender.at}.principalId`, value: sender.it.principalId }))),
      ...senders.map((sender) =>
        repeated(
          placed<string>(sender.it.entities, `${sender.at}.entities`).map(({ at, it: value }) => ({ at, value })),
        ),
      ),
    ]
      .flat()
      .map(({ at: path, value, first }) => ({
        path,
        got: `"${value}"`,
        expected: `another one than ${first}`,
        fix: "name all entities of an identity once, in one entry",
      }));
    const unknown = senders.flatMap((sender) =>
      unknownEntities(stamp, placed<string>(sender.it.entities, `${sender.at}.entities`)),
    );
    return [...twice, ...unknown];
  });
