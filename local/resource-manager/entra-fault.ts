import { ArmFault } from "./arm/fault";

/** A refusal of a token as Entra words it (RFC 6749, section 5.2; learn.microsoft.com/entra/identity-platform/reference-error-codes). */
export class EntraFault extends ArmFault {
  override name = "EntraFault";

  /** @param number of the AADSTS code */
  constructor(
    status: number,
    error: string,
    private readonly number: number,
    description: string,
  ) {
    super(status, error, `AADSTS${number}: ${description}`);
  }

  override get body(): Readonly<Record<string, unknown>> {
    return {
      error: this.code,
      error_description: this.message,
      error_codes: [this.number],
      timestamp: new Date().toISOString(),
    };
  }
}
