/** The firewall may still be learning its rules while the first host boots. A try may take minutes, so what ends this is the clock. */
export const INSTALL_SECONDS = 1_200;
const PAUSE_SECONDS = 30;
const INSTALLER = "/usr/local/sbin/install-bind";

/**
 * What a forwarder does on first boot: it installs BIND and lets Ubuntu patch itself, and no more. A change here replaces the VM, so what
 * changes (BIND's configuration) comes by run command.
 *
 * @param rebootAt when patches may restart the VM, for example "03:00"; the two forwarders never at the same time
 */
export function forwarderCloudInit(rebootAt: string): string {
  const config = {
    write_files: [
      {
        path: "/etc/apt/apt.conf.d/20auto-upgrades",
        content: 'APT::Periodic::Update-Package-Lists "1";\nAPT::Periodic::Unattended-Upgrade "1";\n',
      },
      {
        path: "/etc/apt/apt.conf.d/52forwarder",
        content:
          'Unattended-Upgrade::Automatic-Reboot "true";\n' +
          `Unattended-Upgrade::Automatic-Reboot-Time "${rebootAt}";\n`,
      },
      { path: INSTALLER, permissions: "0755", content: installer() },
    ],
    runcmd: [INSTALLER],
  };
  // JSON is YAML, and needs no library to be written right.
  return `#cloud-config\n${JSON.stringify(config, undefined, 2)}\n`;
}

function installer(): string {
  return `#!/bin/sh
end=$(($(date +%s) + ${INSTALL_SECONDS}))
while [ "$(date +%s)" -lt "$end" ]; do
  apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y bind9 bind9-utils unattended-upgrades && exit 0
  echo "install-bind: failed; again in ${PAUSE_SECONDS} s" >&2
  sleep ${PAUSE_SECONDS}
done
echo "install-bind: BIND could not be installed within ${INSTALL_SECONDS} s" >&2
exit 1
`;
}
