import { readFileSync } from "node:fs";
import { z } from "zod";
import { UsageError } from "../../failure";
import type { DeclaredFlow } from "../../proof/declared/declared-flow";
import { allOf, PUBLIC_ADDRESSES } from "../../proof/packets/addresses";
import { Intervals } from "../../proof/packets/intervals";
import { servicesOf } from "../../proof/packets/services";
import { partOf } from "../../proof/reach/place";
import type { Reach } from "../../proof/reach/reach";
import { placeNamed } from "./place-named";

const flowSchema = z.strictObject({
  from: z.string().min(1),
  addresses: z.array(z.string()).min(1).optional(),
  to: z.array(z.string()).default([]),
  names: z.array(z.string()).default([]),
  hosts: z.array(z.string()).min(1).optional(),
  protocol: z.enum(["tcp", "udp", "*"]).default("tcp"),
  ports: z.array(z.union([z.number().int(), z.string()])).min(1),
  why: z.string().min(1),
});

const schema = z.strictObject({ flows: z.array(flowSchema) });

/**
 * The flows that a file declares, for stacks of which no topology says what is meant. Each has `from` (a place, and `addresses` for some of its hosts), `ports`, `why`, and either `to`
 * (addresses and blocks, with `names` that are to lead there) or `hosts` on the Internet.
 *
 * @throws UsageError where the file is not what it should be
 */
export function flowsIn(file: string): (reach: Reach) => readonly DeclaredFlow[] {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new UsageError(`--claims ${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new UsageError(
      `--claims ${file}: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}. Write { "flows": [{ "from": "<place>", "to": ["10.1.2.4"], "names": ["<host>"], "ports": [443], "why": "…" }] }, or "hosts" in place of "to" for the Internet.`,
    );
  }
  return (reach) =>
    parsed.data.flows.map(({ from, addresses, to, names, hosts, protocol, ports, why }) => {
      const whole = placeNamed(reach, from, `--claims ${file}`);
      const place = addresses ? partOf(whole, allOf(addresses), `${whole.name}, of it ${addresses.join(", ")}`) : whole;
      const service = Intervals.union([servicesOf(protocol, ports.map(String))]);
      return {
        place,
        service,
        what: why,
        names: hosts ? hosts.map((host) => host.replace(/^\*/, "any")) : names,
        to: hosts ? PUBLIC_ADDRESSES : allOf(to),
        ...(hosts ? { hosts } : {}),
      };
    });
}
