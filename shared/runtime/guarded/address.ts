import { isIP } from "node:net";
import ipaddr from "ipaddr.js";

/** What IANA has given out for the whole Internet (https://www.iana.org/assignments/ipv6-address-space); the rest of IPv6 is special or nobody's. */
const GLOBAL_UNICAST = ipaddr.parseCIDR("2000::/3");

/**
 * Whether an IP address, as a resolver writes it, is one of the public Internet. False for all of IANA's special-purpose addresses
 * (https://www.iana.org/assignments/iana-ipv4-special-registry, iana-ipv6-special-registry): loopback, private, link-local with its
 * metadata services, carrier-grade NAT, benchmarking, multicast, broadcast, and every kind of IPv6 that carries an IPv4 address inside
 * (mapped, compatible, NAT64, 6to4, Teredo). False for what is no IP address.
 */
export const isPublic = (address: string): boolean => {
  switch (isIP(address)) {
    case 4:
      return ipaddr.IPv4.parse(address).range() === "unicast";
    case 6: {
      const ip = ipaddr.IPv6.parse(address);
      return ip.range() === "unicast" && ip.match(GLOBAL_UNICAST);
    }
    default:
      return false;
  }
};
