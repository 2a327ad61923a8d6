import { millisecondsOf, timeSpanOf } from "../../../local/azure/durations";

test.each([
  ["PT60S", "PT1M"],
  ["PT90M", "PT1H30M"],
  ["P14D", "P14D"],
  ["PT24H", "P1D"],
  ["P1DT1S", "P1DT1S"],
  ["PT0.5S", "PT0.5S"],
  ["PT0S", "PT0S"],
  ["P10675199DT2H48M5.4775807S", "P10675199DT2H48M5.4775807S"],
])("%s is answered as %s", (written, answered) => {
  expect(timeSpanOf(millisecondsOf(written) ?? Number.NaN)).toBe(answered);
});

test("what is no time span is none", () => {
  expect(millisecondsOf("a minute")).toBeUndefined();
});
