"""Which column of a supplier's file means what, guessed from its header.

Plain Python, no ORM. Headers are compared without case, accents, signs and units.
"""

import re

from .plate import fold

#: What a column may mean, with the headers that are understood, in English, German,
#: Russian, Estonian and Hungarian. Separated by commas.
SYNONYMS = {
    "operation_code": """code, operation code, op code, opcode, operation no, job code,
        labour code, labor code, operation number, repair code, aw number, aw nr,
        arbeitsnummer, arbeitsposition, ap nummer, arbeitscode, positionsnummer, apos,
        pos nr, код, код работы, код операции, код нормы, номер работы, артикул работы,
        too kood, operatsiooni kood, kood, munkakod, muvelet kod, muveletkod, kod,
        operation""",
    "operation_name": """name, operation name, description, job, work, labour, labor,
        operation description, job description, bezeichnung, arbeit, beschreibung,
        arbeitsbezeichnung, arbeitstext, наименование, название, работа, операция,
        наименование работы, название работы, описание, вид работ, nimetus, too,
        too nimetus, operatsioon, kirjeldus, toonimetus, megnevezes, munka, muvelet,
        leiras, munka megnevezese""",
    "category": """category, group, operation group, assembly, system,
        kategorie, gruppe,
        baugruppe, hauptgruppe, группа, категория, раздел, узел, система, группа работ,
        kategooria, ruhm, grupp, kategoria, csoport, focsoport""",
    "labour_category": """labour category, labor category, labour type,
        labor type, trade,
        gewerk, arbeitsart, lohnart, вид труда, тип работ, цех, участок, too liik,
        tooliik, munkanem, szakma""",
    "hours": """hours, time, labour time, labor time, book hours, standard hours, std,
        standard time, flat rate, duration, stunden, zeit, dauer, arbeitszeit,
        richtzeit, norm hours, часы, норма, норма времени, нормо час, нормочас,
        нормо часы, нормочасы, н ч, нч, время, трудоемкость, длительность, tunnid, aeg,
        normtund, norm, kestus, tooaeg, orak, ora, ido, normaido, norma, munkaido""",
    "value": """value, units, aw, time value, labour units, work units, arbeitswert,
        arbeitswerte, aw wert, wert, vorgabezeit, zeitwert, ze, значение, единиц,
        количество единиц, величина, vaartus, aeguhik, ertek, idoertek""",
    "unit": """unit, time unit, uom, unit of time, unit of measure, einheit,
        zeiteinheit,
        maßeinheit, единица, единица измерения, ед изм, ед, единица времени, uhik,
        ajauhik, egyseg, mertekegyseg, me, idoegyseg""",
    "kind": """kind, kind of time, time kind, type of time, time type, art, zeitart,
        тип нормы, вид нормы, вид времени, тип времени, aja liik, aja tuup, idotipus,
        ido tipusa""",
    "make": """make, brand, manufacturer, car make, vehicle make, marke, hersteller,
        fabrikat, марка, марка автомобиля, производитель, mark, automark, tootja,
        marka, gyarto, gyartmany""",
    "model": """model, car model, vehicle model, modell, modellreihe, baureihe, модель,
        модель автомобиля, mudel, tipus, modellcsalad""",
    "generation": """generation, series, platform, model code, body code, typ,
        baumuster,
        generationscode, поколение, кузов код, серия, платформа, polvkond, seeria,
        generacio, sorozat""",
    "engine_code": """engine code, engine, motor code, motorcode,
        motorkennbuchstabe, mkb,
        motorkennung, motor, код двигателя, двигатель, мотор, модель двигателя,
        mootori kood, mootor, mootorikood, motorkod, motor kod""",
    "ktype": """ktype, k type, ktyp, k typ, k type number, ktypnr, k typ nr, tecdoc,
        tecdoc id, tecdoc type, ktypenr, к тип, ктип, k tuup""",
    "capacity": """capacity, ccm, engine capacity, displacement, cc, engine size,
        cubic capacity, hubraum, объем, объем двигателя, рабочий объем, литраж,
        toomaht, mootori maht, kubatuur, hengerurtartalom, lokettérfogat, kobcenti,
        lokettterfogat""",
    "power": """power, kw, power kw, engine power, leistung, leistung kw, мощность,
        мощность квт, квт, voimsus, voimsus kw, teljesitmeny, teljesitmeny kw""",
    "fuel": """fuel, fuel type, kraftstoff, kraftstoffart, treibstoff, топливо,
        вид топлива, тип топлива, kutus, kutuse liik, uzemanyag""",
    "transmission": """gearbox, transmission, getriebe, getriebeart, кпп, коробка,
        коробка передач, трансмиссия, тип кпп, kaigukast, valto, sebessegvalto""",
    "drive": """drive, drive type, driven wheels, wheel drive, antrieb, antriebsart,
        привод, vedu, vedav sild, hajtas""",
    "body": """body, body type, body style, karosserie, aufbau, karosserieform, кузов,
        тип кузова, kere, keretuup, karosszeria, kivitel, felepitmeny""",
    "years": """year, years, model year, my, baujahr, baujahre, bj, год, годы,
        год выпуска, годы выпуска, aasta, aastad, valjalaskeaasta, evjarat,
        evjaratok""",
    "year_from": """year from, from year, built from, baujahr von, baujahr ab, jahr von,
        bj von, bj ab, год с, год от, с года, начало выпуска, aasta alates,
        alates aasta, evjarattol, gyartas kezdete, ev tol""",
    "year_to": """year to, to year, built to, until year, baujahr bis, jahr bis, bj bis,
        год по, год до, по год, до года, aasta kuni, kuni aasta, evjaratig,
        gyartas vege, ev ig""",
    "valid_from": """valid from, validity from, start date, from date, from, since,
        gultig ab, gultig von, ab datum, действует с, дата начала, с даты, действует от,
        kehtib alates, alates, kehtivuse algus, ervenyes tol, ervenyesseg kezdete,
        ervenyes""",
    "valid_to": """valid to, valid until, validity to, end date, to date, to, until,
        gultig bis, bis datum, действует по, действует до, дата окончания, по дату,
        kehtib kuni, kuni, kehtivuse lopp, ervenyes ig, ervenyesseg vege""",
    "relation_kind": """relation, relation kind, relation type, relationship, beziehung,
        verknupfung, связь, тип связи, вид связи, seos, seose liik, kapcsolat,
        kapcsolat tipusa""",
    "related_code": """related code, related operation, related operation code,
        other operation, related op, verknupfte arbeit, bezogene arbeit,
        связанная работа, код связанной работы, связанный код, seotud too,
        seotud kood, kapcsolodo muvelet, kapcsolodo munka, kapcsolodo kod""",
    "relation_hours": """relation hours, combination hours, combination time,
        combined hours, additional hours, additional time, kombinationszeit,
        zusatzzeit, часы связи, время совмещения, доп время, seose tunnid, lisaaeg,
        kapcsolat ora, tobbletido""",
    "condition": """condition, conditions, only with, only if, option, bedingung,
        ausstattung, условие, условия, при условии, tingimus, felteteles, feltetel""",
    "note": """note, notes, comment, remark, remarks, hinweis, bemerkung, anmerkung,
        примечание, комментарий, замечание, markus, markused, kommentaar, megjegyzes""",
}
#: Units of time that a header may name: "Zeit (AW 5 min)" or "Норма, мин".
UNIT_WORDS = (
    (r"\b(ze|1/100)\b", "ze"),
    (r"\b(aw|te|ae)\W*5\b|\b5\W*min|\b1/12", "aw5"),
    (r"\b(aw|te|ae)\W*6\b|\b6\W*min|\b1/10\b", "aw6"),
    (r"\b(min|minutes?|minuten|minuti[td]?|perc|мин|минуты?|минут)\b", "min"),
    (
        r"\b(h|hrs?|hours?|std|stunden|tunnid|tund|ora|н/?ч|ч|час\w*|нормо\W?час\w*)\b",
        "h",
    ),
)


