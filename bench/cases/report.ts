/** Runs the work of a case and prints what it took, as the bench reads it. */
export function report(work: () => void): void {
  const began = performance.now();
  work();
  const ended = performance.now();
  // performance.now() counts from the start of the process: loading is in `total`.
  process.stdout.write(
    JSON.stringify({ total: ended, synth: ended - began, peakMegabytes: process.resourceUsage().maxRSS / 1024 }),
  );
}
