import type { Azure } from "../../azure/azure";
import { type ArmDocument, propertiesOf, stringOf } from "../../azure/document";
import { badRequest, conflict } from "./fault";
import { isWithin, parsePath, sameId } from "./resource-id";

/** Where documents of a type are, when they are not among the model's. */
export interface Backing {
  all(arm: Arm): ArmDocument[];
  put(arm: Arm, document: ArmDocument): void;
  remove(arm: Arm, document: ArmDocument): void;
}

/** What decides how resources of a type are kept and shown. */
export interface KnownType {
  /** `Microsoft.Network/virtualNetworks/subnets`, as Azure writes it. */
  readonly type: string;
  /** What a read shows beyond what is stored, or instead of it. */
  readonly shown?: (arm: Arm, document: ArmDocument) => ArmDocument;
  readonly backing?: Backing;
}

/** What rules look at: every resource, from any writer. */
export class Arm<Type extends KnownType = KnownType> {
  /** Resources as they will be, while the operation that writes them is open. */
  readonly pending = new Map<string, ArmDocument>();
  private readonly types: ReadonlyMap<string, Type>;

  constructor(
    readonly azure: Azure,
    types: readonly Type[],
    readonly settings: { readonly tenant: string; readonly propagationMs: number },
  ) {
    this.types = new Map(types.map((type) => [type.type.toLowerCase(), type]));
  }

  typeOf(type: string): Type | undefined {
    return this.types.get(type.toLowerCase());
  }

  knownTypes(): readonly Type[] {
    return [...this.types.values()];
  }

  /** A resource, in any state. */
  get(id: string): ArmDocument | undefined {
    const stored = this.stored(id);
    const { shown } = this.typeOf(stored?.type ?? "") ?? {};
    return stored && shown ? shown(this, stored) : stored;
  }

  /** A resource as it is kept, with what a read does not show. */
  stored(id: string): ArmDocument | undefined {
    const open = this.pending.get(id.toLowerCase());
    if (open) return open;
    const type = this.typeOf(parsePath(id)?.type ?? "");
    return type?.backing
      ? type.backing.all(this).find((document) => sameId(document.id, id))
      : this.azure.documents.get(id);
  }

  /** Every resource of a type. */
  all(type: string): ArmDocument[] {
    const known = this.typeOf(type);
    const stored =
      known?.backing?.all(this) ?? this.azure.documents.all().filter((document) => sameId(document.type, type));
    const shown = known?.shown ? stored.map((document) => known.shown?.(this, document) ?? document) : stored;
    const open = [...this.pending.values()].filter((document) => sameId(document.type, type));
    return [...shown.filter(({ id }) => !this.pending.has(id.toLowerCase())), ...open];
  }

  /** Every resource in a group, or of one. */
  within(scope: string): ArmDocument[] {
    const backed = this.knownTypes().flatMap(({ backing }) => backing?.all(this) ?? []);
    return [...this.azure.documents.all(), ...backed].filter(({ id }) => isWithin(id, scope) && !sameId(id, scope));
  }

  put(document: ArmDocument): void {
    const { backing } = this.typeOf(document.type) ?? {};
    if (backing) backing.put(this, document);
    else this.azure.documents.put(document);
  }

  remove(document: ArmDocument): void {
    const { backing } = this.typeOf(document.type) ?? {};
    if (backing) backing.remove(this, document);
    else this.azure.documents.remove(document.id);
  }

  /**
   * A resource that another one refers to: there, and done
   * (learn.microsoft.com/azure/azure-resource-manager/troubleshooting/error-invalid-resource-reference).
   */
  need(id: string, from: string): ArmDocument {
    const found = this.get(id);
    if (!found) {
      throw badRequest(
        "InvalidResourceReference",
        `Resource ${id} referenced by resource ${from} was not found. Please make sure that the referenced resource exists, and that both resources are in the same region.`,
      );
    }
    // Its own write, not one of its parts: of those only peerings care.
    if (this.pending.has(found.id.toLowerCase())) {
      throw conflict(
        "ReferencedResourceNotProvisioned",
        `Cannot proceed with operation because resource ${found.id} used by resource ${from} is not in Succeeded state. Resource is in ${stateOf(found)} state.`,
      );
    }
    return found;
  }
}

export function isDone(document: ArmDocument): boolean {
  return stateOf(document) === "Succeeded";
}

function stateOf(document: ArmDocument): string {
  return stringOf(propertiesOf(document), "provisioningState") ?? "Succeeded";
}
