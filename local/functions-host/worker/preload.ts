import { redirect } from "./redirect";
import { REDIRECTS, type Redirects } from "./redirects";

/** Loaded before anything else in a worker: names and connections are those of the app's subnet. The package knows nothing of it. */
const given = process.env[REDIRECTS];
// It is the worker's, not the app's.
// eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- an environment's variable cannot be unset otherwise
delete process.env[REDIRECTS];
// A thread of the app's has none.
if (given !== undefined) redirect(JSON.parse(given) as Redirects);
