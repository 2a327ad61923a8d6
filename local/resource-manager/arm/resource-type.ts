import type { ArmDocument, Body } from "../../azure/document";
import type { Arm, KnownType } from "./arm";
import type { ArmPath } from "./resource-id";

/** A resource to write. */
export interface Write {
  readonly arm: Arm;
  readonly path: ArmPath;
  /** What is asked for; with PATCH, merged into what there is. */
  readonly body: Body;
  /** What there is. */
  readonly before?: ArmDocument;
}

/** A resource to delete. */
export interface Removal {
  readonly arm: Arm;
  readonly document: ArmDocument;
}

/** A question that is no read, write or deletion: `listKeys`, `failover`. */
export interface Action {
  readonly arm: Arm;
  readonly path: ArmPath;
  readonly body: Body;
  /** The resource that is asked; none where a type is: `checkNameAvailability`. */
  readonly document?: ArmDocument;
}

/** Throws an ArmFault where Azure would refuse. */
export type WriteRule = (write: Write) => void;
export type RemovalRule = (removal: Removal) => void;

/** What a name of a type must look like. */
export interface Naming {
  readonly pattern: RegExp;
  /** Azure's code for a name that does not. */
  readonly code: string;
  /** In words. */
  readonly says: string;
}

/** What Resource Manager knows of a type of resource. */
export interface ResourceType extends KnownType {
  readonly naming?: Naming;
  /** Whether writes and deletions are answered before they have ended. @default false */
  readonly longRunning?: boolean;
  /** Its state while a write is open. @default `Creating`, or `Updating` */
  readonly pending?: string;
  /** Whether it has a provisioning state: settings, which are a name and a value each, have none. @default true */
  readonly stateful?: boolean;
  /** The status of the answer to a write that created something. @default 201 */
  readonly created?: 200 | 201;
  /** Whether the resource around it must be there. @default true */
  readonly nested?: boolean;
  readonly rules?: readonly WriteRule[];
  readonly removalRules?: readonly RemovalRule[];
  /** What is stored of a write: as Azure normalises it, with what it computes. @default the body */
  readonly stored?: (write: Write) => Body;
  /** What comes of it elsewhere, once a write has ended. */
  readonly written?: (arm: Arm, document: ArmDocument, before?: ArmDocument) => void;
  readonly removed?: (arm: Arm, document: ArmDocument) => void;
  /** What a read shows where nothing was written: a part of its parent that is always there. */
  readonly absent?: (arm: Arm, path: ArmPath) => Body | undefined;
  /** By name, in small letters. */
  readonly actions?: Readonly<Record<string, (action: Action) => Body | undefined>>;
}
