import { networkOf } from "../../../azure-facts/arm-ids";
import { bodiesOf, bodyOf, propertiesOf, referenceOf, stringOf } from "../../azure/document";
import { forwarderOf } from "../../azure/forwarder";
import { guidOf } from "../../azure/guid";
import type { Arm } from "../arm/arm";
import { badRequest, conflict } from "../arm/fault";
import { sameId } from "../arm/resource-id";
import type { ResourceType, WriteRule, Write } from "../arm/resource-type";

const MACHINES = "Microsoft.Compute/virtualMachines";
const DISKS = "Microsoft.Compute/disks";

function interfacesOf(machine: Write["body"]): string[] {
  return bodiesOf(bodyOf(propertiesOf(machine), "networkProfile"), "networkInterfaces").map(({ id }) => String(id));
}

const interfacesAreFree: WriteRule = ({ arm, path, body }) => {
  for (const id of interfacesOf(body)) {
    arm.need(id, path.id);
    const holder = arm
      .all(MACHINES)
      .find((machine) => !sameId(machine.id, path.id) && interfacesOf(machine).some((other) => sameId(other, id)));
    if (!holder) continue;
    throw badRequest(
      "NicInUse",
      `Network Interface ${id} is used by existing resource ${holder.id}. In order to delete or reuse the network interface, it must be dissociated from the resource.`,
    );
  }
};

/** learn.microsoft.com/azure/virtual-machines/custom-data: it is read once, at the first boot. */
const FIXED = ["adminUsername", "computerName", "customData"] as const;

const fixedStaysFixed: WriteRule = ({ body, before }) => {
  if (!before) return;
  const [old, wanted] = [bodyOf(propertiesOf(before), "osProfile"), bodyOf(propertiesOf(body), "osProfile")];
  const changed = FIXED.find((key) => wanted[key] !== undefined && old[key] !== undefined && wanted[key] !== old[key]);
  if (changed === undefined) return;
  throw conflict("PropertyChangeNotAllowed", `Changing property 'osProfile.${changed}' is not allowed.`);
};

/** A machine has keys, or a password (learn.microsoft.com/rest/api/compute/virtual-machines/create-or-update). */
const canBeEntered: WriteRule = ({ body, before }) => {
  const profile = bodyOf(propertiesOf(body), "osProfile");
  const linux = bodyOf(profile, "linuxConfiguration");
  const keys = bodiesOf(bodyOf(linux, "ssh"), "publicKeys");
  if (before || keys.length > 0 || profile.adminPassword !== undefined) return;
  throw badRequest(
    "InvalidParameter",
    "Authentication using either SSH or by user name and password must be enabled in Linux profile.",
  );
};

const virtualMachines: ResourceType = {
  type: MACHINES,
  longRunning: true,
  naming: {
    pattern: /^[A-Za-z0-9]([A-Za-z0-9._-]{0,62}[A-Za-z0-9_])?$/,
    code: "InvalidParameter",
    says: "1 to 64 letters, digits, periods, hyphens and underscores",
  },
  rules: [interfacesAreFree, fixedStaysFixed, canBeEntered],
  stored: ({ path, body }) => {
    const properties = propertiesOf(body);
    const { additionalCapabilities, ...rest } = properties;
    const storage = bodyOf(properties, "storageProfile");
    const disk = bodyOf(storage, "osDisk");
    const diskName = stringOf(disk, "name") ?? `${path.name}_OsDisk_1`;
    const group = path.id.slice(0, path.id.toLowerCase().indexOf("/providers/"));
    return {
      ...body,
      properties: {
        ...rest,
        // None of them on is none.
        ...(Object.values(bodyOf(properties, "additionalCapabilities")).some((value) => value === true)
          ? { additionalCapabilities }
          : {}),
        vmId: guidOf(`machine ${path.id.toLowerCase()}`),
        storageProfile: {
          ...storage,
          osDisk: {
            diskSizeGB: 30,
            ...disk,
            name: diskName,
            managedDisk: { ...bodyOf(disk, "managedDisk"), id: `${group}/providers/${DISKS}/${diskName}` },
          },
        },
      },
    };
  },
  written: (arm, machine) => {
    const disk = bodyOf(bodyOf(propertiesOf(machine), "storageProfile"), "osDisk");
    const id = String(bodyOf(disk, "managedDisk").id);
    if (arm.get(id)) return;
    arm.put({
      id,
      name: String(disk.name),
      type: DISKS,
      location: machine.location,
      managedBy: machine.id,
      sku: { name: String(bodyOf(disk, "managedDisk").storageAccountType) },
      properties: {
        provisioningState: "Succeeded",
        diskSizeGB: disk.diskSizeGB,
        diskState: "Attached",
        osType: "Linux",
      },
    });
  },
  removed: (arm, machine) => {
    // A disk outlives its machine.
    const disk = arm.all(DISKS).find(({ managedBy }) => sameId(String(managedBy), machine.id));
    if (disk)
      arm.put({ ...disk, managedBy: undefined, properties: { ...propertiesOf(disk), diskState: "Unattached" } });
  },
  actions: {
    poweroff: () => undefined,
    deallocate: () => undefined,
    start: () => undefined,
  },
};

