import { readFileSync } from "node:fs";
import { z } from "zod";
import { UsageError } from "../../failure";
import type { DeclaredFlow } from "../../proof/declared/declared-flow";
import { addressesOf, allOf, PUBLIC_ADDRESSES } from "../../proof/packets/addresses";
import { portsOf, servicesOf } from "../../proof/packets/services";
import { partOf } from "../../proof/reach/place";
import type { Reach } from "../../proof/reach/reach";
import { mistakesText } from "../mistakes-text";
import { placeNamed } from "./place-named";

/** A text that a reader of the model takes. */
function readBy(read: (text: string) => unknown, example: string) {
  return z.string().superRefine((text, context) => {
    try {
      read(text);
    } catch (error) {
      context.addIssue({
        code: "custom",
        message: `${error instanceof Error ? error.message : String(error)} Write for example ${example}`,
      });
    }
  });
}

const block = readBy(addressesOf, '"10.1.2.4" or "10.1.2.0/24"');
const host = z.string().regex(/^(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i, 'expected a host name, as "api.example.com"');

const flowSchema = z
  .strictObject({
    from: z.string().min(1, "expected the name of a place"),
    addresses: z.array(block).min(1).optional(),
    to: z.array(block).min(1).optional(),
    names: z.array(host).default([]),
    hosts: z.array(host).min(1).optional(),
    protocol: z.enum(["tcp", "udp", "*"]).default("tcp"),
    ports: z
      .array(z.union([z.number().int().transform(String), z.string()]).pipe(readBy(portsOf, '443 or "5671-5672"')))
      .min(1),
    why: z.string().min(1, "expected the reason"),
  })
  .refine(({ to, hosts }) => (to === undefined) !== (hosts === undefined), {
    message: 'expected either "to" (addresses) or "hosts" (on the Internet), and not both',
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
    throw new UsageError(
      `--claims ${file}:\n${mistakesText(parsed.error)}\nEach flow is { "from": "<place>", "to": ["10.1.2.4"], "names": ["<host>"], "ports": [443], "why": "…" }, with "hosts" in place of "to" for the Internet.`,
    );
  }
  return (reach) =>
    parsed.data.flows.map(({ from, addresses, to, names, hosts, protocol, ports, why }, index) => {
      const whole = placeNamed(reach, from, `--claims ${file}: flows.${index}.from`);
      const place = addresses ? partOf(whole, allOf(addresses), `${whole.name}, of it ${addresses.join(", ")}`) : whole;
      const service = servicesOf(protocol, ports);
      return {
        place,
        service,
        what: why,
        names: hosts ? hosts.map((host) => host.replace(/^\*/, "any")) : names,
        to: hosts ? PUBLIC_ADDRESSES : allOf(to ?? []),
        ...(hosts ? { hosts } : {}),
      };
    });
}
