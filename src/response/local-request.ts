/** Who may see the pages for developers: a browser on this machine that asked for this machine. */

/** Names that nobody can register (RFC 6761, RFC 6762, RFC 9476 and ICANN's .internal), and those without a dot. */
const NOBODYS = /^[^.]+$|\.(?:localhost|test|example|invalid|local|internal)$/;
const ADDRESS = /^(?:\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:.]+\])$/;

/** Tells whether an address is this machine's own; none belongs to a request that was made in this process. */
function isLoopback(address: string | undefined): boolean {
  return address === undefined || /^(?:::1|(?:::ffff:)?127(?:\.\d+){3})$/.test(address);
}

/**
 * Tells whether a request came from this machine and not from a stranger's page: such a page can let a
 * name of its own lead here (DNS rebinding), and would then read the answer.
 *
 * @param host the Host header
 */
export function isLocalRequest(address: string | undefined, host = "localhost"): boolean {
  const name = host.toLowerCase().replace(/:\d*$/, "");
  return isLoopback(address) && (NOBODYS.test(name) || ADDRESS.test(name));
}
