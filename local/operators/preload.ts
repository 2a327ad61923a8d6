import { redirect } from "../functions-host/worker/redirect";
import { REDIRECTS, type Redirects } from "../functions-host/worker/redirects";

/** Loaded into the programs of people on call, their threads and children: names and connections are those of their host's place in the network. */
const given = process.env[REDIRECTS];
if (given !== undefined) redirect(JSON.parse(given) as Redirects);
