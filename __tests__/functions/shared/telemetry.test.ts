import { telemetryFor } from "../../../functions/shared/telemetry";
import { parseTraceParent } from "../../../functions/shared/trace";

test("without a connection string there is no telemetry, and nothing is loaded for it", () => {
  const telemetry = telemetryFor({});
  expect(() => {
    telemetry.metric("m", 1, {});
    telemetry.dependency({ name: "n", type: "t", target: "t", durationMs: 1, success: true, resultCode: "ok" });
    telemetry.exception(new Error("e"), undefined, {});
  }).not.toThrow();
  expect(Object.keys(require.cache).some((path) => path.includes("/applicationinsights/"))).toBe(false);
});

test("with one the module beside the bundle is loaded", () => {
  // Unbundled there is no such file: that it is looked for is what shows.
  expect(() => telemetryFor({ APPLICATIONINSIGHTS_CONNECTION_STRING: "InstrumentationKey=x" })).toThrow(
    /telemetry\.js/,
  );
});

test.each([
  [
    "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331" },
  ],
  ["00-00000000000000000000000000000000-b7ad6b7169203331-01", undefined],
  ["garbage", undefined],
  [7, undefined],
])("the trace context of %j", (value, expected) => {
  expect(parseTraceParent(value)).toEqual(expected);
});
