import type { Intervals } from "../packets/intervals";
import type { BindConfiguration } from "./bind-configuration";
import type { Origin } from "./origin";

/**
 * A deployment, as far as it decides what reaches what. It is read from stacks, from a plan, or from Resource Manager's documents; what evaluates it knows none of them.
 * Every id is an ARM id in lower case.
 */
export interface Model {
  readonly networks: readonly Network[];
  readonly subnets: readonly Subnet[];
  readonly interfaces: readonly NetworkInterface[];
  readonly securityGroups: readonly SecurityGroup[];
  readonly routeTables: readonly RouteTable[];
  readonly peerings: readonly Peering[];
  readonly firewalls: readonly Firewall[];
  readonly gateways: readonly Gateway[];
  readonly endpoints: readonly Endpoint[];
  readonly zones: readonly Zone[];
  readonly zoneLinks: readonly ZoneLink[];
  readonly records: readonly AddressRecord[];
  readonly forwarders: readonly Forwarder[];
  readonly apps: readonly App[];
  readonly services: readonly Service[];
  readonly aliases: readonly Alias[];
  readonly roles: readonly Role[];
  readonly monitoring: readonly MonitoringComponent[];
  /** Networks beyond a gateway. */
  readonly onPremises: readonly OnPremises[];
  /** What carries, names or blocks traffic and is not in the model. Nothing is proved while there is one. */
  readonly unmodelled: readonly Unmodelled[];
}

export interface Item {
  readonly id: string;
  readonly name: string;
  readonly origin: Origin;
}

export interface Network extends Item {
  readonly location?: string;
  readonly addresses: Intervals;
  /** CIDR blocks: each is a route of its own. */
  readonly prefixes: readonly string[];
  /** None: Azure's resolver. */
  readonly dnsServers: readonly string[];
  /** Whether another owner has it, so that only what the topology declares of it is known. */
  readonly isDeclared: boolean;
}

export interface Subnet extends Item {
  readonly networkId: string;
  readonly addresses: Intervals;
  /** CIDR blocks. */
  readonly prefixes: readonly string[];
  readonly securityGroupId?: string;
  readonly routeTableId?: string;
  /** The service that it is given over to: `Microsoft.Web/serverFarms`. */
  readonly delegation?: string;
  /** Which of its policies a private endpoint in it obeys. */
  readonly endpointPolicies: { readonly securityGroup: boolean; readonly routes: boolean };
  /** Whether a host without a public address gets one of Azure's for what it sends to the Internet. */
  readonly hasDefaultOutbound: boolean;
}

export interface NetworkInterface extends Item {
  readonly subnetId: string;
  readonly address: string;
  readonly securityGroupId?: string;
  readonly forwardsPackets: boolean;
  /** A stand-in where Azure has not chosen it yet. @default it has none */
  readonly publicAddress?: string;
}

export interface SecurityGroup extends Item {
  readonly rules: readonly SecurityRule[];
}

export interface SecurityRule {
  readonly name: string;
  readonly reason: string;
  /** The smaller is evaluated first. */
  readonly priority: number;
  readonly direction: "Inbound" | "Outbound";
  readonly allows: boolean;
  readonly service: Intervals;
  readonly sourcePort: Intervals;
  /** CIDR blocks, addresses, service tags or `*`. */
  readonly sources: readonly string[];
  readonly destinations: readonly string[];
  readonly origin: Origin;
}

export interface RouteTable extends Item {
  readonly takesBgp: boolean;
  readonly routes: readonly Route[];
}

export type NextHop = "VirtualAppliance" | "VirtualNetworkGateway" | "Internet" | "VnetLocal" | "None";

export interface Route {
  readonly name: string;
  readonly prefix: string;
  readonly nextHop: NextHop;
  /** Of an appliance. */
  readonly address?: string;
  readonly origin: Origin;
}

/** One half of a peering. It works where the other half is there too. */
export interface Peering extends Item {
  readonly networkId: string;
  readonly remoteId: string;
  readonly allowsAccess: boolean;
  readonly allowsForwardedTraffic: boolean;
  readonly offersGateway: boolean;
  readonly usesRemoteGateway: boolean;
}

export interface Firewall extends Item {
  readonly networkId: string;
  /** Its private address, which routes lead to. */
  readonly address: string;
  /** Where what it passes on comes from once it has put its own address there. */
  readonly ownAddresses: Intervals;
  /** A stand-in where Azure has not chosen it yet. @default it has none */
  readonly publicAddress?: string;
  /** In the order of their evaluation. */
  readonly rules: readonly FirewallRule[];
  /** Where its rules are. */
  readonly rulesOrigin: Origin;
  /** The destinations to which network rules keep the sender's address. */
  readonly keepsSenderTo: Intervals;
  /** Blocks beyond its own network that it routes to, where its owner declares it. */
  readonly routesTo: Intervals;
  readonly isDeclared: boolean;
}

