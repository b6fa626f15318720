"""What Schemathesis cannot know of a desk: credentials, and numbers that exist."""

import itertools
import os

import schemathesis

calls = itertools.count(1)
NUMBERS = {"ticket": "1", "ticketId": "1", "userId": "2", "queue": "1", "sender_name": "2", "type": "Payment"}


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
    if "/api/v1/" not in case.path and n % 8:
        case.body.update(user="susan", password="fido")
    if n % 2:
        case.body.update({name: NUMBERS[name] for name in case.body.keys() & NUMBERS.keys()})
