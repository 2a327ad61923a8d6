/** What a scanner found. */
export interface ScannerFinding {
  /** As the scanner names it: CKV_AZURE_33. */
  readonly check: string;
  readonly what: string;
  /** For a reader: an address behind the stack's name, or a file and a line. */
  readonly where: string;
  /** The type of a resource; none of a file. */
  readonly type?: string;
  /** The construct's path behind the stack's name, or the file. */
  readonly place: string;
}

/** One run of a scanner. */
export interface Scan {
  /** Its name and version. */
  readonly scanner: string;
  /** What it read, in numbers: a scanner that reads nothing finds nothing. */
  readonly read: string;
  readonly findings: readonly ScannerFinding[];
}
