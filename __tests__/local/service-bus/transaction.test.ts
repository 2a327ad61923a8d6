import { Transaction } from "../../../local/service-bus/entities/transaction";

const NONE = { check: () => undefined as never, send: () => [] };

test("nothing is enlisted twice, and what cannot be done leaves the rest undone", () => {
  const done: string[] = [];
  const transaction = new Transaction(NONE);
  const work = (key: string, holds: () => boolean = () => true) => ({
    entity: "queue1",
    session: {},
    keys: [key],
    check: () => {
      if (!holds()) throw new Error(`${key} is lost`);
    },
    commit: () => {
      done.push(key);
    },
  });
  let isHeld = true;
  transaction.enlist(work("settle a"));
  expect(() => {
    transaction.enlist(work("settle a"));
  }).toThrow("does it already");
  transaction.enlist(work("settle b", () => isHeld));
  isHeld = false;
  expect(() => {
    transaction.commit();
  }).toThrow("settle b is lost");
  expect(done).toEqual([]);
});
