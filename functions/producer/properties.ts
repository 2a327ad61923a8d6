import { NotAnObject } from "../shared/json-errors";
import { isWellFormed, type JsonObject, refuseTwiceWithin } from "../shared/json-text";
import { isOwnProperty } from "../shared/message-properties";
import { isObject } from "../shared/settings";
import { Refusal } from "./refusal";

/** The item's member that sets what Service Bus' filters see. It stays in the body: nothing is rewritten. */
export const MEMBER = "$serviceBus";
/** The same for a single message, where its body cannot say it. The properties are a JSON object. */
export const SUBJECT_HEADER = "x-servicebus-subject";
export const PROPERTIES_HEADER = "x-servicebus-properties";

/** What a filter can choose by, beside ids. */
export interface MessageProperties {
  readonly subject?: string | undefined;
  readonly applicationProperties: Values;
}

type Values = Readonly<Record<string, string | number | boolean>>;

/** learn.microsoft.com/azure/service-bus-messaging/service-bus-quotas: 32 KB a property, 64 KB for all; some is for the message's own. */
const LARGEST_PROPERTY = 32_768;
const LARGEST_TOGETHER = 60_000;
/** What one takes beside its name and its value, at most. */
const MOST_OF_A_PROPERTY = 14;
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
  const properties = together(fromHeaders.applicationProperties, checked(applicationProperties, refuse), refuse);
  return { ...fromHeaders, ...(subject === undefined ? {} : { subject }), applicationProperties: properties };
}

/** Of two properties whose names differ in case alone, the item's: filters do not distinguish them. */
function together(fromHeaders: Values, own: Values, refuse: (what: string) => never): Values {
  const names = new Set(Object.keys(own).map((name) => name.toLowerCase()));
  const others = Object.entries(fromHeaders).filter(([name]) => !names.has(name.toLowerCase()));
  return others.length === 0 ? own : checked({ ...Object.fromEntries(others), ...own }, refuse);
}

const NONE: MessageProperties = { applicationProperties: {} };

/** @throws Refusal where a header is not plain ASCII, or says what Service Bus would not take */
export function propertiesInHeaders(headers: { get(name: string): string | null }): MessageProperties {
  const [subject, properties] = [headers.get(SUBJECT_HEADER), headers.get(PROPERTIES_HEADER)];
  if (subject === null && properties === null) return NONE;
  const refuse = (what: string): never => {
    throw new Refusal(400, "BadProperties", `The headers: ${what.replace(/^\./, "")}`);
  };
  // The encoding of other characters in a header is not agreed. JSON has escapes for them.
  if (![subject ?? "", properties ?? ""].every((value) => /^[\x20-\x7e]*$/.test(value))) {
    return refuse(`they are not plain ASCII; put it into the item's ${MEMBER}.`);
  }
  if (subject !== null && !isText(subject, LONGEST_SUBJECT)) {
    return refuse(`${SUBJECT_HEADER} is not a text of 1 to ${LONGEST_SUBJECT} characters.`);
  }
  return {
    ...(subject === null ? {} : { subject }),
    applicationProperties: properties === null ? {} : checked(objectIn(properties, refuse), refuse),
  };
}

function objectIn(json: string, refuse: (what: string) => never): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return refuse(`${PROPERTIES_HEADER} is not JSON.`);
  }
  if (!isObject(value)) return refuse(`${PROPERTIES_HEADER} is not a JSON object.`);
  try {
    refuseTwiceWithin(json, [[]]);
  } catch (error) {
    if (error instanceof NotAnObject) return refuse(`${PROPERTIES_HEADER} ${error.message}.`);
    throw error;
  }
  return value;
}

function checked(properties: Readonly<Record<string, unknown>>, refuse: (what: string) => never): Values {
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
      bytes += size + MOST_OF_A_PROPERTY;
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
