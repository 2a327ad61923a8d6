import { placed, repeated, stampsOf } from "../draft";
import { unknownEntities } from "../entity-names";
import type { Stamp } from "../schema";
import type { TopologyRule } from "./topology-rule";

type Operator = Stamp["access"]["operators"]["principals"][number];
type Sender = Stamp["access"]["senders"][number];

/** A role on an entity that is not declared is an error at apply, and so is one that is assigned twice: operators may send, too. */
export const operatorsAreNamedOnce: TopologyRule = (topology) =>
  stampsOf(topology).flatMap((stamp) => {
    const { at, it } = stamp;
    const operators = placed<Operator>(it.access?.operators?.principals, `${at}.access.operators.principals`);
    const senders = placed<Sender>(it.access?.senders, `${at}.access.senders`);
    const named = [...senders, ...operators].map((each) => ({
      at: `${each.at}.principalId`,
      value: each.it.principalId,
    }));
    const twice = [
      repeated(named).filter((each) => each.at.startsWith(`${at}.access.operators`)),
      ...operators.map((operator) =>
        repeated(
          placed<string>(operator.it.entities, `${operator.at}.entities`).map(({ at, it: value }) => ({ at, value })),
        ),
      ),
    ]
      .flat()
      .map(({ at: path, value, first }) => ({
        path,
        got: `"${value}"`,
        expected: `another one than ${first}`,
        fix: "name an identity once: an operator may send to its entities, too",
      }));
    const unknown = operators.flatMap((operator) =>
      unknownEntities(stamp, placed<string>(operator.it.entities, `${operator.at}.entities`)),
    );
    return [...twice, ...unknown];
  });
