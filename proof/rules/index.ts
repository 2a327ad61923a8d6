import { appsRunThePackages } from "./apps-run-the-packages";
import { appsSendTelemetry } from "./apps-send-telemetry";
import { appsWaitForTheirStorage } from "./apps-wait-for-their-storage";
import { codeComesAfterTheEndpoint } from "./code-comes-after-the-endpoint";
import { endpointsNameTheirPart } from "./endpoints-name-their-part";
import { entitiesOnThePrimaryOnly } from "./entities-on-the-primary-only";
import { everyRegionResolvesEveryNamespace } from "./every-region-resolves-every-namespace";
import { firewallsDenyKnownBadAddresses } from "./firewalls-deny-known-bad-addresses";
import { forwardersAreConfiguredInTurn } from "./forwarders-are-configured-in-turn";
import { forwardersBootAfterEgress } from "./forwarders-boot-after-egress";
import { forwardersInstallBind } from "./forwarders-install-bind";
import { hostStorageIsLogged } from "./host-storage-is-logged";
import { insightsComeAfterTheirActionGroup } from "./insights-come-after-their-action-group";
import { insightsHostsOfConnectionStrings } from "./insights-hosts-of-connection-strings";
import { machinesTakeNoPasswords } from "./machines-take-no-passwords";
import { namesAreRegisteredOnce } from "./names-are-registered-once";
import { noAllowToVirtualNetwork } from "./no-allow-to-virtual-network";
import { noNetworkRuleSet } from "./no-network-rule-set";
import { nothingNeedsAKey } from "./nothing-needs-a-key";
import { nsgAppliesToEndpoints } from "./nsg-applies-to-endpoints";
import { onePolicyOneGroup } from "./one-policy-one-group";
import { pairingComesInOrder } from "./pairing-comes-in-order";
import { peeringsWaitForSubnets } from "./peerings-wait-for-subnets";
import { rolesOnEveryNamespace } from "./roles-on-every-namespace";
import { subnetsOutliveTheirApps } from "./subnets-outlive-their-apps";
import { tagsNeverChange } from "./tags-never-change";
import { zonesAreLinkedToHubs } from "./zones-are-linked-to-hubs";
import type { ProofRule } from "../proof-rule";

/** Every rule. The next one is a file like its neighbours and a line here. */
export const RULES: readonly ProofRule[] = [
  appsRunThePackages,
  appsSendTelemetry,
  appsWaitForTheirStorage,
  codeComesAfterTheEndpoint,
  endpointsNameTheirPart,
  entitiesOnThePrimaryOnly,
  everyRegionResolvesEveryNamespace,
  firewallsDenyKnownBadAddresses,
  forwardersAreConfiguredInTurn,
  forwardersBootAfterEgress,
  forwardersInstallBind,
  hostStorageIsLogged,
  insightsComeAfterTheirActionGroup,
  insightsHostsOfConnectionStrings,
  machinesTakeNoPasswords,
  namesAreRegisteredOnce,
  noAllowToVirtualNetwork,
  noNetworkRuleSet,
  nothingNeedsAKey,
  nsgAppliesToEndpoints,
  onePolicyOneGroup,
  pairingComesInOrder,
  peeringsWaitForSubnets,
  rolesOnEveryNamespace,
  subnetsOutliveTheirApps,
  tagsNeverChange,
  zonesAreLinkedToHubs,
];
