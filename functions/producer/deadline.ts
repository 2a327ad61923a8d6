/** What a send needs beside its bytes: a connection, a token, a link, an answer. */
const BASE_MS = 20_000;
/** A way to Service Bus that is slower than this is taken for broken, in bytes a second. */
const FLOOR_RATE = 500_000;
/**
 * App Service ends a request after 230 s (learn.microsoft.com/azure/azure-functions/functions-scale-and-hosting#timeout); whether also one that comes by a
 * private endpoint is unverified. The answer has to be written before that.
 */
const CAP_MS = 220_000;

/** What the Functions host takes as a request, in bytes, where FUNCTIONS_REQUEST_BODY_SIZE_LIMIT does not say otherwise. */
export const HOST_BODY_BYTES = 104_857_600;

/** How long a caller waits at most for what he sent, in milliseconds. */
export function deadlineFor(bytes: number): number {
  return Math.min(CAP_MS, BASE_MS + Math.ceil((bytes / FLOOR_RATE) * 1000));
}

/** The largest item that the deadline and the host allow, in bytes, for every entity. */
export const LARGEST_ITEM_BYTES = Math.min(HOST_BODY_BYTES, ((CAP_MS - BASE_MS) / 1000) * FLOOR_RATE);
