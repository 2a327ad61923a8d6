import { writtenSources } from "../../functions/consumer/sources";
import { writtenEntities } from "../../functions/producer/entities";
import { consumerSourcesOf, producerEntitiesOf } from "../app-lists";
import type { WholeRule } from "./rule";

/** Windows' limit for one variable of an environment, in characters (learn.microsoft.com/windows/win32/procthread/environment-variables). */
const LONGEST_SETTING = 32_767;

/** An app gets the entities it knows in its settings; one that is too long is cut off, and the app does not start. */
export const listsFitTheAppSettings: WholeRule = ({ stamps }) =>
  stamps.flatMap((stamp, index) =>
    [
      { what: "queues and topics", length: writtenEntities(producerEntitiesOf(stamp)).length },
      { what: "queues and subscriptions", length: writtenSources(consumerSourcesOf(stamp)).length },
    ]
      .filter(({ length }) => length > LONGEST_SETTING)
      .map(({ what, length }) => ({
        path: `stamps[${index}]`,
        got: `${what} that take ${length} characters in an app setting`,
        expected: `${LONGEST_SETTING} at most`,
        fix: "shorten their names, or put some into a second stamp",
      })),
  );
