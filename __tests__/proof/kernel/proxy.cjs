// The application rules of a firewall, as it applies them: it takes the connection, reads for which host it is, and connects to that host or to none.
const { readFileSync } = require("node:fs");
const net = require("node:net");

const { rules, addresses, offset } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const number = (address) => address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
const fits = (pattern, host) => (pattern.startsWith("*.") ? host.endsWith(pattern.slice(1)) : pattern === host);

/** The server name of a TLS ClientHello; the Host header of an HTTP request. */
function hostIn(data) {
  if (data[0] !== 0x16) return /\r\nhost: *([^\r\n:]+)/i.exec(data.toString("latin1"))?.[1]?.toLowerCase();
  let at = 43;
  at += 1 + data[at];
  at += 2 + data.readUInt16BE(at);
  at += 1 + data[at];
  const end = at + 2 + data.readUInt16BE(at);
  at += 2;
  while (at + 4 <= end) {
    const [type, length] = [data.readUInt16BE(at), data.readUInt16BE(at + 2)];
    if (type === 0)
      return data
        .subarray(at + 9, at + 4 + length)
        .toString("latin1")
        .toLowerCase();
    at += 4 + length;
  }
  return undefined;
}

for (const port of new Set(rules.map((rule) => rule.port))) {
  net
    .createServer((client) => {
      client.on("error", () => client.destroy());
      client.once("data", (data) => {
        const host = hostIn(data) ?? "";
        const from = number(client.remoteAddress);
        const rule = rules.find(
          (each) =>
            each.port === port &&
            each.sources.some(([first, last]) => number(first) <= from && from <= number(last)) &&
            each.hosts.some((pattern) => fits(pattern, host)),
        );
        if (!rule?.allows || addresses[host] === undefined) return client.destroy();
        const upstream = net.connect(port, addresses[host], () => {
          upstream.write(data);
          client.pipe(upstream).pipe(client);
        });
        upstream.on("error", () => client.destroy());
        return undefined;
      });
    })
    .listen(offset + port, "0.0.0.0");
}
