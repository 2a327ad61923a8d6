import { type Body, bodyOf, propertiesOf, stringOf } from "../../azure/document";
import type { ArmAnswer, ArmRequest } from "../../resource-manager/arm/exchange";
import { ArmFault } from "../../resource-manager/arm/fault";
import { ServiceBusFault, STATUS } from "../errors";
import type { RulesAtRunTime } from "../amqp/managed";
import type { RuleDefinition } from "../../azure/messaging";
import { demandReadable } from "../subscription-rules";
import { descriptionIn, type Entry, entryXml, errorXml, feedXml, type Shown } from "./atom";
import { descriptionOf, type EntityKind, forwardsIn, propertiesFrom } from "./descriptions";
import { ruleDescription, ruleFrom } from "./rule-descriptions";

const API_VERSION = new URLSearchParams({ "api-version": "2024-01-01" });
/** How many are listed at once. */
const PAGE = 100;

export interface AdministrationRequest {
  readonly method: string;
  /** Without a slash at its beginning: `queue1`. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Whether it changes what there is: the header If-Match. */
  readonly isUpdate: boolean;
  readonly body: string;
  /** `https://<host>` */
  readonly origin: string;
}

export interface AdministrationAnswer {
  readonly status: number;
  readonly body: string;
}

export interface AdministrationProps {
  /** The namespace's name and ARM id. */
  readonly name: string;
  readonly id: string;
  readonly rules: RulesAtRunTime;
  /** Resource Manager: what it refuses is refused here. @throws ArmFault */
  readonly manage: (request: ArmRequest) => ArmAnswer;
}

/** A queue, a topic or a subscription, where Resource Manager has it, and where the API does. */
interface Target {
  readonly kind: EntityKind;
  readonly id: string;
  readonly path: string;
  readonly title: string;
}

/**
 * Service Bus' management API, which `ServiceBusAdministrationClient` speaks (learn.microsoft.com/rest/api/servicebus/entities): the same entities as Resource Manager's, in Atom.
 */
export class Administration {
  /** Keys of an entity: kept as they were written. They open nothing, because SAS is refused. */
  private readonly authorizationRules = new Map<string, unknown>();
  /** What an entity forwards to, as it was written: with `sb://` or `https://`. */
  private readonly forwards = new Map<string, readonly string[]>();

  constructor(private readonly props: AdministrationProps) {}

  handle(request: AdministrationRequest): AdministrationAnswer {
    try {
      return this.answer(request);
    } catch (error) {
      if (error instanceof ArmFault) return refusal(error.status, error.message);
      if (error instanceof ServiceBusFault) return refusal(STATUS[error.condition], error.description);
      throw error;
    }
  }

  private answer(request: AdministrationRequest): AdministrationAnswer {
    const parts = request.path.split("/").filter((part) => part !== "");
    const [first = "", second, third, fourth, fifth] = parts;
    const listed = parts.length <= 2 ? /^\$Resources$/i.test(first) : false;
    if (/^\$namespaceinfo$/i.test(first)) return this.namespaceInfo(request);
    if (listed) {
      if (/^queues$/i.test(second ?? "")) return this.list(request, "queues", "QueueDescription", "");
      if (/^topics$/i.test(second ?? "")) return this.list(request, "topics", "TopicDescription", "");
    }
    if (/^subscriptions$/i.test(second ?? "") && first !== "") {
      if (third === undefined) {
        return this.list(
          request,
          `topics/${first}/subscriptions`,
          "SubscriptionDescription",
          `${first}/Subscriptions/`,
        );
      }
      if (/^rules$/i.test(fourth ?? "")) return this.rule(request, `${first}/Subscriptions/${third}`, fifth);
      if (fourth === undefined) return this.entity(request, this.subscription(first, third));
    }
    if (parts.length > 1 && !first.startsWith("$"))
      return refusal(400, `Names with slashes are not served here: '${request.path}'.`);
    if (first !== "" && !first.startsWith("$")) return this.named(request, first);
    return refusal(404, `There is nothing at '${request.path}'.`);
  }

