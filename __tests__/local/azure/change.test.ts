import { Azure } from "../../../local/azure/azure";

function counted(): { azure: Azure; notified: () => number } {
  const azure = new Azure();
  let count = 0;
  azure.on("changed", () => (count += 1));
  return { azure, notified: () => count };
}

const network = (id: string) => ({ id, dnsServers: [] });

test("each change notifies, and several in one change notify once, when all are made", () => {
  const { azure, notified } = counted();
  azure.networks.put(network("a"));
  azure.networks.put(network("b"));
  expect(notified()).toBe(2);
  azure.change(() => {
    azure.networks.put(network("c"));
    azure.change(() => {
      azure.networks.remove("a");
    });
    expect(notified()).toBe(2);
  });
  expect(notified()).toBe(3);
});

test("a change that changes nothing notifies no listener", () => {
  const { azure, notified } = counted();
  azure.change(() => {
    azure.networks.remove("unknown");
  });
  expect(notified()).toBe(0);
});

test("what was changed before an error is notified too", () => {
  const { azure, notified } = counted();
  expect(() => {
    azure.change(() => {
      azure.networks.put(network("a"));
      throw new Error("half way");
    });
  }).toThrow("half way");
  expect(notified()).toBe(1);
  azure.networks.put(network("b"));
  expect(notified()).toBe(2);
});

test("a failover is one change", () => {
  const { azure, notified } = counted();
  azure.change(() => {
    for (const name of ["one", "two"]) azure.namespaces.put({ id: name, name, location: name });
    azure.pair({ alias: "alias", primaryId: "one", partnerId: "two" });
  });
  azure.failOver("alias");
  expect(notified()).toBe(2);
});
