import type { Binding, RegisteredFunction } from "./core";

/** A function that HTTP requests reach, and how. */
export interface Route {
  readonly function: RegisteredFunction;
  readonly methods: readonly string[];
  readonly anonymous: boolean;
  /** The parameters of a path, or nothing where it is another route's. */
  readonly match: (path: string) => Readonly<Record<string, string>> | undefined;
}

const SEGMENT = /^\{(?<catchAll>\*)?(?<name>[A-Za-z_]\w*)(?<optional>\?)?\}$/;

/** @throws Error where a route's template is one that this host does not know */
export function routesOf(functions: readonly RegisteredFunction[], prefix: string): Route[] {
  return functions.flatMap((registered) => {
    const binding = Object.values(registered.metadata.bindings).find(({ type }) => type === "httpTrigger");
    return binding ? [routeOf(registered, binding, prefix)] : [];
  });
}

function routeOf(registered: RegisteredFunction, binding: Binding, prefix: string): Route {
  const { route, methods, authLevel } = binding as { route?: string; methods?: string[]; authLevel?: string };
  const template = [prefix, route ?? registered.metadata.name].filter((part) => part !== "").join("/");
  return {
    function: registered,
    methods: (methods ?? ["GET", "POST"]).map((method) => method.toUpperCase()),
    anonymous: authLevel?.toLowerCase() === "anonymous",
    match: matcherOf(template, registered.metadata.name),
  };
}

function matcherOf(template: string, name: string): Route["match"] {
  const source = template.split("/").map((segment) => {
    const groups = SEGMENT.exec(segment)?.groups;
    if (groups?.name !== undefined) {
      if (groups.catchAll !== undefined) return `(?:/(?<${groups.name}>.*))?`;
      return groups.optional === undefined ? `/(?<${groups.name}>[^/]+)` : `(?:/(?<${groups.name}>[^/]+))?`;
    }
    if (/[{}]/.test(segment))
      throw new Error(`the function ${name} has the route "${template}", and "${segment}" is not supported here`);
    return `/${segment.replace(/[\\^$.*+?()[\]|]/g, "\\$&")}`;
  });
  const pattern = new RegExp(`^${source.join("")}/?$`, "i");
  return (path) => {
    const found = pattern.exec(path);
    if (!found) return undefined;
    const parameters = Object.entries((found.groups ?? {}) as Partial<Record<string, string>>);
    return Object.fromEntries(
      parameters.flatMap(([key, value]) => (value === undefined ? [] : [[key, decodeURIComponent(value)]])),
    );
  };
}
