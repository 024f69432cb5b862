"""A row of a supplier's file, checked and brought into the form of the database.

Plain Python, no ORM. A file of a million rows says the same few thousand things again
and again: each different operation, vehicle, time, validity and relation is judged
once and remembered, so that a row costs a few look-ups.
"""

import datetime
import re
from collections import namedtuple
from operator import itemgetter

from .labour_unit import UnitError, parse_number, parse_unit, to_hours
from .plate import fold

Problem = namedtuple("Problem", "line field value code")

OPERATION = ("operation_code", "operation_name", "category", "labour_category")
VEHICLE = (
    *("ktype", "make", "model", "generation", "engine_code", "capacity", "power"),
    *("fuel", "transmission", "drive", "body", "years", "year_from", "year_to"),
)
TIME = ("hours", "value", "unit", "kind")
VALIDITY = ("valid_from", "valid_to")
RELATION = ("relation_kind", "related_code", "relation_hours", "condition")
FACETS = (OPERATION, VEHICLE, TIME, VALIDITY, RELATION)
JUDGES = ("operation", "vehicle", "time", "validity", "relation")
FIELDS = (*OPERATION, *TIME, *VEHICLE, *VALIDITY, *RELATION, "note")

#: Different operations, vehicles … that are remembered; beyond it they are worked out.
MAX_KNOWN = 500_000
#: An operation of more hours has its unit mistaken.
MAX_HOURS = 999
YEARS = range(1900, 2101)
KW_OF_HORSEPOWER = 0.73549875
NULL = "\\N"
#: What a good row says, as the table of an import has it.
COLUMNS = (
    *("line", "operation", "vehicle", "kind", "hours", "value", "unit"),
    *("valid_from", "valid_to", "relation", "other", "relation_hours"),
    *("condition", "note"),
)
NO_TIME = "\t".join([NULL] * 4)
NO_RELATION = "\t".join([NULL] * 4)

