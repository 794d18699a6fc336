"""A JSON Schema of CSL-JSON, made of what citeproc's package holds of CSL 1.0.2: its item types and its variables.

The schema that the CSL project publishes for its JSON is in no package that is kept up (the only one that holds it
is of 2016, before software and event titles), so the words come from the schema of styles, and the shapes of names and
dates from the specification's appendices. Refuses every name that CSL does not know, as the published one does.
"""

from __future__ import annotations

import re
from importlib.resources import files
from typing import Any

from jsonschema import Draft202012Validator

_SCHEMAS = files("citeproc") / "data" / "schema" / "schemas" / "styles"
_TEXT = {"type": "string", "minLength": 1}
_NAME = {
    "type": "object",
    "properties": dict.fromkeys(
        ("family", "given", "dropping-particle", "non-dropping-particle", "suffix", "literal"), _TEXT
    ),
    "anyOf": [{"required": ["family"]}, {"required": ["given"]}, {"required": ["literal"]}],
    "additionalProperties": False,
}
_DATE = {
    "type": "object",
    "properties": {
        "date-parts": {
            "type": "array",
            "minItems": 1,
            "maxItems": 2,
            "items": {
                "type": "array",
                "prefixItems": [
                    {"type": "integer"},
                    {"type": "integer", "minimum": 1, "maximum": 12},
                    {"type": "integer", "minimum": 1, "maximum": 31},
                ],
                "minItems": 1,
                "items": False,
            },
        }
    },
    "required": ["date-parts"],
    "additionalProperties": False,
}


def csl_validator() -> Draft202012Validator:
    """Checks a whole file: an array of items."""
    variables = (_SCHEMAS / "csl-variables.rnc").read_text(encoding="utf-8")
    fields: dict[str, Any] = {}
    for kind in ("numbers", "strings", "titles"):  # numbers too as text: `12a` is one
        fields |= dict.fromkeys(_words(variables, f"variables.{kind}"), _TEXT)
    people = {"type": "array", "items": _NAME, "minItems": 1}
    fields |= dict.fromkeys(_words(variables, "variables.names"), people)
    fields |= dict.fromkeys(_words(variables, "variables.dates"), _DATE)
    types = _words((_SCHEMAS / "csl-types.rnc").read_text(encoding="utf-8"), "item-types")
    item = {
        "type": "object",
        "properties": {"id": _TEXT, "type": {"enum": types}} | fields,
        "required": ["id", "type"],
        "additionalProperties": False,
    }
    schema = {"type": "array", "items": item}
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def _words(grammar: str, name: str) -> list[str]:
    """The words of one definition of a RELAX NG grammar in its compact form."""
    found = re.search(rf"^\s*{re.escape(name)} =\n(.*?)(?=^\s*(?:[\w.-]+ =|}}|##))", grammar, re.MULTILINE | re.DOTALL)
    assert found, f"{name} is not defined"
    lines = [line for line in found[1].splitlines() if not line.strip().startswith(("#", "| #"))]
    return re.findall(r'"([\w-]+)"', "\n".join(lines))
