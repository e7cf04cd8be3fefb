"""Every question to Shopify is one that the Admin API of that version understands."""

from __future__ import annotations

import gzip
import json
from functools import cache
from pathlib import Path

import pytest
from graphql import (
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    NoDeprecatedCustomRule,
    build_client_schema,
    parse,
    validate,
)

from app.platforms.shopify_query import QUERIES, VERSION, query
from tests.support.shared_data import shared_data
from tests.support.shopify_server import schema as played_schema


@cache
def admin_schema() -> GraphQLSchema:
    """The whole Admin API; skips where it is not there."""
    file = shared_data("contracts") / f"admin_{VERSION}.json.gz"
    told = json.loads(gzip.decompress(Path(file).read_bytes()))
    # The library of today refuses a deprecated field of an interface; what is asked is checked.
    return build_client_schema(told["data"], assume_valid=True)


@pytest.mark.parametrize("name", QUERIES)
def test_a_question_is_valid_and_asks_for_nothing_deprecated(name: str):
    document = parse(query(name))
    assert validate(admin_schema(), document) == []
    assert validate(admin_schema(), document, [NoDeprecatedCustomRule]) == []


@pytest.mark.parametrize("name", QUERIES)
def test_the_played_shop_understands_it_as_well(name: str):
    assert validate(played_schema(), parse(query(name))) == []


def test_the_played_schema_is_a_part_of_the_whole():
    """Each type and field of it has the name, the type and the arguments of the real one."""
    whole = admin_schema()
    wrong = []
    for name, mine in played_schema().type_map.items():
        if name.startswith("__"):
            continue
        real = whole.type_map.get(name)
        if real is None:
            wrong.append(name)
        elif isinstance(mine, GraphQLObjectType | GraphQLInterfaceType):
            wrong += _differences(mine, real)
    assert wrong == []


def _differences(
    mine: GraphQLObjectType | GraphQLInterfaceType, real: GraphQLNamedType
) -> list[str]:
    assert isinstance(real, GraphQLObjectType | GraphQLInterfaceType)
    return [
        f"{mine.name}.{name}: {field.type} is {real.fields[name].type}"
        for name, field in mine.fields.items()
        if str(field.type) != str(real.fields[name].type)
        or not set(field.args) <= set(real.fields[name].args)
    ]
