import { isWellFormed, type JsonObject } from "../shared/json-text";
import { isOwnProperty } from "../shared/message-properties";
import { isObject } from "../shared/settings";
import { Refusal } from "./refusal";

/** The item's member that sets what Service Bus' filters see. It stays in the body: nothing is rewritten. */
export const MEMBER = "$serviceBus";
/** The same for a single message, where its body cannot say it. */
export const SUBJECT_HEADER = "x-servicebus-subject";
export const PROPERTY_HEADER = "x-servicebus-property-";

/** What a filter can choose by, beside ids. */
export interface MessageProperties {
  readonly subject?: string | undefined;
  readonly applicationProperties: Readonly<Record<string, string | number | boolean>>;
}

/** learn.microsoft.com/azure/service-bus-messaging/service-bus-quotas: 32 KB a property, 64 KB for all; some is for the message's own. */
const LARGEST_PROPERTY = 32_768;
const LARGEST_TOGETHER = 60_000;
const LONGEST_SUBJECT = 128;
const LONGEST_NAME = 128;

/**
 * Subject and application properties of a message: of the item's own `$serviceBus: { subject, applicationProperties }`, else of the request's headers.
 *
 * @throws Refusal where Service Bus would not take them
 */
export function propertiesOf(item: JsonObject, fromHeaders: MessageProperties, which: () => string): MessageProperties {
  const own = item[MEMBER];
  if (own === undefined) return fromHeaders;
  const refuse = (what: string): never => {
    throw new Refusal(400, "BadProperties", `${which()}: ${MEMBER}${what}`);
  };
  if (!isObject(own)) return refuse(" is not an object.");
  const { subject, applicationProperties = {}, ...others } = own;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) return refuse(` has no "${unknown}": it has subject and applicationProperties.`);
  if (subject !== undefined && !isText(subject, LONGEST_SUBJECT)) {
    return refuse(`.subject is not a text of 1 to ${LONGEST_SUBJECT} characters.`);
  }
  if (!isObject(applicationProperties)) return refuse(".applicationProperties is not an object.");
  const properties = { ...fromHeaders.applicationProperties, ...checked(applicationProperties, refuse) };
  return { ...fromHeaders, ...(subject === undefined ? {} : { subject }), applicationProperties: properties };
}

/** @throws Refusal where a header is no plain text, or names what is not the sender's to set */
export function propertiesInHeaders(headers: Iterable<[string, string]>): MessageProperties {
  const refuse = (what: string): never => {
    throw new Refusal(400, "BadProperties", `The headers: ${what.replace(/^\./, "")}`);
  };
  let subject: string | undefined;
  const properties: Record<string, string> = {};
  for (const [name, value] of headers) {
    const key = name.toLowerCase();
    if (key === SUBJECT_HEADER) subject = value;
    else if (key.startsWith(PROPERTY_HEADER)) properties[key.slice(PROPERTY_HEADER.length)] = value;
    else continue;
    // What else a header may hold, nobody agrees how it is encoded.
    if (!/^[\x20-\x7e]*$/.test(value)) return refuse(`${key} is not plain ASCII; put it into the item's ${MEMBER}.`);
  }
  if (subject !== undefined && !isText(subject, LONGEST_SUBJECT)) {
    return refuse(`${SUBJECT_HEADER} is not a text of 1 to ${LONGEST_SUBJECT} characters.`);
  }
  return { ...(subject === undefined ? {} : { subject }), applicationProperties: checked(properties, refuse) };
}

function checked(
  properties: Readonly<Record<string, unknown>>,
  refuse: (what: string) => never,
): MessageProperties["applicationProperties"] {
  const seen = new Set<string>();
  let bytes = 0;
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]) => {
      const shown = `.applicationProperties["${name}"]`;
      if (!isText(name, LONGEST_NAME)) return refuse(`${shown} has no name of 1 to ${LONGEST_NAME} characters.`);
      if (isOwnProperty(name)) return refuse(`${shown} is set by the producer itself.`);
      if (seen.has(name.toLowerCase())) return refuse(`${shown} is there twice: filters ignore case.`);
      seen.add(name.toLowerCase());
      if (!isScalar(value))
        return refuse(`${shown} is no well-formed text, whole number up to 2^53, other number, true or false.`);
      const size = Buffer.byteLength(name) + Buffer.byteLength(String(value));
      bytes += size;
      if (size > LARGEST_PROPERTY) return refuse(`${shown} is over ${LARGEST_PROPERTY} bytes.`);
      if (bytes > LARGEST_TOGETHER)
        return refuse(`.applicationProperties are over ${LARGEST_TOGETHER} bytes together.`);
      return [name, value];
    }),
  );
}

function isText(value: unknown, longest: number): value is string {
  return typeof value === "string" && value !== "" && value.length <= longest && isWellFormed(value);
}

function isScalar(value: unknown): value is string | number | boolean {
  if (typeof value === "string") return isWellFormed(value);
  if (typeof value === "number")
    return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
  return typeof value === "boolean";
}
