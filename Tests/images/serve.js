#!/usr/bin/node
// A web server of one page, with the option of the package of the same name: serve -l PORT.
const port = Number(process.argv[process.argv.indexOf("-l") + 1]);
require("http")
  .createServer((_, answer) => answer.end("storefront\n"))
  .listen(port);
process.on("SIGTERM", () => process.exit(0));
