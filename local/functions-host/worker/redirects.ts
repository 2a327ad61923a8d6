/** What a worker's preload needs to know of names and ports; JSON in the environment. */
export interface Redirects {
  /** The region's DNS, `127.0.0.1:<port>`. */
  readonly dns: string;
  /** Where an address and port of the design really are: `10.1.2.240:5671` → a port on loopback. */
  readonly ports: Readonly<Record<string, number>>;
}

export const REDIRECTS = "LOCAL_REDIRECTS";
