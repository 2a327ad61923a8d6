import type { Drill } from "../drill";
import { connectionCut } from "./connection-cut";
import { consumerKilled } from "./consumer-killed";
import { dependencyDownForAQueue, dependencyDownForASubscription, dependencyDownForSessions } from "./dependency-down";
import { failback } from "./failback";
import { failoverDuringSend } from "./failover-during-send";
import { largeMessage } from "./large-message";
import { lockLost } from "./lock-lost";
import { notJson } from "./not-json";
import { poisonMessage } from "./poison-message";
import { primaryNeverReturns } from "./primary-never-returns";
import { producerKilled } from "./producer-killed";
import { randomFaults } from "./random-faults";
import { sameKeyTwice } from "./same-key-twice";
import { slowSecondary } from "./slow-secondary";

/** Every drill; the long one last. */
export const DRILLS: readonly Drill[] = [
  consumerKilled,
  connectionCut,
  lockLost,
  poisonMessage,
  notJson,
  largeMessage,
  sameKeyTwice,
  producerKilled,
  dependencyDownForAQueue,
  dependencyDownForASubscription,
  dependencyDownForSessions,
  failoverDuringSend,
  slowSecondary,
  primaryNeverReturns,
  failback,
  randomFaults,
];
