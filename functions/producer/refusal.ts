/** A request that is answered with an error of the caller's: nothing of it was sent. */
export class Refusal extends Error {
  constructor(
    readonly status: 400 | 404 | 413,
    /** Stable, for programs. */
    readonly code: string,
    /** For people. */
    message: string,
  ) {
    super(message);
    this.name = "Refusal";
  }
}
