import type { HttpResponseInit } from "@azure/functions";

/** What App Service's health check asks: the app has loaded and its settings are sound. It says nothing of the bus. */
export function healthy(app: "producer" | "consumer"): HttpResponseInit {
  return { status: 200, jsonBody: { status: "ok", app }, headers: { "cache-control": "no-store" } };
}
