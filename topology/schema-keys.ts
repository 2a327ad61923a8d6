import { z } from "zod";
import { topologySchema } from "./schema";

/** What of a JSON schema says which keys an object may have. */
interface Shape {
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly items?: Shape;
  readonly anyOf?: readonly Shape[];
  readonly oneOf?: readonly Shape[];
}

/** The keys that the schema knows at a path: those of every alternative. */
export function keysAt(path: readonly PropertyKey[]): string[] {
  const root = z.toJSONSchema(topologySchema, { io: "input" }) as Shape;
  const shapes = path.reduce<readonly Shape[]>(
    (at, key) =>
      at.flatMap((shape) => {
        const next = typeof key === "number" ? shape.items : shape.properties?.[String(key)];
        return next ? alternatives(next) : [];
      }),
    alternatives(root),
  );
  return [...new Set(shapes.flatMap(({ properties }) => Object.keys(properties ?? {})))];
}

function alternatives(shape: Shape): Shape[] {
  return [shape, ...(shape.anyOf ?? []).flatMap(alternatives), ...(shape.oneOf ?? []).flatMap(alternatives)];
}