def fold_header(text):
    """Header in comparable form: no case, accents, signs or blanks at the ends."""
    return " ".join(re.sub(r"[\W_]+", " ", fold(text)).split())


def _read_synonyms():
    found = {}
    for field, words in SYNONYMS.items():
        found[fold_header(field.replace("_", " "))] = field
        for word in words.split(","):
            found.setdefault(fold_header(word), field)
    return found


HEADERS = _read_synonyms()


def guess_fields(header):
    """What each column means.

    Exact names first; then names with something added, such as "Zeit (Std.)".

    :param list header: texts of the header
    :return: list as long as the header, of field names, None where nothing fits
    """
    folded = [fold_header(text) for text in header]
    found = [None] * len(header)
    for look_up in (HEADERS.get, _look_up_part):
        for number, text in enumerate(folded):
            field = look_up(text) if text and not found[number] else None
            if field and field not in found:
                found[number] = field
    if "unit" in found and "hours" in found and "value" not in found:
        found[found.index("hours")] = "value"
    return found


def _look_up_part(text):
    """The longest known name that the header begins with."""
    words = text.split()
    for count in range(len(words) - 1, 0, -1):
        if field := HEADERS.get(" ".join(words[:count])):
            return field
    return None


def guess_unit(header):
    """Unit of time that the header of a column names.

    :return: h, min, aw5, aw6 or ze; None where it says nothing, or only "AW"
    """
    text = fold(header)
    for pattern, unit in UNIT_WORDS:
        if re.search(pattern, text):
            return unit
    return None
