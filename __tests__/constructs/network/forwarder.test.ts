import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { forwarderCloudInit } from "../../../constructs/network/forwarder-cloud-init";
import { configureForwarder, NAMED_CONF } from "../../../constructs/network/forwarder-configure";
import { LISTED_ZONE_FILE } from "../../../constructs/network/listed-zone";
import type { Block } from "../../../synthesized/cdktf-out";
import { build, ofType, stackNamed } from "../../support/build";
import { forwardersOf, topologyWith } from "../../support/topologies";

const network = (change?: Parameters<typeof topologyWith>[0]) =>
  stackNamed(build(topologyWith(change)), "network-eastus2");

describe("the two forwarders", () => {
  const vms = ofType(network(), "azurerm_linux_virtual_machine");

  test("are in two zones, at static addresses, without a public one, by SSH key only", () => {
    expect(vms.map(({ zone }) => zone)).toEqual(["1", "2"]);
    for (const vm of vms) {
      expect(vm).toMatchObject({
        disable_password_authentication: true,
        secure_boot_enabled: true,
        vtpm_enabled: true,
      });
      expect(vm.admin_password).toBeUndefined();
    }
    const configurations = ofType(network(), "azurerm_network_interface").map(
      ({ ip_configuration }) => (ip_configuration as Block[])[0],
    );
    expect(configurations).toEqual([
      expect.objectContaining({ private_ip_address: "10.0.2.4", private_ip_address_allocation: "Static" }),
      expect.objectContaining({ private_ip_address: "10.0.2.5", private_ip_address_allocation: "Static" }),
    ]);
    for (const configuration of configurations) expect(configuration?.public_ip_address_id).toBeUndefined();
  });

  test("are configured one after the other", () => {
    const [first, second] = ofType(network(), "azurerm_virtual_machine_run_command");
    expect(first?.depends_on).toBeUndefined();
    expect(second?.depends_on).toEqual([expect.stringContaining("dns_configure-1")]);
  });

  test("a changed configuration changes the run commands and nothing of the VMs", () => {
    const changed = network((stamp) => {
      forwardersOf(stamp).conditionalForwards = [{ zone: "corp.example.com", servers: ["192.168.0.10"] }];
    });
    expect(ofType(changed, "azurerm_linux_virtual_machine")).toEqual(vms);
    expect(ofType(changed, "azurerm_virtual_machine_run_command")).not.toEqual(
      ofType(network(), "azurerm_virtual_machine_run_command"),
    );
  });

  test("patch themselves, and never restart together", () => {
    const inits = vms.map(({ custom_data }) => Buffer.from(String(custom_data), "base64").toString());
    const contents = inits.map((init) =>
      filesOf(init)
        .map(({ content }) => content)
        .join(),
    );
    const times = contents.map((content) => /Automatic-Reboot-Time "([\d:]+)"/.exec(content)?.[1]);
    expect(times).toEqual(["02:00", "03:00"]);
    for (const content of contents) expect(content).toContain('Unattended-Upgrade "1"');
  });
});

/** What cloud-init writes: read as cloud-init reads it, as YAML. */
function filesOf(cloudInit: string): { path: string; content: string }[] {
  return (parse(cloudInit) as { write_files: { path: string; content: string }[] }).write_files;
}

test("cloud-init installs BIND, tries again while the way out is not there yet, and configures nothing", () => {
  const text = forwarderCloudInit("03:00");
  expect(text.startsWith("#cloud-config\n")).toBe(true);
  const { runcmd } = parse(text) as { runcmd: string[] };
  expect(runcmd).toEqual(["/usr/local/sbin/install-bind"]);
  const script = filesOf(text).find(({ path }) => path === runcmd[0])?.content ?? "";
  expect(spawnSync("sh", ["-n"], { input: script }).status).toBe(0);
  expect(text).not.toContain("named.conf");
});

/** The script as it is, run against a root folder of its own, with replacements of systemd and BIND. */
describe("the script that configures BIND", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "forwarder-"));
    mkdirSync(join(root, "etc"));
    mkdirSync(join(root, "bin"));
    writeFileSync(join(root, "etc/named.conf"), "old");
    writeFileSync(join(root, "etc/listed.zone"), "zone of old");
    program("cloud-init", "exit 0");
    program("named-checkconf", 'grep -q good "$1"');
    program("named-checkzone", '[ "$1 $2" = "-q listed" ] && ! grep -q broken "$3"');
    program(
      "systemctl",
      `echo "$@ $(cat ${root}/etc/named.conf)" >> ${root}/log; [ "$1" != is-active ] || grep -q -v unstartable ${root}/etc/named.conf`,
    );
    program("sleep", "exit 0");
  });
  afterEach(() => {
    rmSync(root, { recursive: true, force: true });
  });

  function program(name: string, body: string): void {
    writeFileSync(join(root, "bin", name), `#!/bin/sh\n${body}\n`);
    chmodSync(join(root, "bin", name), 0o755);
  }

  function configure(conf: string) {
    const script = configureForwarder({ namedConf: conf, listedZone: `zone of ${conf}` })
      .replaceAll(NAMED_CONF, join(root, "etc/named.conf"))
      .replaceAll(LISTED_ZONE_FILE, join(root, "etc/listed.zone"));
    const { status, stderr, stdout } = spawnSync("bash", ["-c", script], {
      env: { ...process.env, PATH: `${root}/bin:${process.env.PATH ?? ""}` },
      encoding: "utf8",
    });
    return {
      status,
      stderr,
      stdout,
      conf: readFileSync(join(root, "etc/named.conf"), "utf8").trim(),
      zone: readFileSync(join(root, "etc/listed.zone"), "utf8").trim(),
      files: readdirSync(join(root, "etc")),
    };
  }

  test("puts a good configuration in force", () => {
    expect(configure("good 1")).toMatchObject({ status: 0, conf: "good 1", zone: "zone of good 1" });
    expect(configure("good 2")).toMatchObject({
      status: 0,
      conf: "good 2",
      files: ["listed.zone", "listed.zone.before", "named.conf", "named.conf.before"],
    });
  });

  test.each(["bad", "good with a broken zone"])(
    "keeps the old one where the new does not pass BIND's checks, and does not touch BIND: %s",
    (conf) => {
      expect(configure(conf)).toMatchObject({
        status: 1,
        conf: "old",
        zone: "zone of old",
        files: ["listed.zone", "named.conf"],
        stderr: expect.stringContaining("the old one stays") as string,
      });
      expect(readdirSync(root)).not.toContain("log");
    },
  );

  test("puts the old one back where BIND does not run on the new", () => {
    expect(configure("good but unstartable")).toMatchObject({
      status: 1,
      conf: "old",
      zone: "zone of old",
      stderr: expect.stringContaining("the old one is back") as string,
    });
    expect(readFileSync(join(root, "log"), "utf8").trim().split("\n").at(-1)).toBe("restart named old");
  });

  test("says so where BIND was never installed", () => {
    rmSync(join(root, "bin/named-checkconf"));
    const script = configureForwarder({ namedConf: "good" });
    const { status, stderr } = spawnSync("/bin/bash", ["-c", script], {
      env: { PATH: join(root, "bin") },
      encoding: "utf8",
    });
    expect(status).toBe(1);
    expect(stderr).toContain("BIND is not installed");
  });
});
