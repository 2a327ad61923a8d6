import { type Body, bodyOf } from "../../azure/document";
import { badRequest } from "./fault";

/** What tags a type takes (learn.microsoft.com/azure/azure-resource-manager/management/tag-resources#limitations). */
interface TagLimits {
  readonly most: number;
  readonly longestName: number;
  readonly name: RegExp;
}

const LIMITS: TagLimits = { most: 50, longestName: 512, name: /^[^<>%&\\?/]+$/ };
const LONGEST_VALUE = 256;
const RESERVED = /^(microsoft|azure|windows)/i;

/** The stricter ones: DNS zones (azure-docs#124115, terraform-provider-azurerm#21749), storage accounts. */
const OF_TYPES: Readonly<Record<string, Partial<TagLimits>>> = {
  "microsoft.network/privatednszones": { most: 15, name: /^[A-Za-z_][\w.-]*$/ },
  "microsoft.network/privatednszones/virtualnetworklinks": { most: 15, name: /^[A-Za-z_][\w.-]*$/ },
  "microsoft.storage/storageaccounts": { longestName: 128 },
};

/** @throws ArmFault where the type does not take the tags */
export function refuseTags(type: string, body: Body): void {
  const tags = Object.entries(bodyOf(body, "tags"));
  const { most, longestName, name: pattern } = { ...LIMITS, ...OF_TYPES[type.toLowerCase()] };
  if (tags.length > most) {
    throw badRequest(
      "TooManyTags",
      `The number of tags '${tags.length}' is more than the maximum of '${most}' for resources of type '${type}'.`,
    );
  }
  const seen = new Set<string>();
  for (const [name, value] of tags) {
    if (name.length > longestName || !pattern.test(name) || RESERVED.test(name)) {
      throw badRequest("InvalidTagName", `The tag name '${name}' is invalid for resources of type '${type}'.`);
    }
    if (String(value).length > LONGEST_VALUE) {
      throw badRequest("InvalidTagValue", `The value of tag '${name}' has more than ${LONGEST_VALUE} characters.`);
    }
    if (seen.has(name.toLowerCase())) {
      throw badRequest("DuplicateTagName", `The tag name '${name}' is there twice; tag names ignore case.`);
    }
    seen.add(name.toLowerCase());
  }
}
