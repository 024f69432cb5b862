"""Does a car fit a description such as "Golf VI, engine CBDC, 2009 to 2012"?

Plain Python, no ORM: vehicle types, conditions of packages, plans and rates all ask
here, so that they never disagree.

What a description does not say does not matter. What it says must be known of the car
and agree: an unknown attribute of the car never counts as a match. There are two
exceptions. The K-type is the number of a vehicle type in the parts catalogues: who has
the same number has the same make, model, body, engine size and power, known or not.
And who has the same engine code has an engine of the same size, power and fuel.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

#: Points of an attribute that agrees; more means a more specific description.
POINTS = {
    "ktype": 100,
    "engine_code": 32,
    "model_id": 16,
    "generation": 8,
    "power": 5,
    "capacity": 4,
    "transmission": 4,
    "drive": 3,
    "body": 3,
    "fuel_type": 2,
    "year": 2,
    "brand_id": 1,
    "category_id": 1,
}
#: Catalogues round horsepower to kilowatts in both directions.
POWER_TOLERANCE = 0.6
#: What an engine code settles: who has the engine has its size, power and fuel, known
#: or not, and whatever was typed in for the engine before.
SETTLED_BY_ENGINE = ("capacity", "power", "fuel_type")
#: What a K-type does not settle: it lists several engine codes, and both gearboxes.
OPEN_IN_KTYPE = ("engine_code", "transmission")
EQUAL = ("brand_id", "model_id", "category_id")
WORDS = ("fuel_type", "transmission", "drive", "body")


@dataclass(frozen=True, slots=True)
class Match:
    """How a description fits a car.

    :ivar fits: whether it is for this car
    :ivar level: ``exact`` (K-type, or model and something more specific), ``model``
        (model alone, or engine code without model) or ``class`` (everything else)
    :ivar score: the higher, the more specific; compares descriptions of one level
    :ivar missing: what the description asks for and nobody knows of the car. Only a
        common K-type lets a description fit all the same
    :ivar differing: what is known of the car and different
    """

    fits: bool
    level: str
    score: int
    missing: tuple[str, ...] = ()
    differing: tuple[str, ...] = ()


def split_codes(text):
    """Engine codes in a text, in capital letters and digits only.

    :param text: ``"bkc, BXE/BLS"``, or nothing
    :return: tuple without repetitions, in the order of the text
    """
    codes = (_plain(word) for word in re.split(r"[\s,;/|]+", str(text or "")))
    return tuple(dict.fromkeys(code for code in codes if code))


def engine_key(text):
    """Engine codes as one text that a database searches: ``|BKC|BXE|``.

    :return: string, False when there is no code
    """
    codes = split_codes(text)
    return f"|{'|'.join(codes)}|" if codes else False


def match(conditions: Mapping, car: Mapping) -> Match:
    """Hold a description against a car.

    :param conditions: ``ktype, brand_id, model_id, generation, engine_code``,
        ``capacity_from, capacity_to`` (cubic centimetres), ``power_from, power_to``
        (kW), ``fuel_type, transmission, drive, body, category_id, year_from, year_to``;
        what is left out or empty does not matter
    :param car: the same names without ranges (``capacity, power, year``)
    """
    results = _compare(conditions, car)
    same_type = results.get("ktype") is True
    missing, differing = _settle(results, same_type)
    met = [name for name, result in results.items() if result is True]
    # Through the engine code a type of the catalogue fits a car without a number.
    if "ktype" in missing and "engine_code" in met:
        missing = tuple(name for name in missing if name != "ktype")
        del results["ktype"]
    blocking = [name for name in missing if not same_type or name == "transmission"]
    return Match(
        fits=not blocking and not differing,
        level=_get_level(results),
        score=sum(POINTS[name] for name in met),
        missing=missing,
        differing=differing,
    )


def _compare(conditions, car):
    """Outcome of every attribute that the description gives.

    :return: dict name -> True (agrees), False (differs) or None (unknown of the car)
    """
    results = {"ktype": _equal(conditions.get("ktype"), car.get("ktype"))}
    for name in EQUAL + WORDS:
        results[name] = _same(conditions.get(name), car.get(name))
    results["generation"] = _equal(conditions.get("generation"), car.get("generation"))
    results["engine_code"] = _any_code(
        conditions.get("engine_code"), car.get("engine_code")
    )
    for name, tolerance in (("capacity", 0), ("power", POWER_TOLERANCE), ("year", 0)):
        results[name] = _within(
            conditions.get(f"{name}_from"),
            conditions.get(f"{name}_to"),
            car.get(name),
            tolerance,
        )
    return {name: result for name, result in results.items() if result != "any"}


def _settle(results, same_type):
    """What is missing and what differs; a common K-type settles most of it.

    A common engine code settles what belongs to the engine.
    """
    settled = SETTLED_BY_ENGINE if results.get("engine_code") is True else ()
    counts = {
        name: result
        for name, result in results.items()
        if (not same_type or name in OPEN_IN_KTYPE) and name not in settled
    }
    return (
        tuple(name for name, result in counts.items() if result is None),
        tuple(name for name, result in counts.items() if result is False),
    )


def _get_level(results):
    """Level of a description by what it asks for, not by what was found."""
    if "ktype" in results:
        return "exact"
    if "model_id" not in results:
        return "model" if "engine_code" in results else "class"
    specific = results.keys() - {"brand_id", "model_id", "category_id"}
    return "exact" if specific else "model"


def _plain(value):
    return "".join(char for char in str(value).upper() if char.isalnum())


def _same(wanted, found):
    if not wanted:
        return "any"
    return wanted == found if found else None


def _equal(wanted, found):
    return _same(_plain(wanted or ""), _plain(found or ""))


def _any_code(wanted, found):
    wanted, found = set(split_codes(wanted)), set(split_codes(found))
    if not wanted:
        return "any"
    return bool(wanted & found) if found else None


def _within(start, stop, value, tolerance):
    if not start and not stop:
        return "any"
    if not value:
        return None
    return (not start or value >= start - tolerance) and (
        not stop or value <= stop + tolerance
    )


def format_name(values: Mapping, labels: Mapping) -> str:
    """Short name of a vehicle type: "Škoda Octavia 1Z 2.0 l CBDC 81 kW 2009–2012".

    :param values: conditions as for :func:`match`, with ``brand`` and ``model`` names
    :param labels: word of each value of a selection (``{"diesel": "Diesel"}``)
    :return: string, empty when nothing is given
    """
    parts = [values.get("brand"), values.get("model"), values.get("generation")]
    parts.append(_range(values, "capacity", lambda ccm: f"{ccm / 1000:.1f}", " l"))
    parts.append(values.get("engine_code"))
    parts.append(_range(values, "power", lambda power: f"{power:.0f}", " kW"))
    parts += [labels.get(values.get(name)) for name in WORDS]
    parts.append(_range(values, "year", str, ""))
    if values.get("ktype") and not values.get("model"):
        parts.append(f"K-type {values['ktype']}")
    return " ".join(str(part) for part in parts if part)


def _range(values, name, form, unit):
    start, stop = values.get(f"{name}_from"), values.get(f"{name}_to")
    if not start and not stop:
        return ""
    texts = [form(value) if value else "" for value in (start, stop)]
    return (texts[0] if texts[0] == texts[1] else "–".join(texts)) + unit
