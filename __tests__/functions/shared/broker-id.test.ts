import { originalId, ownerOf, ownId, suffixed } from "../../../functions/shared/broker-id";

test("no sender's id is that of another message's copy: duplicate detection would drop one of them", () => {
  expect(originalId("m-1")).toBe("m-1");
  const copy = suffixed("m-1", "1");
  expect(originalId(copy)).not.toBe(copy);
  expect(originalId(suffixed("m-1", "queue1"))).not.toBe(suffixed("m-1", "queue1"));
});

test("ids stay within Service Bus' 128 characters, and apart", () => {
  const long = "x".repeat(128);
  const ids = [suffixed(long, "1"), suffixed(long, "2"), originalId(`~${long.slice(1)}`), long];
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id.length).toBeLessThanOrEqual(128);
});

test("the copies of two callers' messages with one id are apart, too", () => {
  const [one, other] = [ownerOf("one"), ownerOf("other")];
  const ids = ["a", "x".repeat(128)].flatMap((id) => [
    suffixed(ownId(id, one), "1"),
    suffixed(ownId(id, other), "1"),
    originalId(id, one),
    originalId(id, other),
    originalId(`${id.slice(0, 126)}~1`, one),
  ]);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id.length).toBeLessThanOrEqual(128);
});
