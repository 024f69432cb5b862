"""Requests and answers as they are on the wire: bracket arrays, PHP's JSON."""

import json
import re
from urllib.parse import parse_qsl

_KEY = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)\Z")
_PART = re.compile(r"\[([^\[\]]*)\]")
_NOT_FIXED = re.compile(r"[^0-9A-ZА-ЯЁ/]")


def parse_form(text):
    """Parameters of a query or a form, with ``a[0][b]=c`` as nested dicts.

    :param str text: percent-encoded
    :return: dict of name -> text or dict
    """
    return nest(parse_qsl(text, keep_blank_values=True))


def nest(pairs):
    """Names with brackets as nested dicts, as PHP reads them."""
    params = {}
    for name, value in pairs:
        match = _KEY.match(name)
        if match:
            put(params, [match[1], *_PART.findall(match[2])], value)
    return params


def put(params, path, value):
    for name in path[:-1]:
        name = name or str(len(params))
        if not isinstance(params.get(name), dict):
            params[name] = {}
        params = params[name]
    params[path[-1] or str(len(params))] = value


def rows(value):
    """Items of a bracket array or of a JSON list, in the order of their numbers."""
    if isinstance(value, list):
        return value
    if not isinstance(value, dict):
        return []
    return [value[key] for key in sorted(value, key=as_number)]


def as_number(text):
    return int(text) if str(text).isdigit() else 1_000_000


def fix_number(number):
    """``numberFix``: letters, digits and slashes only."""
    return _NOT_FIXED.sub("", str(number or "").upper())


def key_of(text):
    """A number or a brand as it is compared."""
    return fix_number(text).replace("/", "")


def dump(value):
    """JSON as PHP writes it: ``\\u0431`` and ``\\/``."""
    return json.dumps(value, ensure_ascii=True).replace("/", "\\/")


def keyed(value):
    """Lists of objects as objects with the keys "0", "1", …, on every level."""
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return {str(index): keyed(item) for index, item in enumerate(value)}
    if isinstance(value, list):
        return value
    if isinstance(value, dict):
        return {name: keyed(item) for name, item in value.items()}
    return value


def stringly(value):
    """All numbers as text, booleans as "0" and "1"."""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, int | float):
        return str(value) if isinstance(value, int) else f"{value:.2f}"
    if isinstance(value, list):
        return [stringly(item) for item in value]
    if isinstance(value, dict):
        return {name: stringly(item) for name, item in value.items()}
    return value


def digits(value):
    """Booleans as 0 and 1."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, list):
        return [digits(item) for item in value]
    if isinstance(value, dict):
        return {name: digits(item) for name, item in value.items()}
    return value
