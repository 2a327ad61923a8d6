/** The setting that names the file which is there while the dependency is down. */
export const OUTAGE = "DRILL_OUTAGE";