#: What is understood in the columns with few answers, folded; several languages.
WORDS = {
    "kind": {
        "standard": "standard std norm norma normal стандарт стандартная норма "
        "tavaline",
        "warranty": "warranty garantie гарантия гарантийная garantii garancia "
        "garancialis",
        "own": "own eigen eigene своя собственная oma sajat",
    },
    "fuel": {
        "diesel": "diesel d дизель дизельный дт diisel dizel gazolaj",
        "gasoline": "gasoline petrol benzin super otto g b p бензин bensiin benziin",
        "full_hybrid": "full_hybrid hybrid hev гибрид hubriid hibrid",
        "plug_in_hybrid_diesel": "plug_in_hybrid_diesel",
        "plug_in_hybrid_gasoline": "plug_in_hybrid_gasoline phev plugin plug-in",
        "cng": "cng erdgas метан maagaas",
        "lpg": "lpg autogas газ пропан gaas",
        "hydrogen": "hydrogen wasserstoff водород vesinik hidrogen",
        "electric": "electric ev bev e elektro electro электро elekter elektromos",
    },
    "transmission": {
        "manual": "manual mt schaltgetriebe schalter m мкпп механика ручная manuaal "
        "kasikaigukast kezi manualis",
        "automatic": "automatic automatik at dsg cvt a акпп автомат вариатор робот "
        "automaat automata",
    },
    "drive": {
        "front": "front fwd 2wd vorderrad frontantrieb передний esivedu elso "
        "elsokerekhajtas",
        "rear": "rear rwd hinterrad heckantrieb задний tagavedu hatso",
        "all": "all awd 4wd 4x4 allrad allradantrieb полный nelikvedu osszkerek",
    },
    "body": {
        "hatchback": "hatchback schragheck хэтчбек хетчбек luukpara ferdehatu",
        "saloon": "saloon sedan limousine седан sedaan szedan",
        "estate": "estate wagon kombi универсал universaal",
        "coupe": "coupe купе kupee kupe",
        "convertible": "convertible cabrio cabriolet кабриолет kabriolett kabrio",
        "mpv": "mpv van/mpv минивэн mahtuniversaal egyteru",
        "suv": "suv offroad off-road gelandewagen внедорожник кроссовер "
        "maastur terepjaro",
        "van": "van kastenwagen transporter фургон kaubik furgon",
        "pickup": "pickup pick-up пикап pikap",
        "chassis": "chassis fahrgestell шасси sassii alvaz",
        "bus": "bus автобус buss busz",
        "truck": "truck lorry lkw грузовик veok teherauto",
        "motorcycle": "motorcycle motorrad мотоцикл mootorratas motorkerekpar",
        "trailer": "trailer anhanger прицеп haagis potkocsi",
        "other": "other andere другой прочее muu egyeb",
    },
    "labour_category": {
        "mechanical": "mechanical mechanic mechanik m механика механический "
        "слесарные mehaanika mechanikai szerelo",
        "electrical": "electrical electric elektrik e электрика elekter elektromos",
        "diagnostics": "diagnostics diagnosis diagnose диагностика diagnostika",
        "tyres": "tyres tyre tires reifen шиномонтаж шины rehvid gumi",
        "body": "body karosserie b кузовные кузов kere karosszeria lakatos",
        "paint": "paint lack lackierung p малярные покраска окраска varvimine fenyezes",
        "other": "other andere sonstige прочее другое muu egyeb",
    },
    "relation_kind": {
        "includes": "includes include included contains enthalt включает включено "
        "sisaldab tartalmazza",
        "excludes": "excludes excluded exclude not_included nicht_enthalten исключает "
        "не_включает ei_sisalda nem_tartalmazza",
        "preliminary": "preliminary needs before vorarbeit предварительная требует "
        "eeltoo elozetes elomunka",
        "follow_up": "follow_up followup follow-up after folgearbeit последующая "
        "jareltoo utomunka",
        "combination": "combination combined kombination kombi совмещение совместно "
        "koos kombinacio",
        "additional": "additional extra zusatz zusatzarbeit дополнительно "
        "дополнительная lisatoo tobblet",
    },
}
LOOK_UP = {
    field: {fold(word): key for key, words in kinds.items() for word in words.split()}
    for field, kinds in WORDS.items()
}
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


class RowError(ValueError):
    """One cell that cannot be taken; ``code`` says why."""

    def __init__(self, field, value, code):
        super().__init__(f"{field}: {value!r} ({code})")
        self.field = field
        self.value = value
        self.code = code


# --- single cells


def parse_word(field, text):
    """Key of a selection, None for an empty cell."""
    word = "_".join(fold(text).split())
    if not word:
        return None
    found = LOOK_UP[field].get(word) or LOOK_UP[field].get(word.replace("_", ""))
    if not found and word in WORDS[field]:
        found = word
    if not found:
        raise RowError(field, text, field)
    return found


def parse_decimal(field, text, decimal=""):
    """Number in the notation of the file.

    :param str decimal: comma or dot; the other one groups thousands. Empty: guess
    """
    plain = text.strip()
    other = {",": ".", ".": ","}.get(decimal)
    # "0.75" in a file with decimal commas is not seven hundred and fifty.
    if other and re.fullmatch(rf"-?\d{{1,3}}(\{other}\d{{3}})+(\{decimal}\d*)?", plain):
        plain = plain.replace(other, "")
    try:
        if re.fullmatch(r"-?\d(\.\d+)?[eE]-?\d+", plain):
            return float(plain)
        return parse_number(plain)
    except UnitError as error:
        raise RowError(field, text, "number") from error


