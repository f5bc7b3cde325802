"""Where a request comes from, coarse enough to count by."""

import ipaddress


def network_of(given: str) -> str:
    """The IPv4 address, or the first 64 bits of the IPv6 one: a visitor owns all addresses of such a network."""
    try:
        address = ipaddress.ip_address(given)
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is None:
        return str(ipaddress.ip_network((address, 64), strict=False).network_address)
    return given
