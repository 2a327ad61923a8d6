import type { Changes } from "./content";

/** How a lock ends by its holder. */
export type Settlement =
  | { readonly outcome: "complete" }
  | { readonly outcome: "release" }
  | { readonly outcome: "abandon" | "defer"; readonly changes?: Changes }
  | {
      readonly outcome: "dead-letter";
      readonly reason?: string;
      readonly description?: string;
      readonly changes?: Changes;
    };
