import { type ClientLanguage, expectedOf } from "./capabilities";
import { LocalBus } from "./local-bus";
import { prepared, runProgram } from "./toolchains";

/** Tests that a language's program does all that its library can; skipped by name, with the reason, where it cannot run here. */
export function testClient(language: ClientLanguage): void {
  const ready = prepared(language);
  const name = `a client for ${language} does all that its library can`;
  if ("missing" in ready) {
    test.skip(`${name} (skipped: ${ready.missing})`, () => undefined);
    return;
  }
  test(name, async () => {
    const bus = await LocalBus.start(language);
    try {
      const reports = await runProgram(language, ready.folder, bus.variables);
      expect(reports.filter(({ error }) => error !== undefined)).toEqual([]);
      expect(reports.map(({ id }) => id).sort()).toEqual(expectedOf(language).sort());
      expect(bus.failures).toEqual([]);
    } finally {
      await bus.stop();
    }
  });
}
