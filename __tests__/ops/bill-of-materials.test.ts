import { billOfMaterials } from "../../ops/bill-of-materials";
import { build } from "../support/build";
import { topologyWith, viaGateway } from "../support/topologies";

const bill = (topology = topologyWith()) =>
  Object.fromEntries(billOfMaterials(build(topology)).map(({ item, counts }) => [item, counts.get("eastus2")]));

test("what is billed per unit is counted from the stacks", () => {
  expect(bill()).toEqual({
    "App Service worker P1v3, at least": 3,
    "Azure Firewall Standard": 1,
    "Log Analytics workspace (by volume)": 1,
    "Service Bus Premium messaging unit": 1,
    "VM Standard_B2s_v2 with its disk": 2,
    "private DNS zone": 5,
    "private endpoint": 10,
    "public IP address, Standard": 1,
    "storage account ZRS": 2,
  });
});

test("a gateway takes the firewall's place", () => {
  const items = Object.keys(bill(topologyWith(viaGateway("expressroute"))));
  expect(items).toContain("gateway ErGw1AZ");
  expect(items).not.toContain("Azure Firewall Standard");
});
