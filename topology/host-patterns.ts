/** Whether one of some patterns covers a host or another pattern: `*.a.b` covers itself, and every name and pattern below it. */
export function covers(patterns: readonly string[], host: string): boolean {
  return patterns.some((pattern) => pattern === host || (pattern.startsWith("*.") && host.endsWith(pattern.slice(1))));
}
