/**
 * Something that a message alone explains: a mistake in a file of the user's, or something that did not work. It needs no stack trace.
 * A command ends with its exit code.
 */
export class Failure extends Error {
  override name = "Failure";
  readonly exitCode: number = 1;
}

/** A wrong option, argument or environment variable. */
export class UsageError extends Failure {
  override name = "UsageError";
  override readonly exitCode = 2;
}

/** A program or a package that the work needs is missing here. */
export class MissingRequirement extends Failure {
  override name = "MissingRequirement";
  override readonly exitCode = 3;
}
