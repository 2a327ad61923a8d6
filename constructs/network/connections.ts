import type { Port } from "./port";
import { Port as Ports } from "./port";
import type { SecurityGroup } from "./security-group";

/** What a firewall has to allow. */
export interface Admission {
  readonly name: string;
  readonly from: readonly string[];
  readonly to: End;
  readonly port: Port;
  readonly reason: string;
}

/** A filter on the default route: Azure Firewall. Where a gateway takes its place, on-premises filters and there is none here. */
export interface IFilter {
  /** Where what it passes on by name comes from: a rule that names hosts puts the filter's own address in place of the sender's. */
  readonly addresses: readonly string[];
  /** Whether it does so for rules that name addresses too. @default false */
  readonly translates?: boolean;
  admit(admission: Admission): void;
}

/** One end of a flow: its addresses, and what guards it. */
export interface End {
  /** In rule names. */
  readonly name: string;
  /** CIDR blocks and addresses, or one service tag. */
  readonly addresses: readonly string[];
  /** @default no NSG of this stack protects it */
  readonly securityGroup?: SecurityGroup;
  /** The filter on its default route. @default none */
  readonly filter?: IFilter;
  /** Beyond hub and spoke: what goes there or comes from there crosses the filter. */
  readonly outside: boolean;
  /** Some addresses of a subnet. The NSG also has rules for the others. @default the whole subnet */
  readonly part?: boolean;
  /** Hosts that a filter distinguishes by name. An NSG cannot: `addresses` is then the narrowest tag that covers them, or what the names resolve to. */
  readonly hosts?: readonly string[];
  /** Names by which sources know it, where a filter distinguishes it by its addresses all the same. @default `hosts` */
  readonly names?: readonly string[];
  /** Who answers for its name: a source that connects to it has to ask there first. @default it has no name */
  readonly namedBy?: IConnectable;
  /** What an NSG at the destination sees of it, where a filter on the way puts its own addresses there. @default its addresses */
  readonly seenAs?: readonly string[];
  /** A private endpoint beyond a filter that tells it by its address: its answers come back only to the filter's own address. @default false */
  readonly needsTranslation?: boolean;
  /** Gets the ranges that are admitted, where the end keeps a list of its own. */
  readonly admits?: (addresses: readonly string[]) => void;
  /** Gets the hosts that it is asked for, where the end answers for names. */
  readonly answers?: (hosts: readonly string[]) => void;
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

/** Who may talk to whom. One call writes every end: the NSG rule at either end, the firewall's where the path crosses it, and the names. */
export class Connections implements IConnectable {
  readonly connections = this;
  private readonly asks = new Set<IConnectable>();

  constructor(private readonly end: End) {}

  /** Whether the same subnet's NSG guards both. */
  isIn(subnet: Connections): boolean {
    return this.end.securityGroup !== undefined && this.end.securityGroup === subnet.end.securityGroup;
  }

  /** @param reason the description of each rule, at most 140 characters */
  allowTo(other: IConnectable, ports: Port | readonly Port[], reason: string, options: AllowOptions = {}): void {
    const [source, destination] = [this.end, other.connections.end];
    const { namedBy } = destination;
    if (namedBy && !this.asks.has(namedBy.connections)) {
      this.allowTo(namedBy, Ports.dns, `${capital(source.name)} resolve the names they connect to.`);
    }
    this.asks.add(other.connections);
    const names = destination.names ?? destination.hosts;
    if (names) namedBy?.connections.end.answers?.(names);
    destination.admits?.(source.addresses);
    for (const port of Array.isArray(ports) ? (ports as readonly Port[]) : [ports as Port]) {
      const filter =
        source.outside === destination.outside ? undefined : (source.outside ? destination : source).filter;
      const isByName = filter !== undefined && source.outside && destination.hosts !== undefined;
      const flow = { from: source.addresses, to: destination.addresses, port, reason };
      source.securityGroup?.allowOutbound({
        ...flow,
        // Unlike the inbound rule, which may be in the same group.
        name: source.part === true ? `from-${source.name}-to-${destination.name}` : `to-${destination.name}`,
        from: options.sourceTag === undefined ? source.addresses : [options.sourceTag],
        priority: options.priority,
      });
      destination.securityGroup?.allowInbound({
        ...flow,
        name: `${source.name}-to-${destination.name}`,
        from: isByName ? filter.addresses : seenFrom(source, filter),
      });
      filter?.admit({
        name: `${source.name}-to-${destination.name}-${port.name}`,
        from: source.addresses,
        to: destination,
        port,
        reason,
      });
    }
  }
}

/** Where a rule knows the destination by its address, a source keeps its own, unless the filter translates. */
function seenFrom({ addresses, seenAs, outside }: End, filter: IFilter | undefined): readonly string[] {
  return seenAs ?? (outside && filter?.translates === true ? filter.addresses : addresses);
}

function capital(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
