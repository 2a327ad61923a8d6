import type { Body } from "../../azure/document";

export interface ArmRequest {
  readonly method: string;
  /** Without query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Body;
  /** Where clients reach Resource Manager: `https://localhost:8443`. */
  readonly origin: string;
}

export interface ArmAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Body;
}
