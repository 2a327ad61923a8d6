import type { HttpRequest, HttpResponseInit, InvocationContext } from "@azure/functions";
import type { Bus } from "../shared/bus";
import { originalId, ownerOf } from "../shared/broker-id";
import { log } from "../shared/log";
import { PROPERTY, writtenIds } from "../shared/message-properties";
import type { Telemetry } from "../shared/telemetry";
import { DIAGNOSTIC_ID, parseTraceParent } from "../shared/trace";
import type { ProducerEntity } from "./entities";
import { type Item, itemsOf } from "./items";
import type { RequestLimits } from "./limits";
import { Refusal } from "./refusal";
import { isLarge, refuseTooLarge, send, type Sent } from "./send";
import type { Message } from "./message";

/** Seconds a caller is asked to wait after a 503; a failover takes minutes, a broken connection less. */
const RETRY_AFTER_SECONDS = 5;
const CORRELATION_HEADER = "x-correlation-id";
/** Set by App Service's authentication, which removes what a caller writes there (learn.microsoft.com/azure/app-service/configure-authentication-user-identities). */
const CALLER_HEADER = "x-ms-client-principal-id";

export interface ProducerDependencies {
  readonly entities: ReadonlyMap<string, ProducerEntity>;
  readonly limits: RequestLimits;
  readonly bus: Bus;
  readonly telemetry: Telemetry;
}

interface Origin {
  readonly correlationId: string;
  readonly traceParent?: string;
}

/** `POST /api/messages/{entity}`: 202 for what Service Bus has accepted, and for nothing else. */
export function producerHandler({ entities, limits, bus, telemetry }: ProducerDependencies) {
  return async (request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> => {
    const origin = originOf(request, context);
    const name = request.params.entity ?? "";
    try {
      const entity = entities.get(name);
      if (!entity) throw new Refusal(404, "UnknownEntity", `There is no entity "${name}" to send to.`);
      if (entity.paused === true) {
        throw new Refusal(
          503,
          "EntityPaused",
          `${entity.name} is paused and takes no messages. Nothing was sent; try again later.`,
        );
      }
      const owner = limits.idsByCaller === true ? ownerIn(request) : undefined;
      const body = { bytes: new Uint8Array(await request.arrayBuffer()), headers: request.headers };
      const messages = itemsOf(body, entity, limits).map((item) => messageOf(item, origin, owner));
      refuseTooLarge(messages, entity);
      const started = performance.now();
      const sent = await bus.through(
        entity.name,
        (sender) => send(sender, entity, messages),
        messages.some(isLarge) ? "large" : "usual",
      );
      telemetry.dependency({
        name: `Send ${entity.name}`,
        type: "Azure Service Bus",
        target: `${bus.host}/${entity.name}`,
        durationMs: performance.now() - started,
        success: !sent.error,
        resultCode: sent.error ? codeOf(sent.error) : "Accepted",
        traceParent: origin.traceParent,
        properties: { correlationId: origin.correlationId, accepted: String(sent.sent.length) },
      });
      return sent.error
        ? unavailable(entity, sent, sent.error, origin, context)
        : accepted(entity, sent, origin, context);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      log(context, "warn", "refused", { entity: name, correlationId: origin.correlationId, reason: error.message });
      const refused = answer(error.status, origin, {
        error: { code: error.code, message: error.message },
        correlationId: origin.correlationId,
      });
      return error.status === 503 ? retryLater(refused) : refused;
    }
  };
}

function accepted(
  entity: ProducerEntity,
  { sent }: Sent,
  origin: Origin,
  context: InvocationContext,
): HttpResponseInit {
  log(context, "log", "accepted", {
    entity: entity.name,
    correlationId: origin.correlationId,
    count: sent.length,
    messageIds: sent,
  });
  return answer(202, origin, { ids: sent, correlationId: origin.correlationId });
}

function unavailable(
  entity: ProducerEntity,
  { sent, unconfirmed }: Sent,
  error: Error,
  origin: Origin,
  context: InvocationContext,
): HttpResponseInit {
  const reason = `${codeOf(error)}: ${error.message}`;
  log(context, "error", "unavailable", {
    entity: entity.name,
    correlationId: origin.correlationId,
    count: sent.length,
    messageIds: unconfirmed,
    reason,
  });
  return retryLater(
    answer(503, origin, {
      error: {
        code: "BusUnavailable",
        message: "Service Bus did not confirm the messages. Send the unconfirmed ones again, with the same ids.",
      },
      sent,
      unconfirmed,
      correlationId: origin.correlationId,
    }),
  );
}

function retryLater(response: ReturnType<typeof answer>) {
  return { ...response, headers: { ...response.headers, "retry-after": String(RETRY_AFTER_SECONDS) } };
}

function answer(status: number, { correlationId }: Origin, jsonBody: object) {
  return { status, jsonBody, headers: { [CORRELATION_HEADER]: correlationId } };
}

function originOf(request: HttpRequest, context: InvocationContext): Origin {
  const traceParent = context.traceContext?.traceParent ?? request.headers.get("traceparent") ?? undefined;
  const trace = parseTraceParent(traceParent);
  const given = request.headers.get(CORRELATION_HEADER);
  const correlationId =
    given !== null && /^[\x21-\x7e]{1,128}$/.test(given) ? given : (trace?.traceId ?? context.invocationId);
  return { correlationId, ...(trace ? { traceParent } : {}) };
}

/** @throws Refusal where App Service names no caller: an id would have no owner then */
function ownerIn(request: HttpRequest): string {
  const caller = request.headers.get(CALLER_HEADER);
  if (caller === null || caller === "")
    throw new Refusal(401, "NoCaller", "App Service names no authenticated caller.");
  return ownerOf(caller);
}

function messageOf(item: Item, { correlationId, traceParent }: Origin, owner: string | undefined): Message {
  const { messageId, sessionId, subject, body } = item;
  const applicationProperties: Record<string, string | number | boolean> = {
    ...item.applicationProperties,
    [PROPERTY.ids]: writtenIds({ messageId, sessionId, correlationId, subject, owner }),
  };
  // Service Bus' own name for it, which the Functions host and every SDK of Azure's reads.
  if (traceParent !== undefined) applicationProperties[DIAGNOSTIC_ID] = traceParent;
  return {
    messageId: originalId(messageId, owner),
    senderId: messageId,
    body,
    contentType: "application/json",
    correlationId,
    sessionId,
    subject,
    applicationProperties,
  };
}

function codeOf(error: Error): string {
  return "code" in error && typeof error.code === "string" ? error.code : error.name;
}
