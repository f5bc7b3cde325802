"""Which family of programs a User-Agent names, as coarse as its owner needs to recognise their own calendar."""

import re

# The first that fits. Safari's own line holds “Mac OS X”, so Apple is known by its fetching service alone
FAMILIES = {
    "google": re.compile(r"google-calendar|googlecalendar", re.IGNORECASE),
    "apple": re.compile(r"dataaccessd|calendaragent|^(?:ios|macos|ical)/", re.IGNORECASE),
    "outlook": re.compile(r"microsoft|ms-?office|outlook|exchange", re.IGNORECASE),
    "thunderbird": re.compile(r"thunderbird|\blightning/", re.IGNORECASE),
    "android": re.compile(r"icsx5|davx5|etar", re.IGNORECASE),
}
BROWSER = re.compile(r"^(?:mozilla|opera)/", re.IGNORECASE)


def family(agent: str) -> str:
    """The name of the family, `other` for a program nobody knows, empty for a browser: whoever looks is no calendar."""
    found = next((name for name, pattern in FAMILIES.items() if pattern.search(agent)), "")
    return found or ("" if BROWSER.search(agent) else "other")
