import { z } from "zod";
import { topologySchema } from "./schema";

/** The topology's JSON schema, for editors: fields and their patterns. What spans several fields only `npm run synth` checks. */
export function topologyJsonSchema(): string {
  return `${JSON.stringify(z.toJSONSchema(topologySchema, { io: "input" }), undefined, 2)}\n`;
}
