import { INSTALL_SECONDS } from "./forwarder-cloud-init";
import { LISTED_ZONE, LISTED_ZONE_FILE } from "./listed-zone";

/** Longer than the installation goes on trying. */
const WAIT_SECONDS = INSTALL_SECONDS + 300;
/** Terraform's patience with the command. It is longer than the command's own, so that what an operator reads is why it failed. */
export const COMMAND_TIMEOUT = "45m";

/** Where Ubuntu's BIND reads its configuration. */
export const NAMED_CONF = "/etc/bind/named.conf";

/** What BIND is to run on. */
export interface Configuration {
  readonly namedConf: string;
  /** @default none: every name is answered */
  readonly listedZone?: string;
}

/**
 * The script a run command executes on a forwarder. It ends with an error, and the old configuration in force, where BIND is not
 * installed, the new configuration does not pass BIND's own checks, or BIND does not run on it; azurerm makes that error the apply's.
 */
export function configureForwarder({ namedConf, listedZone = "" }: Configuration): string {
  return `#!/bin/bash
set -euo pipefail

timeout ${WAIT_SECONDS} cloud-init status --wait > /dev/null || true
command -v named-checkconf > /dev/null || {
  echo "BIND is not installed after ${WAIT_SECONDS} s; the end of /var/log/cloud-init-output.log:" >&2
  tail -n 20 /var/log/cloud-init-output.log >&2 || true
  exit 1
}

conf=${NAMED_CONF}
zone=${LISTED_ZONE_FILE}
new=$(mktemp "$conf.XXXXXX")
new_zone=$(mktemp "$zone.XXXXXX")
trap 'rm -f "$new" "$new_zone"' EXIT
cat > "$new" << 'NAMED_CONF'
${namedConf.trimEnd()}
NAMED_CONF
cat > "$new_zone" << 'LISTED_ZONE'
${listedZone.trimEnd()}
LISTED_ZONE
chmod 0644 "$new" "$new_zone"

if ! named-checkconf "$new"${listedZone === "" ? "" : ` || ! named-checkzone -q ${LISTED_ZONE} "$new_zone"`}; then
  echo "the new configuration is wrong; the old one stays" >&2
  exit 1
fi

cp -p "$conf" "$conf.before"
[ ! -e "$zone" ] || cp -p "$zone" "$zone.before"
mv "$new_zone" "$zone"
mv "$new" "$conf"
if systemctl restart named && sleep 2 && systemctl is-active --quiet named; then
  echo "BIND runs on the new configuration"
else
  mv "$conf.before" "$conf"
  [ ! -e "$zone.before" ] || mv "$zone.before" "$zone"
  systemctl restart named
  echo "BIND did not start on the new configuration; the old one is back" >&2
  exit 1
fi
`;
}
