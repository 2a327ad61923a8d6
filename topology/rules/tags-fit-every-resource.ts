import { repeated, stampsOf } from "../draft";
import { type Mistake, pathOf } from "../mistake";
import type { TopologyRule } from "./topology-rule";

/** Every resource gets all tags, so what the strictest type refuses is a mistake (learn.microsoft.com/azure/azure-resource-manager/management/tag-resources). */
const MOST = 15;
const LONGEST_NAME = 128;
const LONGEST_VALUE = 256;
/** Private DNS zones leave out or refuse others (azure-docs#124115, azure-rest-api-specs#11748). */
const NAME = /^[A-Za-z_][\w.-]*$/;
const RESERVED = /^(microsoft|azure|windows)/i;

export const tagsFitEveryResource: TopologyRule = (topology) =>
  stampsOf(topology).flatMap(({ at, it }) => {
    const tags = Object.entries(it.tags ?? {}).map(([name, value]) => ({ at: pathAt(at, name), name, value }));
    return [
      ...(tags.length > MOST
        ? [
            {
              path: `${at}.tags`,
              got: `${tags.length} tags`,
              expected: `${MOST} at most: DNS zones take no more (others take 50)`,
              fix: "remove some, or put several into one value",
            },
          ]
        : []),
      ...repeated(tags.map(({ at: place, name }) => ({ at: place, value: name }))).map(
        ({ at: path, value, first }) => ({
          path,
          got: `"${value}"`,
          expected: `a name that differs from ${first}: tag names ignore case`,
          fix: "remove one of the two",
        }),
      ),
      ...tags.flatMap(({ at: path, name, value }) => [...nameMistakes(path, name), ...valueMistakes(path, value)]),
    ];
  });

function pathAt(stamp: string, name: string): string {
  return `${stamp}.tags${pathOf([name]).replace(/^(?!\[)/, ".")}`;
}

function nameMistakes(path: string, name: string): Mistake[] {
  if (name.length <= LONGEST_NAME && NAME.test(name) && !RESERVED.test(name)) return [];
  return [
    {
      path,
      got: `the name "${name}"`,
      expected: `1–${LONGEST_NAME} letters, digits, and _ . -, starting with a letter or underscore, not with microsoft, azure or windows: what DNS zones and storage accounts take`,
      fix: "rename the tag",
    },
  ];
}

function valueMistakes(path: string, value: string | undefined): Mistake[] {
  if (value === undefined || value.length <= LONGEST_VALUE) return [];
  return [{ path, got: `${value.length} characters`, expected: `${LONGEST_VALUE} at most`, fix: "shorten the value" }];
}
