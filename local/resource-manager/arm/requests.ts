import { type ArmDocument, stringOf, withoutNulls } from "../../azure/document";
import { type Arm, isDone } from "./arm";
import type { ArmAnswer, ArmRequest } from "./exchange";
import { emptyGroup, remove } from "./deletion";
import { ArmFault, badRequest, conflict, notFound } from "./fault";
import { checkVersion, inState, isGroup, merged, normal, operationHeaders, singleton } from "./forms";
import { refuseLocked } from "./locks";
import { refuseTags } from "./tags";
import type { Operations } from "./operations";
import { type ArmPath, isWithin, parsePath, sameId } from "./resource-id";
import type { ResourceType, Write } from "./resource-type";

const OPERATION =
  /^\/subscriptions\/[^/]+\/providers\/[^/]+\/locations\/[^/]+\/(operationStatuses|operationResults)\/([^/]+)$/i;

/** Reads, writes and deletions of resources, as Resource Manager handles them for every type alike. */
export class Requests {
  constructor(
    private readonly arm: Arm<ResourceType>,
    private readonly operations: Operations,
  ) {}

  /** @throws ArmFault */
  handle(request: ArmRequest): ArmAnswer {
    const { method, path } = request;
    checkVersion(request);
    const [, kind, operation] = OPERATION.exec(path) ?? [];
    if (kind !== undefined && operation !== undefined) return this.operation(kind, operation);
    const parsed = parsePath(method === "PUT" ? singleton(path) : path);
    if (!parsed) throw new ArmFault(404, "InvalidResourceNamespace", `There is nothing at '${path}'.`);
    this.refuseOutage(parsed.trailing === undefined ? parsed.id : `${parsed.id}/${parsed.trailing}`);
    if (method === "GET" && parsed.trailing !== undefined) return this.list(parsed, parsed.trailing, request.query);
    if (method === "POST") return this.act(parsed, request);
    const type = this.typeOf(parsed.type);
    switch (method) {
      case "GET":
      case "HEAD":
        return { status: method === "GET" ? 200 : 204, body: this.found(type, parsed) };
      case "PUT":
      case "PATCH":
        return this.write(type, parsed, request);
      case "DELETE":
        return this.delete(type, parsed, request);
      default:
        throw new ArmFault(405, "MethodNotAllowed", `The HTTP method '${method}' is not supported at this location.`);
    }
  }

  /** What a region keeps of its namespaces cannot be read while it is down; that the namespace exists can. */
  private refuseOutage(id: string): void {
    const down = [...this.arm.azure.outages].find((namespace) => id.toLowerCase().startsWith(`${namespace}/`));
    if (down === undefined) return;
    throw new ArmFault(503, "ServiceUnavailable", `The region of '${down}' does not answer. Try again later.`);
  }

  private typeOf(name: string): ResourceType {
    const type = this.arm.typeOf(name);
    if (type) return type;
    const [namespace = "", ...types] = name.split("/");
    throw new ArmFault(
      404,
      "InvalidResourceType",
      `The resource type '${types.join("/")}' could not be found in the namespace '${namespace}': this local Azure knows only the types that the stacks contain.`,
    );
  }

  private find(type: ResourceType, path: ArmPath, found = this.arm.get(path.id)): ArmDocument | undefined {
    if (found) return found;
    const body = type.absent?.(this.arm, path);
    return body && { ...body, id: path.id, name: path.name, type: type.type };
  }

  private found(type: ResourceType, path: ArmPath): ArmDocument {
    const document = this.find(type, path);
    if (document) return document;
    if (isGroup(type))
      throw new ArmFault(404, "ResourceGroupNotFound", `Resource group '${path.name}' could not be found.`);
    this.needGroup(path);
    throw notFound(path.id);
  }

  private needGroup({ id, group, subscription }: ArmPath): void {
    if (group === undefined || sameId(id, `/subscriptions/${subscription}/resourceGroups/${group}`)) return;
    if (this.arm.get(`/subscriptions/${subscription}/resourceGroups/${group}`)) return;
    throw new ArmFault(404, "ResourceGroupNotFound", `Resource group '${group}' could not be found.`);
  }

  private list(path: ArmPath, collection: string, query: URLSearchParams): ArmAnswer {
    const ofScope = path.type.startsWith("Microsoft.Resources/");
    if (ofScope && collection.toLowerCase() === "resources") {
      const value = this.arm.within(path.id).filter(({ type }) => type.split("/").length === 2);
      return { status: 200, body: { value } };
    }
    const name = ofScope ? `Microsoft.Resources/${collection}` : `${path.type}/${collection}`;
    const type = this.typeOf(name);
    const action = type.actions?.list;
    if (action) return { status: 200, body: action({ arm: this.arm, path, body: Object.fromEntries(query) }) ?? {} };
    if (!ofScope && path.name !== "" && !this.arm.get(path.id)) throw notFound(path.id);
    const value = this.arm.all(type.type).filter(({ id }) => isWithin(id, path.id));
    return { status: 200, body: { value } };
  }

