import { writtenSources } from "../../functions/consumer/sources";
import { writtenEntities } from "../../functions/producer/entities";
import { producerEntitiesOf, sourcesOf } from "../app-lists";
import type { WholeRule } from "./topology-rule";

/**
 * In characters. Windows takes 32,767 for one variable of an environment (learn.microsoft.com/windows/win32/procthread/environment-variables);
 * App Service wants some of it for the name and its own prefix.
 */
const LONGEST_SETTING = 30_000;

/** An app gets the entities it knows in its settings; one that is too long is cut off, and the app does not start. */
export const listsFitTheAppSettings: WholeRule = ({ stamps }) =>
  stamps.flatMap((stamp, index) =>
    [
      { what: "queues and topics", length: writtenEntities(producerEntitiesOf(stamp)).length },
      ...[undefined, ...stamp.consumers.map(({ name }) => name)].map((consumer) => ({
        what: "queues and subscriptions",
        length: writtenSources(sourcesOf(stamp, consumer)).length,
      })),
    ]
      .filter(({ length }) => length > LONGEST_SETTING)
      .map(({ what, length }) => ({
        path: `stamps[${index}]`,
        got: `${what} that take ${length} characters in an app setting`,
        expected: `${LONGEST_SETTING} at most`,
        fix: "shorten their names, or put some into a second stamp",
      })),
  );
