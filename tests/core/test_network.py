"""Where requests come from, as far as they are counted by it."""

import pytest

from core.network import network_of


@pytest.mark.parametrize(
    ("given", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2::9", "2001:db8:1:2::"),
        ("::ffff:203.0.113.7", "::ffff:203.0.113.7"),
        ("", "unknown"),
        ("203.0.113.7, 10.0.0.1", "unknown"),
    ],
)
def test_a_visitor_is_an_ipv4_address_or_an_ipv6_network(given: str, network: str) -> None:
    assert network_of(given) == network
