import type { Node } from "@viz-js/viz";
import { COLOURS, LINES } from "./styles";

const MEANINGS: readonly (readonly [line: keyof typeof LINES, drawn: string, meaning: string])[] = [
  ["connection", "\u2500\u2500\u25b6", "connection, with its TCP ports"],
  ["names", "\u2500\u2500\u25b6", "question for a name"],
  ["egress", "\u2500\u2500\u25b6", "route for every other address, and what passes the filter"],
  ["privateLink", "\u00b7\u00b7\u00b7\u00b7\u25b6", "Private Link"],
  ["afterFailover", "\u2013 \u2013 \u25b6", "after a failover"],
];

/** What each kind of line means, and the numbers. */
export function legend(): Node {
  const rows = MEANINGS.map(
    ([line, drawn, meaning]) =>
      `<tr><td><font color="${LINES[line].color}">${drawn}</font></td><td align="left">${meaning}</td></tr>`,
  );
  const numbers = '<tr><td>(1)\u2013(8)</td><td align="left">numbers of the design document\'s walk-through</td></tr>';
  return {
    name: "legend",
    attributes: {
      label: {
        html: `<table border="0" cellspacing="2" cellpadding="3"><tr><td colspan="2"><b>Legend</b></td></tr>${rows.join("")}${numbers}</table>`,
      },
      shape: "box",
      style: "filled",
      color: COLOURS.line,
    },
  };
}
