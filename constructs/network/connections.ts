import type { Port } from "./port";
import type { SecurityGroup } from "./security-group";

/** What a firewall is told to let through. */
export interface Admission {
  readonly name: string;
  readonly from: readonly string[];
  readonly to: End;
  readonly port: Port;
  readonly reason: string;
}

/** A filter on the default route: Azure Firewall. Where a gateway takes its place, on-premises filters and there is none here. */
export interface IFilter {
  admit(admission: Admission): void;
}

/** One end of a flow: its addresses, and what guards it. */
export interface End {
  /** In rule names. */
  readonly name: string;
  /** CIDR blocks and addresses, or one service tag. */
  readonly addresses: readonly string[];
  /** @default none of ours stands before it */
  readonly securityGroup?: SecurityGroup;
  /** The filter on its default route. @default none */
  readonly filter?: IFilter;
  /** Beyond hub and spoke: what goes there or comes from there crosses the filter. */
  readonly outside: boolean;
  /** Hosts that a filter tells apart by name; an NSG cannot, so `addresses` is then the narrowest tag that covers them. */
  readonly hosts?: readonly string[];
}

export interface IConnectable {
  readonly connections: Connections;
}

export interface AllowOptions {
  /** The priority of the NSG rule at the source. @default the next free one */
  readonly priority?: number;
  /** What the NSG rule at the source names as its source. @default the source's addresses */
  readonly sourceTag?: string;
}

/** Who may talk to whom. One call writes the NSG rule at either end, and the firewall's where the path crosses it. */
export class Connections implements IConnectable {
  readonly connections = this;

  constructor(private readonly end: End) {}

  /** @param reason stands in each rule as its description, at most 140 characters */
  allowTo(other: IConnectable, ports: Port | readonly Port[], reason: string, options: AllowOptions = {}): void {
    const [source, destination] = [this.end, other.connections.end];
    for (const port of Array.isArray(ports) ? (ports as readonly Port[]) : [ports as Port]) {
      const flow = { from: source.addresses, to: destination.addresses, port, reason };
      source.securityGroup?.allowOutbound({
        ...flow,
        name: `to-${destination.name}`,
        from: options.sourceTag === undefined ? source.addresses : [options.sourceTag],
        priority: options.priority,
      });
      destination.securityGroup?.allowInbound({ ...flow, name: `${source.name}-to-${destination.name}` });
      if (source.outside !== destination.outside) {
        const inside = source.outside ? destination : source;
        inside.filter?.admit({
          name: `${source.name}-to-${destination.name}-${port.name}`,
          from: source.addresses,
          to: destination,
          port,
          reason,
        });
      }
    }
  }
}
