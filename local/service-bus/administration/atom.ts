import XMLBuilder from "fast-xml-builder";
import { XMLParser } from "fast-xml-parser";
import type { Body } from "../../azure/document";

/** The Atom feeds of Service Bus' management API (learn.microsoft.com/rest/api/servicebus/entities). */
const ATOM = "http://www.w3.org/2005/Atom";
const SERVICE_BUS = "http://schemas.microsoft.com/netservices/2010/10/servicebus/connect";
const INSTANCE = "http://www.w3.org/2001/XMLSchema-instance";

/** What an element's attributes are called, and its text. */
export const ATTRIBUTE = "@";
export const TEXT = "#text";

const builder = new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: ATTRIBUTE, textNodeName: TEXT });
const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: ATTRIBUTE,
  textNodeName: TEXT,
  removeNSPrefix: true,
  // A queue may be called 1e5.
  parseTagValue: false,
  // Numbers of characters too: &#39; is a quotation mark.
  htmlEntities: true,
  isArray: (name) => name === "KeyValueOfstringanyType",
});

/** One thing that the API shows. */
export interface Entry {
  /** Below the namespace: `queue1`. */
  readonly path: string;
  readonly title: string;
  /** `QueueDescription`, `TopicDescription`, … */
  readonly kind: string;
  readonly description: Body;
}

export interface Shown {
  /** `https://<host>` */
  readonly origin: string;
  readonly namespace: string;
}

export function entryXml(entry: Entry, shown: Shown): string {
  return document({ entry: { [`${ATTRIBUTE}xmlns`]: ATOM, ...entryBody(entry, shown) } });
}

/** @param next where the list goes on; none: it ends here */
export function feedXml(title: string, entries: readonly Entry[], shown: Shown, next?: string): string {
  return document({
    feed: {
      [`${ATTRIBUTE}xmlns`]: ATOM,
      title: { [`${ATTRIBUTE}type`]: "text", [TEXT]: title },
      id: `${shown.origin}/${title}`,
      updated: new Date().toISOString(),
      link: [
        { [`${ATTRIBUTE}rel`]: "self", [`${ATTRIBUTE}href`]: `${shown.origin}/${title}` },
        ...(next === undefined ? [] : [{ [`${ATTRIBUTE}rel`]: "next", [`${ATTRIBUTE}href`]: next }]),
      ],
      ...(entries.length === 0 ? {} : { entry: entries.map((entry) => entryBody(entry, shown)) }),
    },
  });
}

export function errorXml(status: number, detail: string): string {
  return document({ Error: { Code: status, Detail: detail } });
}

/** What a request describes. @returns nothing where it is no entry with a description */
export function descriptionIn(text: string): { readonly kind: string; readonly description: Body } | undefined {
  let root: unknown;
  try {
    root = parser.parse(text);
  } catch {
    return undefined;
  }
  const content = (root as { entry?: { content?: Record<string, unknown> } } | undefined)?.entry?.content ?? {};
  const [kind] = Object.keys(content).filter((name) => name.endsWith("Description"));
  if (kind === undefined) return undefined;
  const description = content[kind];
  return { kind, description: typeof description === "object" && description !== null ? (description as Body) : {} };
}

function entryBody({ path, title, kind, description }: Entry, { origin, namespace }: Shown): Body {
  const now = new Date().toISOString();
  return {
    id: `${origin}/${path}?api-version=2021-05`,
    title: { [`${ATTRIBUTE}type`]: "text", [TEXT]: title },
    published: now,
    updated: now,
    author: { name: namespace },
    link: { [`${ATTRIBUTE}rel`]: "self", [`${ATTRIBUTE}href`]: `${origin}/${path}?api-version=2021-05` },
    content: {
      [`${ATTRIBUTE}type`]: "application/xml",
      [kind]: { [`${ATTRIBUTE}xmlns`]: SERVICE_BUS, [`${ATTRIBUTE}xmlns:i`]: INSTANCE, ...description },
    },
  };
}

function document(root: Body): string {
  return `<?xml version="1.0" encoding="utf-8"?>${builder.build(root)}`;
}
