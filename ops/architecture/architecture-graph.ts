import { nameIn } from "../../azure-facts/arm-ids";
import type { Edge, Graph } from "@viz-js/viz";
import type { SynthesizedStack } from "../../synthesized/cdktf-out";
import { all, type Located, textOf } from "../../synthesized/resources";
import { legend } from "./legend";
import { drawRegion } from "./region";
import { box, COLOURS, FONT, LINES } from "./styles";

/** The architecture of a stamp, as a graph of what its stacks hold: nothing is drawn that is not synthesized. The primary region is on top. */
export function architectureGraph(stacks: readonly SynthesizedStack[]): Graph {
  const namespaces = all(stacks, "azurerm_servicebus_namespace");
  const [pairing] = all(stacks, "azurerm_servicebus_namespace_disaster_recovery_config");
  const primary =
    namespaces.find((namespace) => pairing && isNamed(pairing, "primary_namespace_id", namespace)) ?? namespaces[0];
  const primaryLocation = primary && textOf(primary, "location");
  const regions = stacks
    .filter((stack) => all([stack], "azurerm_subnet").length > 0)
    .map((network) => drawRegion(network, stacks))
    .sort((one, other) => Number(other.location === primaryLocation) - Number(one.location === primaryLocation));
  return {
    graphAttributes: {
      rankdir: "LR",
      fontname: FONT,
      fontsize: 12,
      nodesep: 0.25,
      ranksep: 1.1,
      compound: true,
      newrank: true,
    },
    nodeAttributes: {
      fontname: FONT,
      fontsize: 10,
      margin: "0.3,0.08",
      shape: "box",
      style: "rounded,filled",
      fillcolor: "white",
      color: COLOURS.line,
    },
    edgeAttributes: { fontname: FONT, fontsize: 9, color: COLOURS.line, arrowsize: 0.7 },
    nodes: [
      legend(),
      ...namespaces.map((namespace) =>
        box(
          `bus/${textOf(namespace, "name").toLowerCase()}`,
          "Service Bus Premium (2)",
          [
            textOf(namespace, "name"),
            `${textOf(namespace, "location")}${pairing ? (namespace === primary ? ", primary" : ", secondary") : ""}`,
          ],
          { fillcolor: COLOURS.bus },
        ),
      ),
      ...(pairing
        ? [
            box("alias", "alias", [textOf(pairing, "name")], {
              shape: "ellipse",
              style: "filled",
              fillcolor: COLOURS.bus,
            }),
          ]
        : []),
    ],
    edges: [
      ...regions.flatMap(({ edges }) => edges),
      ...(pairing
        ? [
            aliasEdge(pairing, "primary_namespace_id", "names", LINES.connection),
            aliasEdge(pairing, "partner_namespace_id", "after a failover", LINES.afterFailover),
          ]
        : []),
    ],
    subgraphs: [...regions.map(({ subgraph }) => subgraph)],
  };
}

function isNamed(pairing: Located, key: string, namespace: Located): boolean {
  return textOf(pairing, key)
    .toLowerCase()
    .endsWith(`/${textOf(namespace, "name").toLowerCase()}`);
}

function aliasEdge(pairing: Located, key: string, label: string, line: Edge["attributes"]): Edge {
  const name = nameIn(textOf(pairing, key));
  return { tail: "alias", head: `bus/${name.toLowerCase()}`, attributes: { ...line, label } };
}
