import { covers } from "../host-patterns";
import { privateServicesOf } from "../private-services";
import type { Stamp } from "../schema";
import type { WarningRule } from "./warning";

const REFERENCE = /^@Microsoft\.KeyVault\((?:SecretUri=https:\/\/(?<host>[^/)]+)[^)]*|VaultName=(?<name>[^;)]+);.*)\)$/;

/** A Key Vault reference is resolved from the app's network: without a way to the vault the app gets the reference itself in place of the secret. */
export const vaultsAreReached: WarningRule = ({ stamps }) =>
  stamps.flatMap((stamp, index) =>
    settingsOf(stamp).flatMap(({ at, settings }) =>
      Object.entries(settings).flatMap(([name, value]) => {
        const { host, name: vault } = REFERENCE.exec(value)?.groups ?? {};
        const needed = host ?? (vault === undefined ? undefined : `${vault}.vault.azure.net`);
        if (needed === undefined || isReached(stamp, needed.toLowerCase())) return [];
        return [
          {
            path: `stamps[${index}].${at}.${name}`,
            what: `no declared flow leads to ${needed}, so the app cannot read the secret`,
            fix: "Add the vault to access.privateServices, or its host to access.egress",
          },
        ];
      }),
    ),
  );

function settingsOf({ appSettings, consumers }: Stamp) {
  return [
    ...(["producer", "consumer"] as const).map((app) => ({ at: `appSettings.${app}`, settings: appSettings[app] })),
    ...consumers.map((consumer, index) => ({ at: `consumers[${index}].appSettings`, settings: consumer.appSettings })),
  ];
}

function isReached(stamp: Stamp, host: string): boolean {
  const hosts = [...stamp.access.egress, ...stamp.access.existingEndpoints, ...privateServicesOf(stamp)].flatMap(
    (each) => each.hosts,
  );
  return covers(hosts, host);
}