export interface FirewallRule {
  readonly kind: "nat" | "network" | "application";
  readonly collection: string;
  readonly name: string;
  readonly reason: string;
  readonly allows: boolean;
  readonly sources: Intervals;
  /** None in an application rule. */
  readonly destinations?: Intervals;
  /** Host names and `*.zone`; none in a network rule without names. */
  readonly hosts?: readonly string[];
  readonly service: Intervals;
  /** Whether the firewall's owner has still to add it. @default false */
  readonly isAwaited?: boolean;
  /** Of a NAT rule. */
  readonly translatesTo?: { readonly address: string; readonly port: number };
  readonly origin: Origin;
}

export interface Gateway extends Item {
  readonly networkId: string;
  readonly subnetId: string;
  readonly kind: "Vpn" | "ExpressRoute";
}

/** What a gateway leads to. */
export interface OnPremises {
  readonly name: string;
  readonly networkId: string;
  readonly addresses: Intervals;
  /** The blocks as they are announced: each is a route of its own. */
  readonly prefixes: readonly string[];
  /** Whether 0.0.0.0/0 is announced from there, by BGP. */
  readonly announcesDefault: boolean;
  readonly origin: Origin;
}

export interface Endpoint extends Item {
  readonly subnetId: string;
  /** Its one address, or the first of several. */
  readonly address: string;
  /** All of them: an endpoint to Azure Monitor has one for each of its names. */
  readonly addresses: Intervals;
  /** Private Link's name for the part that it leads to. */
  readonly part: string;
  readonly targetId: string;
  readonly zoneIds: readonly string[];
  /** Whether the owner of what it leads to has to approve it. */
  readonly waitsForApproval: boolean;
}

export interface Zone extends Item {
  readonly isDeclared: boolean;
}

export interface ZoneLink extends Item {
  readonly zoneId: string;
  readonly networkId: string;
  /** Whether a name without a record is asked of the public DNS: `NxDomainRedirect`. */
  readonly redirects: boolean;
}

export interface AddressRecord {
  readonly zoneId: string;
  /** In lower case; `@` is the zone itself. */
  readonly label: string;
  readonly addresses: readonly string[];
  readonly origin: Origin;
}

/** A host that answers DNS questions. */
export interface Forwarder extends Item {
  readonly networkId: string;
  readonly addresses: readonly string[];
  /** What BIND runs on; none where nothing configures it. */
  readonly configuration?: BindConfiguration;
  readonly isDeclared: boolean;
}

export interface App extends Item {
  readonly location: string;
  readonly kind: "function" | "web";
  /** The subnet that it is integrated with. */
  readonly subnetId?: string;
  /** Whether everything that it sends goes by the network, not what is private alone. */
  readonly routesAll: boolean;
  /** What another resource decides is that resource's id, `#` and the attribute. */
  readonly settings: Readonly<Record<string, string>>;
  readonly identityIds: readonly string[];
  /** Parts of it that hold a key or a password: `connection_string`, `storage_account.access_key`. */
  readonly keyBlocks: readonly string[];
  /** The storage account of its host, by name. */
  readonly storageAccount?: string;
  readonly alwaysOn: boolean;
}

export type ServiceKind = "serviceBus" | "storage" | "site" | "monitorScope" | "other";

/** What has a public name of its own, and switches that say who may connect to it. */
export interface Service extends Item {
  readonly kind: ServiceKind;
  readonly location: string;
  /** Whether it accepts connections that come by no private endpoint; `some`: from listed addresses. */
  readonly publicAccess: "none" | "some" | "all";
  /** The addresses where `some` are accepted. */
  readonly accepts: Intervals;
  /** What it accepts beside identities: keys, passwords, callers without a name. */
  readonly acceptsBesideIdentities: readonly string[];
  /** Whether what no rule of its own accepts is denied, should its public address ever be opened. */
  readonly deniesByDefault: boolean;
}

export interface Alias extends Item {
  readonly primaryId: string;
  readonly partnerId?: string;
}

export interface Role {
  readonly name: string;
  readonly scope: string;
  /** An identity's id, or a principal's GUID. */
  readonly principal: string;
  readonly origin: Origin;
}

/** An Application Insights component. */
export interface MonitoringComponent extends Item {
  readonly location: string;
  readonly takesFromInternet: boolean;
  /** The scopes of private link that it is in. */
  readonly scopeIds: readonly string[];
}

export interface Unmodelled {
  readonly resource: string;
  readonly type: string;
  /** What it may do to traffic. */
  readonly why: string;
  readonly origin: Origin;
}
