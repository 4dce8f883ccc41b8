"""Which network addresses count as one sender."""

from __future__ import annotations

import ipaddress


def sender_of(address: str) -> str:
    """What to count an address under: with IPv6 its /64, of which one connection has all (RFC 6177).

    >>> sender_of("192.0.2.1"), sender_of("2001:db8::1:2:3:4"), sender_of("::ffff:192.0.2.1")
    ('192.0.2.1', '2001:db8::/64', '192.0.2.1')
    """
    try:
        found = ipaddress.ip_address(address.split("%")[0])
    except ValueError:  # a local socket has none
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found, 64), strict=False))
