import { command, run } from "../frame/command";
import { prove } from "../proving/prove";

run(
  command({
    name: "npm run prove --",
    description:
      "Computes from the synthesized stacks who reaches whom, under which name and with which right, and checks what is claimed of it. Exit code 1: something does not hold. Exit code 2: something is not modelled, and nothing is proved.",
    examples: [
      ["npm run prove", "every rule and claim on cdktf.out (npm run synth makes it)"],
      ["npm run prove -- --matrix", "who reaches whom, through what; and what cannot, by what"],
      [
        "npm run prove -- --from eastus2/spoke-vnet/workload-subnet --to lockdown-pc.servicebus.windows.net --port 5671",
        "one way, stage by stage",
      ],
      ["npm run prove -- --against ../main/cdktf.out", "what changes in ways, names and rights"],
      ["npm run prove -- --plan plan.json --claims flows.json", "another configuration, from terraform show -json"],
    ],
  })
    .option("--stacks <folder>", "the folder that was synthesized to (default: CDKTF_OUTDIR, else cdktf.out)")
    .option("--plan <files...>", "plans as terraform show -json writes them, in place of stacks")
    .option("--claims <file>", "flows that are declared, as JSON (default: the topology beside the stacks)")
    .option("--suppressions <file>", "findings that do not count, each with a reason (default: suppressions.json)")
    .option("--matrix", "print the matrix, and nothing else")
    .option("--from <place>", "trace one way: from a place, a part of its name, or an address")
    .option("--to <host>", "to a name, or an address")
    .option("--port <number>", "on a port")
    .option("--protocol <name>", "tcp or udp", "tcp")
    .option("--failed-over", "with --from: as it is after each pair has failed over")
    .option("--against <folder>", "print what these stacks change against others, and nothing else")
    .option("--sarif <file>", "write the findings as SARIF 2.1.0")
    .option("--html <file>", "write findings, drawing, ways and traces as one page")
    .option("--json", "print the result as JSON, and nothing else")
    .action(prove),
);
