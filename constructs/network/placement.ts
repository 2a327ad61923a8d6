/** Where every resource says the same: its region, its resource group and its tags. */
export interface Placement {
  readonly location: string;
  readonly resourceGroupName: string;
  readonly tags: Record<string, string>;
}
