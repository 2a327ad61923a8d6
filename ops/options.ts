import { InvalidArgumentError } from "commander";

/** Reads an option's value: a whole number within limits. */
export function whole(minimum: number, maximum: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < minimum || value > maximum) {
      throw new InvalidArgumentError(`It is a whole number from ${minimum} to ${maximum}.`);
    }
    return value;
  };
}
