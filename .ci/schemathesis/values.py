"""What schemathesis cannot know of the registry's formats: reference systems, instants, boxes and filters that are well formed.

Only what a description in OpenAPI cannot say stands here: that the south of a box lies below its north, that ordinates lie
where their system is defined, and the grammar of CQL2 text. Nothing is left out of what is checked.
"""

import math

import schemathesis
from hypothesis import strategies as some

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
# By system: the least and the greatest of the first and of the second ordinate about the demo zone.
ABOUT = {
    CRS84: ((119.7, 120.1), (29.3, 29.6)),
    EPSG + "4326": ((29.3, 29.6), (119.7, 120.1)),
    EPSG + "4490": ((29.3, 29.6), (119.7, 120.1)),
    EPSG + "4549": ((3245000.0, 3275000.0), (480000.0, 510000.0)),
}

instants = some.datetimes().map(lambda at: at.isoformat() + "Z") | some.just("2026-01-01T00:00:00+08:00")


@some.composite
def intervals(draw):
    begins, ends = sorted([draw(some.datetimes()), draw(some.datetimes())])
    sides = [draw(some.sampled_from([at.isoformat() + "Z", ".."])) for at in (begins, ends)]
    return "/".join(sides)


def quoted(text):
    return "'" + text.replace("'", "''") + "'"


texts = some.text(some.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=8).map(quoted)
columns = some.sampled_from(["code", "district"])
leaves = some.one_of(
    some.builds("{} {} {}".format, columns, some.sampled_from(["=", "<>", "<", ">", "<=", ">="]), texts),
    some.builds("{} IS {}NULL".format, columns, some.sampled_from(["", "NOT "])),
    some.builds("{} IN ({})".format, columns, some.lists(texts, min_size=1, max_size=3).map(", ".join)),
    some.builds("S_INTERSECTS(geometry, POINT({} {}))".format, some.floats(119.7, 120.1), some.floats(29.3, 29.6)),
)
filters = some.recursive(
    leaves,
    lambda part: some.one_of(
        some.builds("NOT ({})".format, part),
        some.builds("({}) {} ({})".format, part, some.sampled_from(["AND", "OR"]), part),
    ),
    max_leaves=6,
)

schemathesis.openapi.format("crs", some.sampled_from(sorted(ABOUT)))
schemathesis.openapi.format("instant-or-interval", instants | intervals())
schemathesis.openapi.format("cql2-text", filters)


def within(number, least, most):
    return least + math.fabs(math.fmod(number, 1.0)) * (most - least)


def numbers(box):
    """The numbers of a box as it is generated or as it is sent; none where it is no list of them."""
    try:
        parts = box.split(",") if isinstance(box, str) else box
        found = [float(part) for part in parts if not isinstance(part, bool)]
    except (TypeError, ValueError):
        return None
    return found if len(found) == len(parts) and len(found) in (4, 6) else None


def about(box, system):
    """A box of as many numbers where its system is defined."""
    middle, sides = len(box) // 2, ABOUT[system]
    first = sorted(within(box[place], *sides[0]) for place in (0, middle))
    second = sorted(within(box[place], *sides[1]) for place in (1, middle + 1))
    return [first[0], second[0], *box[2:middle], first[1], second[1], *box[middle + 2 :]]


@schemathesis.hook
def before_call(context, case, kwargs):
    """Moves a box of numbers to where its system is defined, and shapes of a filter to longitude and latitude."""
    query = case.query or {}
    box, system = numbers(query.get("bbox")), query.get("bbox-crs", CRS84)
    if box and system in ABOUT:
        moved = about(box, system)
        query["bbox"] = ",".join(map(repr, moved)) if isinstance(query["bbox"], str) else moved
    if "S_INTERSECTS" in str(query.get("filter", "")) and query.get("filter-crs") in ABOUT:
        query["filter-crs"] = CRS84
