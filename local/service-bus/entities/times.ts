/** When an entity was made, changed, and last sent to or received from, in milliseconds since the epoch. */
export class EntityTimes {
  readonly createdAt = Date.now();
  updatedAt = this.createdAt;
  /** When a message came, was taken or was looked at. None: never yet. */
  usedAt?: number;

  touch(): void {
    this.usedAt = Date.now();
  }

  /** Its settings were changed. */
  changed(): void {
    this.updatedAt = Date.now();
  }
}
