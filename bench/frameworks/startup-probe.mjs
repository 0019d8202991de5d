// Preloaded into a server: when it listens, tells how long the process has lived and what it holds, and ends it.
import net from "node:net";

const { listen } = net.Server.prototype;
net.Server.prototype.listen = function (...args) {
  this.once("listening", () => {
    const ms = performance.now();
    setImmediate(() => {
      process.stdout.write(`${JSON.stringify({ ms, rss: process.memoryUsage.rss() })}\n`);
      process.exit(0);
    });
  });
  return listen.apply(this, args);
};
