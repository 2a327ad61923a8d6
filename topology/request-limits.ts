import { HOST_BODY_BYTES, LARGEST_ITEM_BYTES } from "../functions/producer/deadline";
import type { RequestLimits } from "../functions/producer/limits";
import { producerEntitiesOf } from "./app-lists";
import type { Stamp } from "./schema";

/** Room for a batch of small messages. */
const LEAST_BYTES = 4_194_304;
/** Between the producer's limit and the host's: a request that is a little over the limit gets an answer with a text. The host's answer has none. */
const HOST_MARGIN_BYTES = 1_048_576;

/** What the stamp's producer takes in one request. Ids belong to callers where App Service authenticates them. */
export function requestLimitsOf(stamp: Stamp): RequestLimits {
  const { requests, authentication } = stamp;
  const largest = Math.max(LEAST_BYTES, ...producerEntitiesOf(stamp).map(({ maxMessageBytes }) => maxMessageBytes));
  return {
    items: requests.maxItems,
    bytes: requests.maxBytes ?? Math.min(largest, LARGEST_ITEM_BYTES),
    ...(authentication ? { idsByCaller: true } : {}),
  };
}

/** What the Functions host takes in one request (`FUNCTIONS_REQUEST_BODY_SIZE_LIMIT`). */
export function hostBodyBytes({ bytes }: RequestLimits): number {
  return Math.min(HOST_BODY_BYTES, bytes + HOST_MARGIN_BYTES);
}
