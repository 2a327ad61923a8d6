import type { Node, Subgraph } from "@viz-js/viz";

export const FONT = "Helvetica,Arial,sans-serif";

export const COLOURS = {
  hub: "#e8f0fa",
  spoke: "#eef7ee",
  subnet: "#ffffff",
  bus: "#fdf3e1",
  region: "#fafafa",
  line: "#5b6770",
  egress: "#0b5cad",
  names: "#8a5a00",
};

/** How a line is drawn, by its meaning. */
export const LINES = {
  connection: { color: COLOURS.line, style: "solid" },
  names: { color: COLOURS.names, style: "solid", fontcolor: COLOURS.names },
  egress: { color: COLOURS.egress, style: "solid", fontcolor: COLOURS.egress },
  privateLink: { color: COLOURS.line, style: "dotted" },
  afterFailover: { color: COLOURS.line, style: "dashed" },
} as const;

/** Keeps what is drawn in its place. The line is not seen. */
export const INVISIBLE = { style: "invis" } as const;

export function cluster(name: string, label: string, colour: string, nodes: readonly Node[]): Subgraph {
  return {
    name: `cluster_${name}`,
    graphAttributes: {
      label,
      fontname: FONT,
      fontsize: 11,
      style: "rounded,filled",
      fillcolor: colour,
      color: COLOURS.line,
      margin: 12,
    },
    nodes: [...nodes],
  };
}

/** A box with a heading and a line for each of several things. */
export function box(name: string, heading: string, lines: readonly string[], more: Node["attributes"] = {}): Node {
  return { name, attributes: { label: [heading, ...lines].join("\n"), ...more } };
}