  private subscription(topic: string, name: string): Target {
    const path = `${topic}/Subscriptions/${name}`;
    const id = `${this.props.id}/topics/${topic}/subscriptions/${name}`;
    return { kind: "SubscriptionDescription", id, path, title: name };
  }

  /** A queue or a topic: their names are of one set. */
  private named(request: AdministrationRequest, name: string): AdministrationAnswer {
    const queue: Target = { kind: "QueueDescription", id: `${this.props.id}/queues/${name}`, path: name, title: name };
    const topic: Target = { kind: "TopicDescription", id: `${this.props.id}/topics/${name}`, path: name, title: name };
    if (request.method === "PUT")
      return this.entity(request, descriptionIn(request.body)?.kind === topic.kind ? topic : queue);
    return this.entity(request, this.found(topic.id, request) ? topic : queue);
  }

  private entity(request: AdministrationRequest, target: Target): AdministrationAnswer {
    const before = this.found(target.id, request);
    switch (request.method) {
      case "GET":
        // What is not there is an empty list.
        return before
          ? this.shown(200, target, before, request)
          : { status: 200, body: feedXml("Publicly Listed Services", [], this.shownBy(request)) };
      case "PUT":
        return this.put(request, target, before);
      case "DELETE":
        if (!before)
          return refusal(404, `The messaging entity '${this.props.name}:${target.path}' could not be found.`);
        this.managed("DELETE", target.id, request);
        this.authorizationRules.delete(target.id.toLowerCase());
        this.forwards.delete(target.id.toLowerCase());
        return { status: 200, body: "" };
      default:
        return refusal(405, `The method ${request.method} is not known.`);
    }
  }

  private put(request: AdministrationRequest, target: Target, before: Body | undefined): AdministrationAnswer {
    const given = descriptionIn(request.body);
    if (given?.kind !== target.kind) return refusal(400, `The request has no ${target.kind}.`);
    if (request.isUpdate && !before) {
      return refusal(404, `The messaging entity '${this.props.name}:${target.path}' could not be found.`);
    }
    if (!request.isUpdate && before) {
      return refusal(409, `SubCode=40900. Conflict. The messaging entity '${target.path}' already exists.`);
    }
    this.authorizationRules.set(target.id.toLowerCase(), given.description.AuthorizationRules);
    this.forwards.set(target.id.toLowerCase(), forwardsIn(given.description));
    const properties = propertiesFrom(target.kind, given.description);
    const rule = before ? undefined : defaultRuleIn(target, given.description);
    const after = this.managed("PUT", target.id, request, { properties });
    if (rule) this.props.rules.replace(target.path, rule);
    return this.shown(request.isUpdate ? 200 : 201, target, after, request);
  }

  private list(
    request: AdministrationRequest,
    collection: string,
    kind: EntityKind,
    prefix: string,
  ): AdministrationAnswer {
    if (request.method !== "GET") return refusal(405, `The method ${request.method} is not known.`);
    const { value } = this.managed("GET", `${this.props.id}/${collection}`, request) as { value?: readonly Body[] };
    const entries = (value ?? []).map((document) => {
      const title = stringOf(document, "name") ?? "";
      return this.entry({ kind, path: `${prefix}${title}`, title }, document, request);
    });
    return this.page(request, entries);
  }

  private page(request: AdministrationRequest, entries: readonly Entry[]): AdministrationAnswer {
    const skip = Number(request.query.get("$skip") ?? 0) || 0;
    const top = Math.min(PAGE, Number(request.query.get("$top") ?? PAGE) || PAGE);
    const next =
      skip + top < entries.length
        ? `${request.origin}/${request.path}?api-version=2021-05&$skip=${skip + top}&$top=${top}`
        : undefined;
    return { status: 200, body: feedXml(request.path, entries.slice(skip, skip + top), this.shownBy(request), next) };
  }

