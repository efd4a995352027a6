import type { LookupAddress } from "node:dns";
import { lookup } from "node:dns/promises";
import { isIP, type LookupFunction } from "node:net";
import { isPublic } from "./address.ts";

/** All addresses of a host's name; rejects when there are none. */
export type Resolve = (host: string) => Promise<readonly Pick<LookupAddress, "address">[]>;

/** As the machine resolves names (getaddrinfo). */
export const systemResolve: Resolve = (host) => lookup(host, { all: true });

/** A name, or the address itself, is not of the public Internet. */
export class NotPublic extends Error {
  override name = "NotPublic";
}

/**
 * The look-up that a connection is made with: the name is resolved once, and the connection goes to what was checked, so a name
 * that says something else a moment later (DNS rebinding) gains nothing. One address that is not public among many refuses the name:
 * Node would try them in turn. `guarded: false` leaves out the check, and nothing else.
 */
export const guardedLookup = (resolve: Resolve, guarded = true): LookupFunction => {
  const checked = async (host: string): Promise<LookupAddress[]> => {
    const found = await resolve(host);
    if (guarded && !found.every(({ address }) => isPublic(address))) throw new NotPublic();
    return found.map(({ address }) => ({ address, family: isIP(address) }));
  };
  return (host, { all }, callback) => {
    const give = (addresses: LookupAddress[]): void => {
      const [first] = addresses;
      if (!first) callback(Object.assign(new Error("There is no address."), { code: "ENOTFOUND" }), []);
      else if (all) callback(null, addresses);
      else callback(null, first.address, first.family);
    };
    const fail = (error: Error): void => callback(error, []);
    checked(host).then(give, fail);
  };
};