def parse_date(field, text):
    """Date written 2026-11-21, 21.11.2026, 21/11/2026, or Excel's number of days."""
    plain = text.strip().split(" ")[0].split("T")[0].rstrip(".")
    if not plain:
        return None
    try:
        if re.fullmatch(r"\d{5}(\.\d+)?", plain):
            return datetime.date(1899, 12, 30) + datetime.timedelta(int(float(plain)))
        numbers = [int(part) for part in re.split(r"[-./]", plain)]
        if len(numbers) != 3:
            raise RowError(field, text, "date")
        if numbers[0] < 100:
            numbers.reverse()
        if numbers[1] > 12 and "/" in plain:
            numbers[1], numbers[2] = numbers[2], numbers[1]
        if numbers[0] < 100:
            numbers[0] += 2000
        date = datetime.date(*numbers)
    except ValueError as error:
        raise RowError(field, text, "date") from error
    if date.year not in YEARS:
        raise RowError(field, text, "date")
    return date


def parse_range(field, text):
    """Numbers "from" and "to" of a text such as "1390-1598" or "77 kW"."""
    parts = re.findall(r"\d+(?:[.,]\d+)?", text.replace("\u00a0", " "))
    if not text.strip():
        return 0.0, 0.0
    rest = re.sub(r"\d+(?:[.,]\d+)?", "", text).strip().casefold()
    if not parts or len(parts) > 2 or text.strip().startswith("-") or len(rest) > 8:
        raise RowError(field, text, field)
    numbers = [float(part.replace(",", ".")) for part in parts]
    return numbers[0], numbers[-1]


def parse_capacity(text):
    """Cubic centimetres from and to; a value below 20 is in litres, rounded."""
    start, stop = parse_range("capacity", text)
    if stop and stop < 20:
        return round(start * 1000 - 50), round(stop * 1000 + 49)
    if stop > 100_000 or start > stop:
        raise RowError("capacity", text, "capacity")
    return round(start), round(stop)


def parse_power(text):
    """Kilowatts from and to; horsepower is converted."""
    start, stop = parse_range("power", text)
    if re.search(r"ps|hp|bhp|л\.?\s?с|hj|le\b|лс", text.casefold()):
        start, stop = (round(value * KW_OF_HORSEPOWER, 1) for value in (start, stop))
    if stop > 10_000 or start > stop:
        raise RowError("power", text, "power")
    return start, stop


def parse_year(field, text):
    """Year in a text such as "2004", "05/2004" or "2004.0"; 0 for an empty cell."""
    if not text.strip():
        return 0
    found = re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", text)
    if len(found) != 1:
        raise RowError(field, text, "year")
    return int(found[0])


