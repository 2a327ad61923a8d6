/** A request that is answered with an error before anything of it is sent. */
export class Refusal extends Error {
  constructor(
    readonly status: 400 | 401 | 404 | 413 | 415 | 503,
    /** Stable, for programs. */
    readonly code: string,
    /** For people. */
    message: string,
  ) {
    super(message);
    this.name = "Refusal";
  }
}
