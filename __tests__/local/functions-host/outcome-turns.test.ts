import { setImmediate as nextTurn } from "node:timers/promises";
import { OutcomeTurns, turnsOf } from "../../../local/functions-host/worker/outcome-turns";

test("accepted ones share a turn, any other outcome has one of its own, and the order stays", async () => {
  const turns = new OutcomeTurns();
  let turn = 0;
  const written: string[] = [];
  const settle = (isAccepted: boolean, name: string) => {
    turns.settle(isAccepted, () => written.push(`${turn} ${name}`));
  };
  settle(true, "a");
  settle(true, "b");
  settle(false, "x");
  settle(false, "y");
  settle(true, "c");
  settle(true, "d");
  for (turn = 1; turn < 5; turn += 1) {
    await nextTurn();
    if (turn === 4) settle(true, "e");
  }
  expect(written).toEqual(["0 a", "0 b", "1 x", "2 y", "3 c", "3 d", "4 e"]);
});

test("each session has its own", () => {
  const [one, other] = [{}, {}];
  expect(turnsOf(one)).toBe(turnsOf(one));
  expect(turnsOf(one)).not.toBe(turnsOf(other));
});
