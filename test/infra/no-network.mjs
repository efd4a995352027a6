// Preloaded (NODE_OPTIONS=--import) into everything that synthesis starts: whoever looks for the network is noted, and fails.
import { appendFileSync } from "node:fs";
import dns from "node:dns";
import net from "node:net";

const refuse = (what) => () => {
  appendFileSync(process.env.NETWORK_NOTES, `${process.argv[1]}: ${what}\n`);
  throw new Error(`There is no network here, and ${what} was asked for.`);
};
net.Socket.prototype.connect = refuse("a connection");
dns.lookup = refuse("a name");
dns.promises.lookup = refuse("a name");
