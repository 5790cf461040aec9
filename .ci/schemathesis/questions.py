"""Values of the scalars of the GraphQL schema, and what must hold of every answer, whatever was asked.

An answer of GraphQL tells of malformed questions under `errors`, which schemathesis takes for faults of the server: so what
is checked here is the registry's own promise. No question is a fault: each is answered by HTTP without a server error, and
each error has a code of the catalogue other than INTERNAL.
"""

import re

import schemathesis
from graphql import parse_value
from hypothesis import strategies as some

date = some.dates().map(lambda day: f'"{day.isoformat()}"')
instant = some.datetimes().map(lambda at: f'"{at.isoformat()}Z"')
whole = some.integers(min_value=-(2**70), max_value=2**70)
decimal = whole.map(str) | some.decimals(allow_nan=False, allow_infinity=False).map(lambda number: f'"{number:f}"')
ordinate = some.floats(allow_nan=False, allow_infinity=False, min_value=-1e6, max_value=1e6)
point = some.builds("{{ type: \"Point\", coordinates: [{}, {}] }}".format, ordinate, ordinate)
ring = some.lists(some.builds("[{}, {}]".format, ordinate, ordinate), max_size=6).map(", ".join)
polygon = ring.map(lambda ring: f'{{ type: "Polygon", coordinates: [[{ring}]] }}')
json = some.sampled_from(["null", "1", '"text"', "[]", "{}", '{ a: [1, "b", { c: null }] }'])

STRATEGIES = {
    "Date": date,
    "DateTime": instant,
    "Decimal": decimal,
    "GeoJSON": point | polygon | json,
    "JSON": json,
    "Seq": whole.map(lambda number: f'"{number}"'),
}
for name, values in STRATEGIES.items():
    schemathesis.graphql.scalar(name, values.map(parse_value))

CODE = re.compile(r"[A-Z][A-Z0-9_]+")


@schemathesis.check
def no_question_is_a_fault(context, response, case):
    assert response.status_code < 500, f"answered {response.status_code}"
    for error in response.json().get("errors") or []:
        code = error.get("extensions", {}).get("code", "")
        assert CODE.fullmatch(code) and code != "INTERNAL", f"{code or 'no code'}: {error['message']}"
