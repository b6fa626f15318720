"""What Schemathesis cannot know of a desk: credentials, and numbers that exist."""

import itertools
import os

import schemathesis

calls = itertools.count(1)
CREDENTIALS = {"user": "susan", "password": "fido"}
NUMBERS = {"ticket": "1", "ticketId": "1", "userId": "2", "queue": "1", "sender_name": "2", "type": "Payment"}


def is_usable(name, value):
    """What is wrong must stay wrong."""
    if name in ("user", "password", "type", "sender_name"):
        return isinstance(value, str) and value.strip() != "" and len(value) <= 200
    if isinstance(value, str):
        return value.isdecimal() and len(value) <= 9
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value < 10**9


@schemathesis.hook
def before_call(context, case, kwargs):
    n = next(calls)
    # Each call comes from an address of its own, so that wrong credentials do not shut out the right ones.
    case.headers = case.headers if case.headers is not None else {}
    case.headers["X-Forwarded-For"] = f"10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}"
    # A case that has no credentials is to be refused; any others become the right ones.
    if "Authorization" in case.headers:
        case.headers["Authorization"] = os.environ["TEST_AUTHORIZATION"]
    if not isinstance(case.body, dict):
        return
    known = {**(CREDENTIALS if n % 8 else {}), **(NUMBERS if n % 2 else {})}
    case.body.update({name: known[name] for name in case.body.keys() & known.keys() if is_usable(name, case.body[name])})
