import type { ResourceType } from "../../arm/resource-type";
import { plans } from "./plans";
import { SITE_PARTS } from "./site-parts";
import { sites, web } from "./sites";

/** Microsoft.Web: App Service. */
export const WEB: readonly ResourceType[] = [web, plans, sites, ...SITE_PARTS];
