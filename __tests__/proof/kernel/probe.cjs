// Sends real packets, and prints what came back. One line a probe: its number and the result.
const dgram = require("node:dgram");
const { Resolver } = require("node:dns").promises;
const { readFileSync } = require("node:fs");
const net = require("node:net");
const { Duplex } = require("node:stream");
const tls = require("node:tls");

const PATIENCE = 2500;
const AGAIN = 700;
/** A question for the root's name servers: what a DNS server answers, and others ignore. */
const QUESTION = Buffer.from("12340100000100000000000000000200" + "01", "hex");

/** What a TLS client says first. */
function helloTo(host = "no-name.example.org") {
  const said = [];
  const wire = new Duplex({
    read: () => undefined,
    write: (chunk, _encoding, done) => {
      said.push(chunk);
      done();
    },
  });
  tls.connect({ socket: wire, servername: host }).on("error", () => undefined);
  return new Promise((resolve) => setImmediate(() => resolve(Buffer.concat(said))));
}

function requestTo(host = "no-name.example.org") {
  return Promise.resolve(Buffer.from(`GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`));
}

function tcp({ address, port, host }) {
  return new Promise((resolve) => {
    const socket = net.connect(port, address);
    const done = (result) => {
      socket.destroy();
      resolve(result);
    };
    const timer = setTimeout(() => done("nothing"), PATIENCE);
    timer.unref();
    socket.on("error", ({ code }) => done(code === "ECONNREFUSED" ? "answered" : "nothing"));
    socket.on("close", () => done(socket.bytesRead > 0 ? "answered" : "nothing"));
    // A DNS server waits for a question; a proxy accepts every connection, and lets through what may pass.
    socket.on("connect", () => {
      if (port === 53) return done("answered");
      return (port === 443 ? helloTo(host) : requestTo(host)).then((first) => socket.write(first));
    });
    socket.on("data", () => done("answered"));
  });
}

function udp({ address, port }) {
  return new Promise((resolve) => {
    const socket = dgram.createSocket("udp4");
    const done = (result) => {
      clearInterval(again);
      socket.close();
      resolve(result);
    };
    const send = () => socket.send(QUESTION, () => undefined);
    const again = setInterval(send, AGAIN);
    const timer = setTimeout(() => done("nothing"), PATIENCE);
    socket.once("error", () => {
      clearTimeout(timer);
      done("answered");
    });
    socket.once("message", () => {
      clearTimeout(timer);
      done("answered");
    });
    socket.connect(port, address, send);
  });
}

async function name({ servers, host }) {
  const resolver = new Resolver({ timeout: PATIENCE, tries: 1 });
  resolver.setServers(servers);
  try {
    return (await resolver.resolve4(host)).join(" ");
  } catch ({ code }) {
    return code;
  }
}

const KINDS = { tcp, udp, name };

for (const probe of JSON.parse(readFileSync(process.argv[2], "utf8")))
  void KINDS[probe.kind](probe).then((result) => process.stdout.write(`${probe.number} ${result}\n`));
