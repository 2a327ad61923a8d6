/** When an entity was made, changed, and last sent to or received from, in milliseconds since the epoch. */
export class EntityTimes {
  readonly createdAt = Date.now();
  updatedAt = this.createdAt;
  accessedAt = this.createdAt;

  /** A message came, was taken or was looked at. */
  touch(): void {
    this.accessedAt = Date.now();
  }

  /** Its settings were changed. */
  changed(): void {
    this.updatedAt = Date.now();
  }
}
