import { addressSpacesArePrivate } from "./address-spaces-are-private";
import { conditionalForwardsAskOthers } from "./conditional-forwards-ask-others";
import { conditionalForwardsSpareAzure } from "./conditional-forwards-spare-azure";
import { egressHasItsSubnet } from "./egress-has-its-subnet";
import { entitiesFitTheNamespace } from "./entities-fit-the-namespace";
import { entityNamesDiffer } from "./entity-names-differ";
import { forwardingEndsAtAnEntity } from "./forwarding-ends-at-an-entity";
import { forwardingHasNoLoop } from "./forwarding-has-no-loop";
import { forwardingTakesFourHops } from "./forwarding-takes-four-hops";
import { forwardingTargetsAreOpen } from "./forwarding-targets-are-open";
import { globallyUniqueNames } from "./globally-unique-names";
import { hubAndSpokeDiffer } from "./hub-and-spoke-differ";
import { eachRegionHasOneHub, existingHubsAreWhole } from "./each-region-has-one-hub";
import { appSettingsAreTheUsers } from "./app-settings-are-the-users";
import { ownEgressIsNamedOnce } from "./own-egress-is-named-once";
import { privateServicesAreKnown } from "./private-services-are-known";
import { existingEndpointsAreElsewhere } from "./existing-endpoints-are-elsewhere";
import { sharedZonesNeedAPath } from "./shared-zones-need-a-path";
import { privateMonitoringHasItsSubnet } from "./private-monitoring-has-its-subnet";
import { aHubHasOneSetOfZones } from "./a-hub-has-one-set-of-zones";
import { theFirstConsumerKeepsAnEntity } from "./the-first-consumer-keeps-an-entity";
import { namesAreKeptOnce } from "./names-are-kept-once";
import { aStampHasAProducer } from "./a-stamp-has-a-producer";
import { consumersShareTheEntities } from "./consumers-share-the-entities";
import { operatorsAreNamedOnce } from "./operators-are-named-once";
import { aRecoveryFitsItsPair } from "./a-recovery-fits-its-pair";
import { pairingOfLikeNamespaces } from "./pairing-of-like-namespaces";
import { listsFitTheAppSettings } from "./lists-fit-the-app-settings";
import { partitionsFitMessagingUnits } from "./partitions-fit-messaging-units";
import { planSpreadsOverZones } from "./plan-spreads-over-zones";
import { rangesAreInOnePlace } from "./ranges-are-in-one-place";
import { rangesAreNamedOnce } from "./ranges-are-named-once";
import { refusedMessagesFitTheirQueue } from "./refused-messages-fit-their-queue";
import { refusedMessagesHaveAQueue } from "./refused-messages-have-a-queue";
import { regionsAndPairing } from "./regions-and-pairing";
import { resourceGroupsDiffer } from "./resource-groups-differ";
import type { TopologyRule, WholeRule } from "./topology-rule";
import { scaleOutEntitiesExist } from "./scale-out-entities-exist";
import { sendersSendToEntities } from "./senders-send-to-entities";
import { sessionsAreNotForwarded } from "./sessions-are-not-forwarded";
import { sqlIsSql } from "./sql-is-sql";
import { stampNamesDiffer } from "./stamp-names-differ";
import { subnetsAreInsideTheirVnet } from "./subnets-are-inside-their-vnet";
import { subnetsAreLargeEnough } from "./subnets-are-large-enough";
import { subnetsDoNotOverlap } from "./subnets-do-not-overlap";
import { subscriptionRuleHasOneFilter } from "./subscription-rule-has-one-filter";
import { tagsFitEveryResource } from "./tags-fit-every-resource";
import { vnetsDoNotOverlap } from "./vnets-do-not-overlap";
import { zoneRedundancyNeedsZones } from "./zone-redundancy-needs-zones";

/** Every rule over more than one field. Their order is the order of the report. */
export const RULES: readonly TopologyRule[] = [
  stampNamesDiffer,
  tagsFitEveryResource,
  regionsAndPairing,
  zoneRedundancyNeedsZones,
  eachRegionHasOneHub,
  existingHubsAreWhole,
  addressSpacesArePrivate,
  subnetsAreLargeEnough,
  subnetsAreInsideTheirVnet,
  subnetsDoNotOverlap,
  vnetsDoNotOverlap,
  hubAndSpokeDiffer,
  egressHasItsSubnet,
  rangesAreInOnePlace,
  rangesAreNamedOnce,
  ownEgressIsNamedOnce,
  privateServicesAreKnown,
  existingEndpointsAreElsewhere,
  sharedZonesNeedAPath,
  privateMonitoringHasItsSubnet,
  aHubHasOneSetOfZones,
  appSettingsAreTheUsers,
  aStampHasAProducer,
  consumersShareTheEntities,
  conditionalForwardsSpareAzure,
  conditionalForwardsAskOthers,
  globallyUniqueNames,
  resourceGroupsDiffer,
  partitionsFitMessagingUnits,
  pairingOfLikeNamespaces,
  aRecoveryFitsItsPair,
  entityNamesDiffer,
  entitiesFitTheNamespace,
  forwardingEndsAtAnEntity,
  forwardingHasNoLoop,
  forwardingTakesFourHops,
  forwardingTargetsAreOpen,
  sessionsAreNotForwarded,
  refusedMessagesHaveAQueue,
  sendersSendToEntities,
  operatorsAreNamedOnce,
  subscriptionRuleHasOneFilter,
  sqlIsSql,
  planSpreadsOverZones,
  scaleOutEntitiesExist,
];

/** Those that look at a topology without other mistakes. */
export const WHOLE_RULES: readonly WholeRule[] = [
  refusedMessagesFitTheirQueue,
  listsFitTheAppSettings,
  namesAreKeptOnce,
  theFirstConsumerKeepsAnEntity,
];