const disks: ResourceType = {
  type: DISKS,
  longRunning: true,
  removalRules: [
    ({ document }) => {
      if (document.managedBy === undefined) return;
      throw conflict(
        "OperationNotAllowed",
        `Disk ${document.name} is attached to VM ${JSON.stringify(document.managedBy)}.`,
      );
    },
  ],
};

/**
 * Scripts that Azure runs in a machine (learn.microsoft.com/azure/virtual-machines/linux/run-command-managed). Nothing runs here: the script that the
 * stacks deliver is run by the tests of the forwarder. Its configuration of BIND decides which names the region gets.
 */
/** A run command is an extension operation: a machine can refuse them all. */
const extensionsAreAllowed: WriteRule = ({ arm, path }) => {
  const profile = bodyOf(propertiesOf(arm.get(machineIdOf(path.id))), "osProfile");
  if (profile.allowExtensionOperations !== false) return;
  throw conflict(
    "OperationNotAllowed",
    "This operation cannot be performed when extension operations are disallowed. Set osProfile.allowExtensionOperations of the virtual machine to true.",
  );
};

const runCommands: ResourceType = {
  type: "Microsoft.Compute/virtualMachines/runCommands",
  longRunning: true,
  rules: [extensionsAreAllowed],
  stored: ({ body }) => ({
    ...body,
    properties: {
      ...propertiesOf(body),
      instanceView: { executionState: "Succeeded", exitCode: 0, output: "", error: "", executionMessage: "" },
    },
  }),
  written: (arm, command) => {
    const script = stringOf(bodyOf(propertiesOf(command), "source"), "script") ?? "";
    const forwarder = forwarderOf(machineOf(arm, command.id), script);
    if (forwarder) arm.azure.forwarders.put(forwarder);
    else arm.azure.forwarders.remove(machineIdOf(command.id));
  },
  removed: (arm, { id }) => {
    arm.azure.forwarders.remove(machineIdOf(id));
  },
};

function machineIdOf(commandId: string): string {
  return commandId.replace(/\/runCommands\/[^/]+$/i, "");
}

/** The machine that a command runs on: its addresses, and the network that they are in. */
function machineOf(arm: Arm, commandId: string) {
  const id = machineIdOf(commandId);
  const configurations = interfacesOf(arm.get(id) ?? {}).flatMap((nic) =>
    bodiesOf(propertiesOf(arm.get(nic)), "ipConfigurations").map(propertiesOf),
  );
  return {
    id,
    networkId: networkOf(referenceOf(configurations[0], "subnet") ?? ""),
    addresses: configurations.flatMap((properties) => stringOf(properties, "privateIPAddress") ?? []),
  };
}

export const COMPUTE: readonly ResourceType[] = [virtualMachines, disks, runCommands];