def parse_years(text):
    """Years "from" and "to": "2004", "2004-2008", "2004-", "bis 2008" is refused."""
    if not text.strip():
        return 0, 0
    found = [int(y) for y in re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", text)]
    if len(found) == 2:
        return found[0], found[1]
    if len(found) != 1:
        raise RowError("years", text, "year")
    plain = text.strip()
    if plain[-1] in "-–—>+…":
        return found[0], 0
    return (0 if plain[0] in "-–—<…" else found[0]), found[0]


def clean(text):
    """Text with plain blanks, cut to what a line of a list can show."""
    return " ".join(text.split())[:250]


def escape(text):
    """Text for PostgreSQL's COPY, ``NULL`` when it is empty."""
    return text.translate(ESCAPES) if text else NULL


# --- rows


class RowParser:
    """Turns rows into lines for COPY, and tells what is wrong with the others.

    ``operations`` and ``vehicles`` number what the file speaks of; they may be given
    from an earlier part of the file. What came new is in ``new_operations`` and
    ``new_vehicles``, as pairs (number, values).

    :param list fields: meaning of each column, None for one that is left out
    :param str decimal: decimal sign, empty to guess for each number
    :param str unit: of values where the row says nothing
    :param str kind: of times where the row says nothing
    """

    def __init__(self, fields, decimal="", unit="h", kind="standard"):
        self.decimal = decimal
        self.unit = unit
        self.kind = kind
        self.width = len(fields)
        self.fields = fields
        self.operations, self.vehicles = {}, {}
        self.new_operations, self.new_vehicles = [], []
        self.problems = []
        self._note = fields.index("note") if "note" in fields else None
        self._parts, self._facets = [""] * len(FACETS), []
        self._known, self._names = [], []
        # Columns of the database that the file says nothing about are left out.
        has_more = any(name in fields for name in (*VALIDITY, *RELATION, "note"))
        self.columns = COLUMNS if has_more else COLUMNS[:7]
        self._has_more = has_more
        self._is_complete = True
        for number, names in enumerate(FACETS):
            self._add_facet(number, [name for name in names if name in fields])

    def _add_facet(self, number, names):
        """Read a facet from its columns; without any it is the same in each row."""
        self._known.append({})
        self._names.append(names)
        if not names:
            self._parts[number] = self._learn(number, ())
            self._is_complete &= self._parts[number] is not None
            return
        getter = itemgetter(*map(self.fields.index, names))
        self._facets.append((number, getter, self._known[number].get))

    def parse(self, line, row):
        """A line for COPY; None when the row is bad, which is then in ``problems``.

        What stands in it is in ``columns``.
        """
        if len(row) != self.width:
            if any(row[self.width :]):
                return self._refuse(line, "", row[self.width], "columns")
            row = row[: self.width] + [""] * (self.width - len(row))
        if not self._is_complete:
            return self._refuse_all(line, row)
        parts = self._parts[:]
        for number, getter, get_known in self._facets:
            part = get_known(getter(row))
            if part is None:
                part = self._learn(number, getter(row))
                if part is None:
                    return self._refuse_all(line, row)
            parts[number] = part
        if parts[2] == NO_TIME and parts[4] == NO_RELATION:
            return self._refuse_all(line, row)
        if not self._has_more:
            return f"{line}\t{parts[0]}\t{parts[1]}\t{parts[2]}\n"
        note = row[self._note] if self._note is not None else ""
        if "\ufffd" in note:
            return self._refuse(line, "note", note, "encoding")
        return f"{line}\t" + "\t".join(parts) + f"\t{escape(clean(note))}\n"

    def _learn(self, number, cells):
        """Text for COPY of cells that were not seen before; None when they are bad."""
        known = self._known[number]
        try:
            part = self._judge(number, cells if type(cells) is tuple else (cells,))
        except RowError:
            return None
        if len(known) < MAX_KNOWN:
            known[cells] = part
        return part

    def _judge(self, number, cells):
        """Text for COPY; called once for the same cells.

        :raise RowError: when they are bad
        """
        values = dict(zip(self._names[number], cells, strict=True))
        for name, value in values.items():
            if "\ufffd" in value:
                raise RowError(name, value, "encoding")
        judge = getattr(self, f"_judge_{JUDGES[number]}")
        return judge(*(values.get(name, "") for name in FACETS[number]))

    def _refuse_all(self, line, row):
        """Everything that is wrong with a row."""
        count = len(self.problems)
        for number, names in enumerate(self._names):
            try:
                self._judge(number, [row[self.fields.index(name)] for name in names])
            except RowError as error:
                self._refuse(line, error.field, error.value, error.code)
        if len(self.problems) == count:
            field = "value" if "value" in self.fields else "hours"
            self._refuse(line, field, "", "no_time")

    def _refuse(self, line, field, value, code):
        self.problems.append(Problem(line, field, value, code))

    # What a row is made of

    def _judge_operation(self, code, name, category, labour_category):
        labour_category = parse_word("labour_category", labour_category)
        code, name = clean(code), clean(name)
        if not code and not name:
            field = next((f for f in OPERATION if f in self.fields), "")
            raise RowError(field, "", "no_operation")
        return self._number_operation(code, name, clean(category), labour_category)

    def _number_operation(self, code, name="", category="", labour_category=None):
        key = code or f"\n{fold(name)}"
        number = self.operations.get(key)
        if number is None:
            number = self.operations[key] = len(self.operations) + 1
            values = (key, code, name, category, labour_category)
            self.new_operations.append((number, values))
        return str(number)

    def _judge_vehicle(self, *cells):
        values = dict(zip(VEHICLE, cells, strict=True))
        if values["model"].strip() and not values["make"].strip():
            raise RowError("make", values["model"], "make")
        texts = [clean(values[name]) for name in VEHICLE[:5]]
        texts[0] = re.sub(r"\.0$", "", texts[0])
        years = self._judge_years(values)
        vehicle = (
            *texts,
            *parse_capacity(values["capacity"]),
            *parse_power(values["power"]),
            *(parse_word(name, values[name]) for name in VEHICLE[7:11]),
            *years,
        )
        if not any(vehicle):
            return "0"
        number = self.vehicles.get(vehicle)
        if number is None:
            number = self.vehicles[vehicle] = len(self.vehicles) + 1
            self.new_vehicles.append((number, vehicle))
        return str(number)

    def _judge_years(self, values):
        start, stop = parse_years(values["years"])
        text = values["year_from"]
        if len(re.findall(r"(?:19|20)\d\d", text)) == 2:
            start, stop = parse_years(text)
        elif text.strip():
            start = parse_year("year_from", text)
        stop = parse_year("year_to", values["year_to"]) or stop
        if start and stop and start > stop:
            raise RowError("year_to" if values["year_to"] else "years", text, "order")
        return start, stop

    def _judge_time(self, hours, value, unit, kind):
        kind = parse_word("kind", kind) or self.kind
        field, text = ("hours", hours) if hours.strip() else ("value", value)
        text = text.strip()
        if not text:
            return NO_TIME
        if field == "hours" or re.search(r"[:a-zа-я]", text.casefold()):
            unit = "h"
        else:
            unit = self._parse_unit(unit)
        number = parse_decimal(field, text, self.decimal)
        if number < 0:
            raise RowError(field, text, "negative")
        worked = to_hours(number, unit)
        if worked <= 0:
            raise RowError(field, text, "zero")
        if worked > MAX_HOURS:
            raise RowError(field, text, "too_long")
        return f"{kind}\t{worked:.10g}\t{number:.10g}\t{unit}"

    def _parse_unit(self, text):
        if not text.strip():
            if not self.unit:
                raise RowError("unit", text, "unit_missing")
            return self.unit
        try:
            return parse_unit(text)
        except UnitError as error:
            if error.reason == "ambiguous":
                if self.unit in ("aw5", "aw6"):
                    return self.unit
                raise RowError("unit", text, "ambiguous") from error
            raise RowError("unit", text, "unit") from error

    def _judge_validity(self, valid_from, valid_to):
        start = parse_date("valid_from", valid_from)
        stop = parse_date("valid_to", valid_to)
        if start and stop and start > stop:
            raise RowError("valid_to", valid_to, "order")
        return f"{start or NULL}\t{stop or NULL}"

    def _judge_relation(self, kind, code, hours, condition):
        kind, code = parse_word("relation_kind", kind), clean(code)
        if not kind:
            if code:
                raise RowError("relation_kind", code, "no_relation_kind")
            return NO_RELATION
        if not code and kind != "additional":
            raise RowError("related_code", "", "no_related")
        number = self._judge_relation_hours(kind, hours)
        other = self._number_operation(code) if code and kind != "additional" else NULL
        return f"{kind}\t{other}\t{number or NULL}\t{escape(clean(condition))}"

    def _judge_relation_hours(self, kind, text):
        needed = kind in ("combination", "additional")
        if not text.strip():
            if needed:
                raise RowError("relation_hours", "", "no_relation_hours")
            return 0
        number = parse_decimal("relation_hours", text, self.decimal)
        if number < 0 or (needed and not number):
            raise RowError("relation_hours", text, "negative" if number else "zero")
        return number
