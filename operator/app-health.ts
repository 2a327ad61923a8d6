import type { TokenCredential } from "@azure/identity";
import { reasonOf } from "./service-bus-management";

/** What an app says of the name that it connects to, as its own network resolves it. */
export type BusAnswer =
  | { readonly host: string; readonly address: string }
  /** `isFinal`: another try will not change it. */
  | { readonly unknown: string; readonly isFinal: boolean };

const TIMEOUT_MS = 15_000;

export interface HealthProps {
  /** `app.azurewebsites.net`. */
  readonly site: string;
  readonly credential: TokenCredential;
  /** The client id that the app accepts tokens for. @default it accepts callers without one */
  readonly audience?: string;
}

/** Asks an app's health endpoint where its bus is. @returns why that is not known, in place of an error */
export async function busAnswerOf({ site, credential, audience }: HealthProps): Promise<BusAnswer> {
  try {
    const token = audience === undefined ? undefined : await credential.getToken(`${audience}/.default`);
    const response = await fetch(`https://${site}/api/health?names`, {
      signal: AbortSignal.timeout(TIMEOUT_MS),
      redirect: "manual",
      ...(token ? { headers: { authorization: `Bearer ${token.token}` } } : {}),
    });
    if (!response.ok) return { unknown: `${site} answered ${response.status}`, isFinal: response.status < 500 };
    const { bus } = (await response.json()) as { bus?: { host?: string; address?: string; error?: string } };
    if (bus?.host === undefined) return { unknown: `${site} runs a package that does not say it`, isFinal: true };
    if (bus.address === undefined)
      return { unknown: `${site} cannot resolve ${bus.host}: ${bus.error ?? "no reason"}`, isFinal: false };
    return { host: bus.host, address: bus.address };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return { unknown: `${site} does not answer (${reasonOf(cause)})`, isFinal: false };
  }
}
