// Hosts on the Internet: they answer everything that is sent to them.
const net = require("node:net");

for (const port of process.argv.slice(2).map(Number))
  net
    .createServer((client) => {
      client.on("error", () => client.destroy());
      client.on("data", () => client.end("an answer"));
    })
    .listen(port, "0.0.0.0");