  private act(path: ArmPath, { body }: ArmRequest): ArmAnswer {
    // Without an action behind it, the last name is one: .../disasterRecoveryConfigs/checkNameAvailability.
    const name = path.trailing ?? path.name;
    const type = this.typeOf(path.type);
    const action = type.actions?.[name.toLowerCase()];
    if (!action) {
      throw new ArmFault(
        400,
        "InvalidAction",
        `The action '${name}' of '${type.type}' is not known to this local Azure.`,
      );
    }
    const asked = path.trailing === undefined ? undefined : this.find(type, path);
    if (path.trailing !== undefined && path.name !== "" && !asked) throw notFound(path.id);
    const answer = this.arm.azure.change(() => action({ arm: this.arm, path, body, document: asked }));
    return { status: 200, ...(answer ? { body: answer } : {}) };
  }

  private write(type: ResourceType, path: ArmPath, request: ArmRequest): ArmAnswer {
    const before = this.find(type, path, this.arm.stored(path.id));
    if (request.method === "PATCH" && !before) throw notFound(path.id);
    const body = request.method === "PATCH" ? merged(before ?? {}, request.body) : request.body;
    const write: Write = { arm: this.arm, path, body, ...(before ? { before } : {}) };
    this.check(type, write);
    const stored = type.stored?.(write) ?? body;
    const document: ArmDocument = {
      ...withoutNulls(stored),
      id: before?.id ?? path.id,
      name: before?.name ?? path.name,
      type: type.type,
    };
    const withState = (shown: ArmDocument, state: string) => (type.stateful === false ? shown : inState(shown, state));
    const open = withState(document, type.pending ?? (before ? "Updating" : "Creating"));
    const operation = this.operations.begin(
      document.id,
      () => {
        this.arm.pending.delete(document.id.toLowerCase());
        this.arm.azure.change(() => {
          this.arm.put(withState(document, "Succeeded"));
          type.written?.(this.arm, document, before);
        });
      },
      () => this.arm.get(document.id),
    );
    if (operation.open) this.arm.pending.set(document.id.toLowerCase(), open);
    const shown = this.arm.get(document.id) ?? document;
    const status = before ? 200 : (type.created ?? 201);
    if (type.longRunning !== true && !operation.open) return { status, body: shown };
    return { status, body: withState(shown, "Updating"), headers: operationHeaders(operation.name, type, request) };
  }

  private check(type: ResourceType, write: Write): void {
    const { path, before } = write;
    const { naming, nested = true } = type;
    this.needGroup(path);
    if (naming && !before && !naming.pattern.test(path.name)) {
      throw badRequest(naming.code, `The name '${path.name}' of a ${type.type} is not valid: ${naming.says}.`);
    }
    const around = this.arm.get(path.parent);
    // A part that is being put does not keep its neighbours waiting: azurerm puts one after another.
    if (around && this.arm.pending.has(path.parent.toLowerCase())) this.arm.need(path.parent, path.id);
    if (nested && type.type.split("/").length > 2 && !around) {
      throw new ArmFault(
        404,
        "ParentResourceNotFound",
        `Failed to perform 'write' on resource(s) of type '${type.type.slice(type.type.indexOf("/") + 1)}', because the parent resource '${path.parent}' could not be found.`,
      );
    }
    if (before && !isDone(before)) {
      throw conflict(
        "AnotherOperationInProgress",
        `Another operation on this or dependent resource is in progress: ${before.id}.`,
      );
    }
    const place = before && stringOf(before, "location");
    const wanted = stringOf(write.body, "location");
    if (place !== undefined && wanted !== undefined && normal(place) !== normal(wanted)) {
      throw conflict(
        "InvalidResourceLocation",
        `The resource '${path.name}' already exists in location '${place}' in resource group '${path.group ?? ""}'. A resource with the same name cannot be created in location '${wanted}'. Please select a new resource name.`,
      );
    }
    refuseTags(type.type, write.body);
    refuseLocked(this.arm, path.id, "write");
    for (const rule of type.rules ?? []) rule(write);
  }

  private delete(type: ResourceType, path: ArmPath, request: ArmRequest): ArmAnswer {
    const document = this.arm.get(path.id);
    if (!document) {
      this.needGroup(path);
      return { status: 204 };
    }
    // The deepest first, as a group's or a resource's deletion takes along what is in it.
    const inside = this.arm.within(document.id).sort((one, other) => other.id.length - one.id.length);
    for (const each of [...inside, document]) {
      refuseLocked(this.arm, each.id, "delete");
    }
    for (const rule of type.removalRules ?? []) rule({ arm: this.arm, document });
    if (isGroup(type)) emptyGroup(this.arm, inside);
    const operation = this.operations.begin(document.id, () => {
      this.arm.azure.change(() => {
        for (const each of [...inside, document]) remove(this.arm, each);
      });
    });
    // What nothing holds open is gone by now; azurerm waits ten seconds before it asks for an operation.
    if (!operation.open) return { status: 200 };
    return { status: 202, headers: operationHeaders(operation.name, type, request) };
  }

  private operation(kind: string, name: string): ArmAnswer {
    const operation = this.operations.get(name);
    if (!operation) throw new ArmFault(404, "OperationNotFound", `There is no operation '${name}'.`);
    if (kind.toLowerCase() === "operationstatuses") {
      const waiting = operation.status === "InProgress" ? { headers: { "retry-after": "0" } } : {};
      return { status: 200, body: { name, status: operation.status, ...operation.error?.body }, ...waiting };
    }
    if (operation.status === "InProgress") return { status: 202, headers: { "retry-after": "0" } };
    const result = operation.result();
    return result ? { status: 200, body: result } : { status: 204 };
  }
}
