import type { Edge, Node, Subgraph } from "@viz-js/viz";
import type { Ends } from "./ends";

/** The page's style sheet decides how each of these looks, by its class. */
export const FONT = "Helvetica,Arial,sans-serif";

/** Boxes are laid out for letters of this size. The style sheet draws them smaller: a browser's own font may be wider than the one that Graphviz knows. */
export const LAYOUT_SIZE = 13;

/** A box with a line for each of several things. Where it is a place or a destination of the matrix, it is a link that says which. */
export function node(name: string, lines: readonly string[], kind: string, { from, to }: Ends = {}): Node {
  const ends = new URLSearchParams({ ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) });
  const label = lines.filter((line) => line !== "").join("\n");
  return {
    name,
    attributes: { label, class: kind, tooltip: label, ...(ends.size > 0 ? { href: `#${ends.toString()}` } : {}) },
  };
}

export function edge(tail: string, head: string, kind: string, more: Edge["attributes"] = {}): Edge {
  return { tail, head, attributes: { class: kind, tooltip: kind, ...more } };
}

export function cluster(name: string, label: string, kind: string, nodes: readonly Node[]): Subgraph {
  return {
    name: clusterName(name),
    graphAttributes: {
      label,
      class: kind,
      fontname: FONT,
      fontsize: LAYOUT_SIZE,
      style: "rounded",
      margin: 10,
      tooltip: label,
    },
    nodes: [...nodes],
  };
}

/** The name by which an edge ends at a cluster's border. */
export function clusterName(name: string): string {
  return `cluster_${name}`;
}
