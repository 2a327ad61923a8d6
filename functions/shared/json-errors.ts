/** A text that is not what it has to be, and which rule it breaks. */
export class NotAnObject extends Error {
  constructor(
    readonly code: "NotJson" | "NotAnObject" | "TooDeep" | "DuplicateKey" | "NotText",
    message: string,
  ) {
    super(message);
    this.name = code;
  }
}

/** A list with more items than may be. */
export class TooMany extends Error {
  constructor(readonly most: number) {
    super(`more than ${most} items`);
    this.name = "TooMany";
  }
}
