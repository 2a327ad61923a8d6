import { Intervals } from "../packets/intervals";
import { servicesText, tcp } from "../packets/services";
import { ask, type Reply } from "../reach/ask";
import type { Step, Verdict } from "../reach/flight";
import type { Reach } from "../reach/reach";
import { answerText, type Asked, askedBy } from "./names";

/** What comes of connecting from a place to a name: the answer for the name, the way, and the switches of the resource at its end. */
export interface Connection {
  readonly from: string;
  readonly name: string;
  readonly isAfterFailover: boolean;
  readonly answer: string;
  readonly verdict: Verdict;
  /** `tcp 443, 5671`: the ports for which this is so. */
  readonly services: string;
  readonly steps: readonly Step[];
}

/** Every place with every name of the stacks, on each port that is listened on. Ports of one verdict and one reason are together. */
export function connectionsOf(reach: Reach): Connection[] {
  const asking = reach.places.filter(({ kind }) => kind !== "network" && kind !== "beyond" && kind !== "on-premises");
  return askedBy(asking, reach).flatMap((asked) => connectionsTo(asked, reach));
}

function connectionsTo({ place, name, ports, aliases, isAfterFailover }: Asked, reach: Reach): Connection[] {
  const groups = new Map<string, { reply: Reply; ports: number[] }>();
  for (const port of ports) {
    const reply = ask(reach, { place, to: name, service: tcp(port), aliases });
    const last = reply.steps.at(-1);
    const key = JSON.stringify([reply.verdict, last?.by, last?.why]);
    const group = groups.get(key) ?? { reply, ports: [] };
    group.ports.push(port);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ reply, ports: some }) => ({
    from: place.name,
    name,
    isAfterFailover,
    answer: reply.answer ? answerText(reply.answer) : name,
    verdict: reply.verdict,
    services: servicesText(Intervals.union(some.map((port) => tcp(port)))),
    steps: reply.steps,
  }));
}
