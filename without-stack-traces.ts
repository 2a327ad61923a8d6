/**
 * Runs work while stack traces are not written out.
 *
 * cdktf records the stack of every token it makes, for messages that are not read, and writing those stacks out (through source maps, which tsx and
 * jest turn on) takes longer than the rest of a synthesis. An error's own stack is written when it is first read, which is after this.
 */
export function withoutStackTraces<Result>(work: () => Result): Result {
  const original = Object.getOwnPropertyDescriptor(Error, "prepareStackTrace");
  Error.prepareStackTrace = (error) => String(error);
  try {
    return work();
  } finally {
    if (original) Object.defineProperty(Error, "prepareStackTrace", original);
    else Reflect.deleteProperty(Error, "prepareStackTrace");
  }
}
