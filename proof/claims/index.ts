import { addressesAreOnesOwn } from "./addresses-are-ones-own";
import { answersTakeTheWayBack } from "./answers-take-the-way-back";
import { appsConnectAsDeclared } from "./apps-connect-as-declared";
import { appsHaveTheirSettings } from "./apps-have-their-settings";
import { appsHoldNoKeys } from "./apps-hold-no-keys";
import { appsKnowTheEntities } from "./apps-know-the-entities";
import { appsSignInAsThemselves } from "./apps-sign-in-as-themselves";
import { appsStayInTheNetwork } from "./apps-stay-in-the-network";
import { appsTakeHttpsOnly } from "./apps-take-https-only";
import { azureAcceptsTheEndpoints } from "./azure-accepts-the-endpoints";
import { azureAcceptsTheRules } from "./azure-accepts-the-rules";
import { eachAppHasOneIdentity } from "./each-app-has-one-identity";
import { entitiesAreAsDeclared } from "./entities-are-as-declared";
import { everySubnetIsGuarded } from "./every-subnet-is-guarded";
import { forwardersAnswerFromPrivateZones } from "./forwarders-answer-from-private-zones";
import { forwardersAnswerListedNamesOnly } from "./forwarders-answer-listed-names-only";
import { linksRedirectButForServiceBus } from "./links-redirect-but-for-service-bus";
import { namespacesAreAsDeclared } from "./namespaces-are-as-declared";
import { networksAreAsDeclared } from "./networks-are-as-declared";
import { noRuleIsWider } from "./no-rule-is-wider";
import { nothingEntersFromTheInternet } from "./nothing-enters-from-the-internet";
import { nothingLess } from "./nothing-less";
import { nothingMore } from "./nothing-more";
import { peeringsAreWhole } from "./peerings-are-whole";
import { publicAddressesAreTheHubs } from "./public-addresses-are-the-hubs";
import { regionsAreRedundant } from "./regions-are-redundant";
import { rolesAreAsDeclared } from "./roles-are-as-declared";
import { servicesAcceptNoKeys } from "./services-accept-no-keys";
import { servicesTakePrivateConnectionsOnly } from "./services-take-private-connections-only";
import { theInternetIsReachedByName } from "./the-internet-is-reached-by-name";
import { thePairIsAlike } from "./the-pair-is-alike";
import { tlsIsCurrent } from "./tls-is-current";
import type { Claim } from "../claim";

/** Every claim. The next one is a file like its neighbours and a line here. */
export const CLAIMS: readonly Claim[] = [
  addressesAreOnesOwn,
  answersTakeTheWayBack,
  appsConnectAsDeclared,
  appsHaveTheirSettings,
  appsHoldNoKeys,
  appsKnowTheEntities,
  appsSignInAsThemselves,
  appsStayInTheNetwork,
  appsTakeHttpsOnly,
  azureAcceptsTheEndpoints,
  azureAcceptsTheRules,
  eachAppHasOneIdentity,
  entitiesAreAsDeclared,
  everySubnetIsGuarded,
  forwardersAnswerFromPrivateZones,
  forwardersAnswerListedNamesOnly,
  linksRedirectButForServiceBus,
  namespacesAreAsDeclared,
  networksAreAsDeclared,
  noRuleIsWider,
  nothingEntersFromTheInternet,
  nothingLess,
  nothingMore,
  peeringsAreWhole,
  publicAddressesAreTheHubs,
  regionsAreRedundant,
  rolesAreAsDeclared,
  servicesAcceptNoKeys,
  servicesTakePrivateConnectionsOnly,
  theInternetIsReachedByName,
  thePairIsAlike,
  tlsIsCurrent,
];
