import type { RegisteredFunction } from "./core";

const TRIGGERS: ReadonlySet<string> = new Set(["httpTrigger", "serviceBusTrigger"]);

/**
 * Refuses what this host does not serve, when a package is loaded: left out in silence, it would look as if it worked.
 *
 * @throws Error that names the function, and what of it is not served
 */
export function refuseUnsupported(functions: readonly RegisteredFunction[]): void {
  for (const { metadata } of functions) {
    const { name, bindings, retryOptions } = metadata;
    const refuse = (what: string): never => {
      throw new Error(`the function ${name} has ${what}, which is not served locally`);
    };
    if (retryOptions != null) refuse("a retry policy");
    for (const { type, direction, cardinality } of Object.values(bindings)) {
      if (direction === "out") {
        if (type !== "http") refuse(`an output binding of type ${type}`);
        continue;
      }
      if (!TRIGGERS.has(type)) refuse(`a binding of type ${type}`);
      if (cardinality === "many") refuse("a trigger that takes many messages at once");
    }
  }
}