  private rule(request: AdministrationRequest, path: string, name: string | undefined): AdministrationAnswer {
    const { rules } = this.props;
    const listed = rules.list(path);
    const entryOf = (rule: (typeof listed)[number]): Entry => ({
      path: `${path}/Rules/${rule.name}`,
      title: rule.name,
      kind: "RuleDescription",
      description: ruleDescription(rule),
    });
    if (name === undefined) {
      if (request.method !== "GET") return refusal(405, `The method ${request.method} is not known.`);
      return this.page(request, listed.map(entryOf));
    }
    const before = listed.find((rule) => rule.name.toLowerCase() === name.toLowerCase());
    switch (request.method) {
      case "GET":
        return before
          ? { status: 200, body: entryXml(entryOf(before), this.shownBy(request)) }
          : { status: 200, body: feedXml("Publicly Listed Services", [], this.shownBy(request)) };
      case "DELETE":
        rules.remove(path, name);
        return { status: 200, body: "" };
      case "PUT": {
        const description = descriptionIn(request.body)?.description;
        const rule = description && ruleFrom(name, description);
        if (!rule) return refusal(400, "The request has no RuleDescription with a filter.");
        if (request.isUpdate) rules.replace(path, rule, [name]);
        else rules.add(path, rule);
        return { status: request.isUpdate ? 200 : 201, body: entryXml(entryOf(rule), this.shownBy(request)) };
      }
      default:
        return refusal(405, `The method ${request.method} is not known.`);
    }
  }

  private namespaceInfo(request: AdministrationRequest): AdministrationAnswer {
    const namespace = this.managed("GET", this.props.id, request);
    const { name, capacity } = bodyOf(namespace, "sku");
    const { createdAt, updatedAt } = propertiesOf(namespace);
    const description = {
      CreatedTime: createdAt ?? new Date(0).toISOString(),
      MessagingSKU: name ?? "Premium",
      ...(name === "Premium" ? { MessagingUnits: capacity ?? 1 } : {}),
      ModifiedTime: updatedAt ?? new Date(0).toISOString(),
      Name: this.props.name,
      NamespaceType: "Messaging",
    };
    const entry = { path: "$namespaceinfo", title: this.props.name, kind: "NamespaceInfo", description };
    return { status: 200, body: entryXml(entry, this.shownBy(request)) };
  }

  private found(id: string, request: AdministrationRequest): Body | undefined {
    try {
      return this.managed("GET", id, request);
    } catch (error) {
      if (error instanceof ArmFault && error.status === 404) return undefined;
      throw error;
    }
  }

  private managed(method: string, path: string, { origin }: AdministrationRequest, body: Body = {}): Body {
    return this.props.manage({ method, path, query: API_VERSION, body, origin }).body ?? {};
  }

  private shown(status: number, target: Target, document: Body, request: AdministrationRequest): AdministrationAnswer {
    return { status, body: entryXml(this.entry(target, document, request), this.shownBy(request)) };
  }

  private entry(target: Omit<Target, "id">, document: Body, { origin }: AdministrationRequest): Entry {
    const id = (stringOf(document, "id") ?? "").toLowerCase();
    const keys = this.authorizationRules.get(id);
    const shownAs = (name: string) =>
      this.forwards.get(id)?.find((written) => written.endsWith(`/${name}`)) ?? `${origin}/${name}`;
    return {
      ...target,
      description: {
        ...descriptionOf(target.kind, propertiesOf(document), shownAs),
        ...(keys === undefined ? {} : { AuthorizationRules: keys }),
      },
    };
  }

  private shownBy({ origin }: AdministrationRequest): Shown {
    return { origin, namespace: this.props.name };
  }
}

function refusal(status: number, detail: string): AdministrationAnswer {
  return { status, body: errorXml(status, detail) };
}

/** A new subscription may have another rule than the one that lets everything through. @throws ServiceBusFault where its SQL is not Service Bus' */
function defaultRuleIn(target: Target, description: Body): RuleDefinition | undefined {
  const given = bodyOf(description, "DefaultRuleDescription");
  if (target.kind !== "SubscriptionDescription" || Object.keys(given).length === 0) return undefined;
  const rule = ruleFrom(stringOf(given, "Name") ?? "$Default", given);
  if (rule) demandReadable(rule);
  return rule;
}
