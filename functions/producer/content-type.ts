import { MIMEType } from "node:util";
import { NotAnObject } from "../shared/json-errors";
import { decoded } from "../shared/json-text";
import { Refusal } from "./refusal";

/** What a request says of its body. */
export interface ContentType {
  readonly charset: string;
  readonly ndjson: boolean;
}

/** What most requests say, so that it is not read anew for each. */
const USUAL: ReadonlyMap<string, ContentType> = new Map([
  ["application/json", { charset: "utf-8", ndjson: false }],
  ["application/x-ndjson", { charset: "utf-8", ndjson: true }],
]);

/**
 * JSON or NDJSON, said so: what a page may post without asking the server first (CORS) has none of these types.
 *
 * @throws Refusal
 */
export function contentTypeOf(header: string | null): ContentType {
  const usual = USUAL.get(header ?? "");
  if (usual) return usual;
  let type: MIMEType;
  try {
    type = new MIMEType(header ?? "");
  } catch {
    throw new Refusal(415, "BadContentType", `The Content-Type "${header ?? ""}" cannot be read: ${TYPES}.`);
  }
  const { essence, params } = type;
  const ndjson = /^application\/(x-)?(ndjson|jsonl|jsonlines)$/.test(essence);
  if (!ndjson && !/^application\/([\w.!#$&^-]+\+)?json$/.test(essence)) {
    throw new Refusal(415, "BadContentType", `The Content-Type "${essence}" is neither JSON nor NDJSON: ${TYPES}.`);
  }
  return { charset: params.get("charset") ?? "utf-8", ndjson };
}

const TYPES = "send application/json or application/x-ndjson";

/** @throws Refusal where bytes are no text of that charset, or the charset is unknown */
export function textOf(bytes: Uint8Array, charset: string): string {
  try {
    return decoded(bytes, charset);
  } catch (error) {
    if (error instanceof NotAnObject) throw new Refusal(400, error.code, `The body ${error.message}.`);
    throw new Refusal(415, "UnknownCharset", `The charset "${charset}" is not known: send UTF-8.`);
  }
}
