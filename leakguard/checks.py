"""Named checks: what a rule may ask of a hit beyond its shape.

A check takes the matched text as it is written, separators and all, and answers True (it passes),
False (it cannot be what the rule looks for, so it is dropped) or None (it cannot tell). A check
answers; it never raises, whatever the text, and so no value can travel in an exception.

Where python-stdnum knows the number it is asked, one module at a time and only when needed: an
import costs more than the check. Where it and the issuer differ, the issuer is right; the place
says so.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache, partial
from types import MappingProxyType
from typing import Final

# ── people: health and social insurance ──────────────────────────────────────────────────────────


def ssn(text: str) -> bool | None:
    """US Social Security number: no check digit, but areas, groups and serials never issued.

    Nine digits without separators, or with spaces, cannot be told from any other nine. The
    published samples pass: a rule names them under `samples`, so that they are told and do not
    block.

    >>> ssn("536-90-4399"), ssn("666-12-3456"), ssn("536904399")
    (True, False, None)
    """
    match = _fullmatch(r"(\d{3})([ .-]?)(\d{2})\2(\d{4})", text)
    if not match:
        return False
    area, separator, group, serial = match.groups()
    if area in ("000", "666") or area >= "900" or group == "00" or serial == "0000":
        return False
    return True if separator in ("-", ".") else None


def mbi(text: str) -> bool | None:
    """US Medicare Beneficiary Identifier: eleven places, each with its own alphabet (CMS).

    Without its hyphens it could be a part number.

    >>> mbi("1EG4-TE5-MK73"), mbi("1SG4-TE5-MK73"), mbi("1EG4TE5MK73")
    (True, False, None)
    """
    letter = "[AC-HJKMNP-RT-Y]"
    either = "[0-9AC-HJKMNP-RT-Y]"
    shape = rf"[1-9]{letter}{either}\d([ -]?){letter}{either}\d\1{letter}{letter}\d\d"
    match = _fullmatch(shape, text.upper())
    return bool(match) and (True if match and match[1] else None)


def npi(text: str) -> bool:
    """US National Provider Identifier: Luhn over 80840 and the number (45 CFR 162.406).

    >>> npi("1234567893"), npi("1234567890")
    (True, False)
    """
    digits = _digits(text)
    return len(digits) == 10 and digits[0] in "12" and luhn("80840" + digits)


def dea(text: str) -> bool:
    """US DEA registration number: registrant type, initial or 9, seven digits with a check digit.

    >>> dea("AB1234563"), dea("AB1234567")
    (True, False)
    """
    match = _fullmatch(r"[A-HJ-MPRSTUX][A-Z9][ -]?(\d{7})", text.upper())
    if not match:
        return False
    one, two, three, four, five, six, last = map(int, match[1])
    return (one + three + five + 2 * (two + four + six)) % 10 == last


def nhs(text: str) -> bool:
    """UK NHS number: ten digits, the last a mod-11 check digit. 999… is for tests, never issued.

    >>> nhs("943 476 5919"), nhs("943 476 5918"), nhs("999 000 0018")
    (True, False, False)
    """
    digits = _digits(text)
    return len(digits) == 10 and not digits.startswith("999") and _stdnum("gb.nhs", digits)


def chi(text: str) -> bool:
    """Scotland's CHI number, which begins with a birth date, or Northern Ireland's H&C number.

    Both end in the NHS number's check digit; H&C numbers begin with 32 to 39, where no day can.

    >>> chi("0101901232"), chi("3201901232"), chi("320 000 0015")
    (True, False, True)
    """
    digits = _digits(text)
    if not nhs(digits):
        return False
    day, month, year = int(digits[:2]), int(digits[2:4]), int(digits[4:6])
    return 32 <= day <= 39 or any(_is_date(century + year, month, day) for century in (1900, 2000))


def ohip(text: str) -> bool:
    """Ontario health card: ten digits with Luhn, then perhaps a version of one or two letters.

    >>> ohip("1234-567-897-AB"), ohip("1234-567-890")
    (True, False)
    """
    match = _fullmatch(r"([1-9]\d{3}[ -]?\d{3}[ -]?\d{3})(?:[ -]?[A-Z]{1,2})?", text.upper())
    return bool(match) and luhn(_digits(match[1] if match else ""))


def bc_phn(text: str) -> bool:
    """British Columbia Personal Health Number.

    >>> bc_phn("9698 658 215"), bc_phn("9698 658 216")
    (True, False)
    """
    return _stdnum("ca.bc_phn", _digits(text))


def ramq(text: str) -> bool:
    """Quebec health insurance: four letters of the name, a birth date, two digits.

    Women's months are 50 higher. The last digit's formula is not published: the date is all
    that can be wrong.

    >>> ramq("TREM 8562 1410"), ramq("TREM 8513 3210")
    (True, False)
    """
    match = _fullmatch(r"[A-Z]{4}[ -]?(\d\d)(\d\d)[ -]?(\d\d)\d\d", text.upper())
    if not match:
        return False
    year, month, day = map(int, match.groups())
    month -= 50 if month > 50 else 0
    return any(_is_date(century + year, month, day) for century in (1900, 2000))


def ca_health_card(text: str) -> bool:
    """A health card of Ontario, British Columbia or Quebec.

    >>> ca_health_card("1234 567 897"), ca_health_card("TREM85621410"), ca_health_card("1234567890")
    (True, True, False)
    """
    return ohip(text) or bc_phn(text) or ramq(text)


def au_medicare(text: str) -> bool:
    """Australian Medicare card: weights 1 3 7 9 over eight digits give the ninth.

    The tenth counts issues; an individual reference may follow.

    >>> au_medicare("2123 45670 1"), au_medicare("2123 45671 1")
    (True, False)
    """
    match = _fullmatch(r"([2-6]\d{3}[ -]?\d{5}[ -]?\d)(?:[ /-]{0,3}[1-9])?", text)
    if not match:
        return False
    digits = [int(c) for c in _digits(match[1])]
    return _weighed(digits[:8], (1, 3, 7, 9, 1, 3, 7, 9)) % 10 == digits[8]


def ihi(text: str) -> bool:
    """Australian Individual Healthcare Identifier: 800360 and Luhn.

    800361 and 800362 are people and organisations that provide care.

    >>> ihi("8003 6081 6669 0503"), ihi("8003 6081 6669 0504")
    (True, False)
    """
    digits = _digits(text)
    return len(digits) == 16 and digits.startswith("800360") and luhn(digits)


def kvnr(text: str) -> bool:
    """German health insurance number: a letter and nine digits (SGB V § 290, annex 1).

    The letter counts as two digits, A = 01; factors 1 and 2 alternate.

    >>> kvnr("A123456780"), kvnr("A123456787")
    (True, False)
    """
    match = _fullmatch(r"([A-Z]) ?(\d{3}) ?(\d{3}) ?(\d{3})", text.upper())
    if not match:
        return False
    digits = f"{ord(match[1]) - 64:02d}{match[2]}{match[3]}{match[4]}"
    products = (int(digit) * (1 + place % 2) for place, digit in enumerate(digits[:10]))
    return sum(product // 10 + product % 10 for product in products) % 10 == int(digits[10])


def nir(text: str) -> bool | None:
    """French NIR ("numéro de sécurité sociale"): thirteen places and a key of two, mod 97.

    Months above 12 stand for births whose month was not known (INSEE). The key alone lets one in
    97 of all fifteen-digit numbers pass, so without separators only the usual sexes and months
    are sure.

    >>> nir("2 69 05 49 588 157 80"), nir("2 69 05 49 588 157 81"), nir("429931000124105")
    (True, False, None)
    """
    compact = _compact(text, " .-").upper()
    match = _fullmatch(r"([123478])\d\d(\d\d)(\d\d|2[AB])\d{8}", compact)
    if not match or not _stdnum("fr.nir", compact):
        return False
    sex, month = match[1], int(match[2])
    if not (1 <= month <= 12 or 20 <= month <= 42 or month >= 50):
        return False
    usual = sex in "12" and month <= 12
    return True if usual or compact != text.upper() else None


def nino(text: str) -> bool:
    """UK National Insurance number: a prefix that HMRC issues, six digits, A to D.

    QQ is HMRC's own sample and never issued.

    >>> nino("AB 12 34 56 C"), nino("QQ123456C"), nino("BG123456A")
    (True, False, False)
    """
    shape = r"(?!BG|GB|NK|KN|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\d{6}[A-D]"
    return bool(_fullmatch(shape, _compact(text, " -").upper()))


# ── health: codes, devices, messages, vehicles ───────────────────────────────────────────────────


def snomed(text: str) -> bool:
    """SNOMED CT identifier: 6 to 18 digits, a known partition, Verhoeff.

    >>> snomed("73211009"), snomed("22298007")
    (True, False)
    """
    if not _fullmatch(r"[1-9]\d{5,17}", text):
        return False
    return text[-3:-1] in _SNOMED_PARTITIONS and _stdnum("verhoeff", text)


def loinc(text: str) -> bool:
    """LOINC code: up to seven digits, a hyphen, a Luhn digit.

    >>> loinc("4548-4"), loinc("4548-5")
    (True, False)
    """
    return bool(_fullmatch(r"[1-9]\d{0,6}-\d", text)) and luhn(_digits(text))


def gtin(text: str) -> bool:
    """GTIN of 8, 12, 13 or 14 digits (EAN, UPC).

    >>> gtin("00844588003288"), gtin("00844588003289")
    (True, False)
    """
    digits = _digits(text)
    return len(digits) in (8, 12, 13, 14) and _stdnum("ean", digits)


def udi(text: str) -> bool | None:
    """Unique Device Identification: GS1 as (01)… with a GTIN, or HIBCC as +… with its mod-43 sign.

    Only the production part (lot, serial) leads to one device: without it the model alone is
    known, which is public, and the check cannot tell. ICCBBA strings (=…) have nothing to check.

    >>> udi("(01)51022222233336(11)141231(17)150707(10)A213B1(21)1234")
    True
    >>> udi("(01)51022222233336"), udi("(01)51022222233337(21)1234")
    (None, False)
    """
    if text.startswith("+"):
        if not _is_hibcc(text.upper()):
            return False
        return True if "/" in text[:-1] else None
    if text.startswith("="):
        return None if _fullmatch(r"=/?[A-Z0-9].{5,120}", text) else False
    match = _fullmatch(r"\(01\) ?(\d{14})((?: ?\(\d{2,4}\) ?[^()\s]{1,40}){0,8})", text)
    if not match or not gtin(match[1]):
        return False
    return True if re.search(r"\((?:10|21)\)", match[2]) else None


def vin(text: str) -> bool:
    """Vehicle identification number: the ninth place is a check digit (49 CFR 565.15).

    Runs of digits and of one sign can pass by chance, so three letters and five different signs
    are asked for.

    >>> vin("1M8GDM9AXKP042788"), vin("1M8GDM9AXKP042789"), vin("11111111111111111")
    (True, False, False)
    """
    signs = text.upper()
    if not _fullmatch(r"[A-HJ-NPR-Z0-9]{8}[0-9X][A-HJ-NPR-Z0-9]{4}\d{4}", signs):
        return False
    if len(set(signs)) < 5 or sum(sign.isalpha() for sign in signs) < 3:
        return False
    weights = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
    return "0123456789X"[_weighed((_VIN_VALUES[s] for s in signs), weights) % 11] == signs[8]


def hl7(text: str) -> bool | None:
    """A health message that carries a person: HL7 v2 PID segment, FHIR Patient, X12 subscriber.

    True with a family name or a real birth date; False for the people of the standards' own
    examples and of Synthea (whose names end in digits); None when neither is filled in.

    >>> hl7("PID|1||00123456^^^HOSP^MR||SAMPLE^JANE||19610312|F"), hl7("PID|1||||EVERYMAN^ADAM")
    (True, False)
    >>> hl7('{"resourceType":"Patient","birthDate":"YYYY-MM-DD"}') is None
    True
    """
    family, given, born = _person_in_message(text)
    if (family.casefold(), given.casefold()) in _SPECIMEN_PEOPLE:
        return False
    if re.search(r"[^\W\d_]\d{2,4}$", family):
        return False
    named = bool(_fullmatch(r"[^\W\d_][^\d_|^<>{}$]{1,60}", family, flags=0))
    named = named and family.casefold() not in _PLACEHOLDER_NAMES
    return True if named or (born and calendar_date(born)) else None


def calendar_date(text: str) -> bool:
    """A day that exists: ISO, US and European order, compact, or with the month's name.

    An order that is not known counts as right when either reading exists.

    >>> calendar_date("1989-02-29"), calendar_date("15/03/1989"), calendar_date("12 March 1961")
    (False, True, True)
    """
    numbers = [int(number) for number in re.findall(r"\d{1,8}", text, re.ASCII)[:6]]
    named = re.search(r"[^\W\d_]{3,12}", text)
    month = _month(named[0]) if named else 0
    if month:
        return len(numbers) == 2 and any(
            _is_date(_full_year(year), month, day)
            for year, day in (numbers, numbers[::-1])
            if day <= 31
        )
    if len(numbers) == 1 and _fullmatch(r"\D*\d{8}\D*", text):
        number = numbers[0]
        return _is_date(number // 10000, number // 100 % 100, number % 100)
    if len(numbers) != 3:
        return False
    first, second, third = numbers
    if first > 99:
        return _is_date(first, second, third)
    year = _full_year(third)
    return _is_date(year, first, second) or _is_date(year, second, first)


def de_vsnr(text: str) -> bool:
    """German pension insurance number: area, birth date, letter, serial and a check digit.

    The letter counts as its two-digit place in the alphabet; factors 2 1 2 5 7 1 2 1 2 1 2 1, cross
    sums added, modulo 10 (§ 4 VKVV).

    >>> de_vsnr("15 070649 C 103"), de_vsnr("15 070649 C 104")
    (True, False)
    """
    match = _fullmatch(r"(\d{8})([A-Z])(\d{2})(\d)", _compact(text, " ").upper())
    if not match:
        return False
    day, month = int(match[1][2:4]), int(match[1][4:6])
    if not (1 <= month <= 12 and (1 <= day <= 31 or 51 <= day <= 81)):
        return False
    digits = f"{match[1]}{ord(match[2]) - 64:02}{match[3]}"
    products = _weighed_each(map(int, digits), (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1))
    return sum(n // 10 + n % 10 for n in products) % 10 == int(match[4])


def de_tax_id(text: str) -> bool | None:
    """German tax identification number: eleven digits, the last by ISO 7064 mod 11, 10.

    In those that are issued one digit of the first ten comes twice or three times (BZSt). What
    has a right check digit and no such digit is an invented number, or a typing mistake.

    >>> de_tax_id("36 574 261 809"), de_tax_id("12345678903"), de_tax_id("36574261808")
    (True, None, False)
    """
    from stdnum.iso7064 import mod_11_10

    digits = _compact(text, " ")
    if not _fullmatch(r"[1-9]\d{10}", digits) or not mod_11_10.is_valid(digits):
        return False
    return True if _stdnum("de.idnr", digits) else None


def fi_hetu(text: str) -> bool:
    """Finnish personal identity code, those included that a hospital gives for a time (900 to 999).

    >>> fi_hetu("131052-308T"), fi_hetu("020594X903P"), fi_hetu("131056-308T")
    (True, True, False)
    """
    from stdnum.fi import hetu

    try:
        return bool(hetu.validate(text, allow_temporary=True))
    except hetu.ValidationError:
        return False


def kr_rrn(text: str) -> bool | None:
    """Korean resident registration number: a birth date, the century and sex, six digits more.

    The last of them checks the others in numbers given until October 2020; later ones are random.
    A 9 or 0 after the date says that somebody was born before 1900.

    >>> kr_rrn("851013-2050469"), kr_rrn("851013-2050460"), kr_rrn("851313-2050469")
    (True, None, False)
    """
    from stdnum.kr import rrn

    digits = _compact(text, "-")
    if not _fullmatch(r"\d{13}", digits):
        return False
    if _stdnum("kr.rrn", digits) and digits[6] in "12345678":
        return True
    try:
        rrn.get_birth_date(digits)
    except rrn.ValidationError:
        return False
    return None


def th_pin(text: str) -> bool:
    """Thai national number: a kind, a province (10 to 96), ten digits and one that checks.

    >>> th_pin("3-1006-00445-63-5"), th_pin("1974567890124")
    (True, False)
    """
    digits = _compact(text, "- ")
    return "10" <= digits[1:3] <= "96" and _stdnum("th.pin", digits)


def za_id(text: str) -> bool:
    """South African identity number; the eleventh digit is 2 for a refugee.

    >>> za_id("7503305044089"), za_id("0001015002288"), za_id("7503205043089")
    (True, True, False)
    """
    from stdnum import luhn

    digits = _compact(text, " ")
    if not _fullmatch(r"\d{13}", digits):
        return False
    citizen = f"{digits[:10]}0{digits[11:12]}"
    return bool(luhn.is_valid(digits)) and (
        _stdnum("za.idnr", digits)
        or (digits[10] == "2" and _stdnum("za.idnr", citizen + luhn.calc_check_digit(citizen)))
    )


def sg_nric(text: str) -> bool:
    """Singapore NRIC or FIN: a letter for the century, seven digits, a letter to check them.

    Weights 2 7 6 5 4 3 2, 4 more for T and G, 3 more for M, modulo 11, looked up in the letters of
    the series.

    >>> sg_nric("S1234567D"), sg_nric("S1234567A")
    (True, False)
    """
    match = _fullmatch(r"([STFGM])(\d{7})([A-Z])", text.strip().upper())
    if not match:
        return False
    more = {"T": 4, "G": 4, "M": 3}.get(match[1], 0)
    total = more + _weighed(map(int, match[2]), (2, 7, 6, 5, 4, 3, 2))
    letters = {"S": "JZIHGFEDCBA", "T": "JZIHGFEDCBA", "M": "XWUTRQPNJLK"}
    return letters.get(match[1], "XWUTRQPNMLK")[total % 11] == match[3]


def uk_driving_licence(text: str) -> bool:
    """UK driver number: name, birth date spread over six digits, initials, and check letters.

    >>> uk_driving_licence("MORGA657054SM9IJ"), uk_driving_licence("MORGA699054SM9IJ")
    (True, False)
    """
    number = _compact(text, " ").upper()
    match = _fullmatch(r"[A-Z9]{5}\d(\d{2})(\d{2})\d[A-Z9]{2}[0-9A-Z]{3}", number)
    if not match:
        return False
    month, day = int(match[1]), int(match[2])
    return (1 <= month <= 12 or 51 <= month <= 62) and 1 <= day <= 31


# ── cards and accounts ───────────────────────────────────────────────────────────────────────────


def luhn(text: str) -> bool:
    """The Luhn formula (ISO/IEC 7812-1) over the digits of `text`.

    >>> luhn("7992739871-3"), luhn("7992739871-4")
    (True, False)
    """
    digits = _digits(text)
    return len(digits) > 1 and _stdnum("luhn", digits)


def card(text: str) -> bool | None:
    """Payment card number: prefix, length, grouping and Luhn of a brand.

    None when all that holds, but for a brand or length whose numbers are too common to be sure
    of without a word nearby (Visa of 13 digits, anything of 17 and more, Maestro, UnionPay,
    Diners and the local brands), or when the digits are grouped in another brand's way.

    >>> card("4012 8888 8888 1881"), card("3782 822463 10005"), card("6200 0000 0000 0005")
    (True, True, None)
    >>> card("4242 4242 4242 4241"), card("4317 4318 12001")
    (False, False)
    """
    match = _fullmatch(r"\d{2,19}(?:([ -])\d{1,6}(?:\1\d{1,6}){0,4})?", text)
    digits = _digits(text)
    if not match or not 12 <= len(digits) <= 19 or len(set(digits)) == 1 or not luhn(digits):
        return False
    groups = tuple(map(len, re.split("[ .-]", text)))
    fours = all(size == 4 for size in groups[:-1]) and groups[-1] <= 4
    sure: bool | None = False
    for low, high, lengths, alone, grouping in _BRANDS:
        if not low <= digits[: len(low)] <= high or len(digits) not in lengths:
            continue
        usual = len(groups) == 1 or (groups == grouping if grouping else fours)
        if usual and len(digits) in alone:
            return True
        sure = None if usual or fours else sure
    return sure


def track(text: str) -> bool:
    """Magnetic stripe data, track 1 or 2: Luhn on the number between the signs (ISO/IEC 7813).

    >>> track(";4111111111111111=30031010000012300000?"), track(";4111111111111112=3003101?")
    (True, False)
    """
    match = re.search(r"(?:%[Bb]|;)(\d{12,19})[=^D]", text, re.ASCII)
    return bool(match) and luhn(match[1] if match else "")


def iban(text: str) -> bool:
    """IBAN: mod 97, and the country's own structure and check digits.

    >>> iban("GB82 WEST 1234 5698 7654 32"), iban("GB82 WEST 1234 5698 7654 33")
    (True, False)
    """
    compact = _compact(text, " -").upper()
    return bool(_fullmatch(r"[A-Z]{2}\d\d[A-Z0-9]{11,30}", compact)) and _stdnum("iban", compact)


def bic(text: str) -> bool:
    """BIC: eight or eleven signs with a country in the middle. Many capitalised words pass.

    >>> bic("DEUTDEFF500"), bic("DEUTXXFF500")
    (True, False)
    """
    return bool(_fullmatch(r"[A-Za-z]{6}[A-Za-z0-9]{2}(?:[A-Za-z0-9]{3})?", text)) and _stdnum(
        "bic", text
    )


def aba(text: str) -> bool:
    """US routing number: the first two digits name a Federal Reserve district or its kin.

    >>> aba("021000021"), aba("021000022"), aba("991000025")
    (True, False, False)
    """
    digits = _digits(text)
    if len(digits) != 9 or digits == "000000000":
        return False
    district = int(digits[:2])
    known = district <= 12 or 21 <= district <= 32 or 61 <= district <= 72 or district == 80
    return known and _stdnum("us.rtn", digits)


def nacha(text: str) -> bool | None:
    """A line of an ACH file: 94 places. True when the routing number in it checks.

    Batch, addenda and control records hold no check digit. Editors cut the blanks at the end of
    a file header.

    >>> nacha("622123456780000123456789     00000010000001           "
    ...       "JANE SAMPLE             0123456780000001")
    True
    """
    line = text.ljust(94) if len(text) >= 86 else text
    if len(line) != 94 or not line.isascii():
        return False
    if match := re.match(r"6(?:[2-5]\d)(\d{9})|101[ 0-9](\d{9})", line, re.ASCII):
        return aba(match[1] or match[2])
    shape = r"5(?:200|220|225|280).*|7(?:05|98|99).*|8(?:200|220|225|280)\d{6}.*|9\d{54} {39}"
    return None if _fullmatch(shape, line) else False


# ── taxes and companies ──────────────────────────────────────────────────────────────────────────


def itin(text: str) -> bool | None:
    """US Individual Taxpayer Identification Number: 9, and a group that the IRS assigns.

    python-stdnum knows the groups from 70 on; the IRS has assigned 50 to 65 as well. Nine digits
    without separators cannot be told from any other nine.

    >>> itin("912-90-3456"), itin("912-50-3456"), itin("912-93-4567"), itin("912903456")
    (True, True, False, None)
    """
    match = _fullmatch(r"9\d\d([ -]?)(\d\d)\1\d{4}", text)
    if not match:
        return False
    group = int(match[2])
    if not (50 <= group <= 65 or 70 <= group <= 88 or 90 <= group <= 92 or group >= 94):
        return False
    return True if match[1] else None


def ein(text: str) -> bool | None:
    """US Employer Identification Number: a prefix that an IRS campus uses; no check digit.

    Without its hyphen it cannot be told from any other nine digits.

    >>> ein("91-1144442"), ein("07-1144442"), ein("911144442")
    (True, False, None)
    """
    if not _fullmatch(r"\d\d-?\d{7}", text) or not _stdnum("us.ein", text):
        return False
    return True if "-" in text else None


def atin(text: str) -> bool:
    """US Adoption Taxpayer Identification Number: 9 and group 93.

    >>> atin("912-93-1234"), atin("912-94-1234")
    (True, False)
    """
    return bool(_fullmatch(r"9\d\d([ -]?)93\1\d{4}", text))


def ptin(text: str) -> bool:
    """US Preparer Tax Identification Number: P and eight digits.

    >>> ptin("P00634642"), ptin("P0063464")
    (True, False)
    """
    return bool(_fullmatch(r"P[ -]?\d{8}", text.upper()))


def sin(text: str) -> bool:
    """Canadian Social Insurance Number: Luhn; 0 and 8 are never issued.

    >>> sin("123-456-782"), sin("046 454 286")
    (True, False)
    """
    return _stdnum("ca.sin", _digits(text))


def tfn(text: str) -> bool:
    """Australian Tax File Number of eight or nine digits.

    >>> tfn("123 456 782"), tfn("123 456 789")
    (True, False)
    """
    return _stdnum("au.tfn", _digits(text))


def abn(text: str) -> bool:
    """Australian Business Number.

    >>> abn("51 824 753 556"), abn("51 824 753 557")
    (True, False)
    """
    return _stdnum("au.abn", _digits(text))


def acn(text: str) -> bool:
    """Australian Company Number.

    >>> acn("004 085 616"), acn("004 085 617")
    (True, False)
    """
    return _stdnum("au.acn", _digits(text))


def utr(text: str) -> bool:
    """UK Unique Taxpayer Reference: ten digits, the first checks the rest, K may follow.

    >>> utr("1955839661"), utr("2955839661K")
    (True, False)
    """
    match = _fullmatch(r"(\d{5} ?\d{5})[Kk]?", text)
    return bool(match) and _stdnum("gb.utr", _digits(match[1] if match else ""))


def vat(text: str) -> bool:
    """VAT number of the EU or the United Kingdom, with its country before it.

    >>> vat("DE136695976"), vat("DE136695977"), vat("GB 980 7806 84")
    (True, False, True)
    """
    compact = _compact(text, " .-").upper()
    if not _fullmatch(r"[A-Z]{2}[A-Z0-9+*]{2,13}", compact):
        return False
    # The EU's module lost GB with Brexit; Northern Ireland (XI) is still in it.
    return _stdnum("gb.vat" if compact.startswith("GB") else "eu.vat", compact)


# ── securities ───────────────────────────────────────────────────────────────────────────────────


def cusip(text: str) -> bool:
    """CUSIP: eight signs and a check digit.

    >>> cusip("037833100"), cusip("037833101")
    (True, False)
    """
    return bool(_fullmatch(r"[0-9A-Z*@#]{8}\d", text.upper())) and _stdnum("cusip", text)


def isin(text: str) -> bool:
    """ISIN: country, nine signs, Luhn over letters as numbers (ISO 6166).

    >>> isin("US0378331005"), isin("US0378331006")
    (True, False)
    """
    return bool(_fullmatch(r"[A-Z]{2}[A-Z0-9]{9}\d", text.upper())) and _stdnum("isin", text)


def sedol(text: str) -> bool:
    """SEDOL: six consonants or digits and a check digit. Some powers of two pass.

    >>> sedol("B15KXQ8"), sedol("B15KXQ9")
    (True, False)
    """
    return bool(_fullmatch(r"[0-9B-DF-HJ-NP-TV-Z]{6}\d", text.upper())) and _stdnum(
        "gb.sedol", text
    )


def figi(text: str) -> bool:
    """FIGI: twelve signs, the third a G (OMG FIGI 1.1). KY and GH are not used as prefixes.

    >>> figi("BBG000BLNQ16"), figi("BBG000BLNQ17"), figi("KYG000BLNQ16")
    (True, False, False)
    """
    shape = r"(?!KY|GH)[B-DF-HJ-NP-TV-Z]{2}G[0-9B-DF-HJ-NP-TV-Z]{8}\d"
    return bool(_fullmatch(shape, text.upper())) and _stdnum("figi", text)


def lei(text: str) -> bool:
    """Legal Entity Identifier: twenty signs, mod 97-10 (ISO 17442).

    >>> lei("213800KUD8LAJWSQ9D15"), lei("213800KUD8LAJWSQ9D16")
    (True, False)
    """
    return bool(_fullmatch(r"[A-Z0-9]{18}\d\d", text.upper())) and _stdnum("lei", text)


def fix(text: str) -> bool | None:
    """FIX message: tag 9 is the length of the body, tag 10 the sum of the bytes before it.

    Fields may be parted by SOH, as on the wire, or by | or ^A, as in logs. A message that was cut
    short cannot be told.

    >>> fix("8=FIX.4.2|9=5|35=0|10=161|"), fix("8=FIX.4.2|9=5|35=0|10=162|")
    (True, False)
    >>> fix("8=FIX.4.4|35=D|1=ACC123") is None
    True
    """
    wire = text.replace("^A", "\x01").replace("|", "\x01").strip(" ")
    match = _fullmatch(
        r"(8=FIXT?\.\d\.\d\x019=(\d{1,6})\x01)(35=.*\x01)10=(\d{3})\x01?", wire, flags=re.DOTALL
    )
    if not match:
        return None if wire.startswith("8=FIX") else False
    head, length, body, given = match.groups()
    total = sum((head + body).encode("utf-8", "surrogatepass")) % 256
    return len(body) == int(length) and total == int(given)


# ── wallets ──────────────────────────────────────────────────────────────────────────────────────


def btc(text: str) -> bool:
    """Bitcoin address of the main network: base58check, bech32 (BIP 173) or bech32m (BIP 350).

    python-stdnum does not know bech32m, so all three are here.

    >>> btc("1BoatSLRHtKNngkdXEeobR76b53LETtpyT"), btc("1BoatSLRHtKNngkdXEeobR76b53LETtpyU")
    (True, False)
    >>> btc("bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq")
    True
    """
    if text[:3].lower() == "bc1":
        return _is_segwit(text)
    payload = _base58check(text) if len(text) <= 40 else b""
    return len(payload) == 21 and payload[0] in (0x00, 0x05)


def eth(text: str) -> bool | None:
    """Ethereum address: the capitals are a checksum (EIP-55). One case alone carries none.

    >>> eth("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")
    True
    >>> eth("0x5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")
    False
    >>> eth("0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed") is None
    True
    """
    match = _fullmatch(r"0[xX]([0-9a-fA-F]{40})", text)
    if not match:
        return False
    signs = match[1]
    if len(set(signs.lower())) == 1:
        return False
    if signs in (signs.lower(), signs.upper()):
        return None
    digest = keccak_256(signs.lower().encode("ascii")).hex()
    return all(
        sign == (sign.upper() if nibble >= "8" else sign.lower())
        for sign, nibble in zip(signs, digest, strict=False)
    )


def bip39(text: str) -> bool:
    """Seed phrase of 12, 15, 18, 21 or 24 English words whose last bits check the others (BIP 39).

    >>> bip39("legal winner thank year wave sausage worth useful legal winner thank yellow")
    True
    >>> bip39("legal winner thank year wave sausage worth useful legal winner thank zoo")
    False
    """
    words = re.findall(r"[a-z]{3,8}", text.lower())[:25]
    if len(words) not in (12, 15, 18, 21, 24):
        return False
    numbers = _bip39_numbers()
    if any(word not in numbers for word in words):
        return False
    bits = 0
    for word in words:
        bits = bits << 11 | numbers[word]
    check = len(words) // 3
    entropy = (bits >> check).to_bytes(check * 4, "big")
    return _sha256(entropy)[0] >> (8 - check) == bits & ((1 << check) - 1)


def wif(text: str) -> bool:
    """Bitcoin private key in wallet import format.

    >>> wif("5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ")
    True
    >>> wif("5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTK")
    False
    """
    payload = _base58check(text) if len(text) in (51, 52) else b""
    if payload[:1] != b"\x80":
        return False
    return len(payload) == 33 or (len(payload) == 34 and payload[-1] == 1)


def xprv(text: str) -> bool:
    """Extended private key: xprv (BIP 32), yprv (BIP 49) or zprv (BIP 84).

    >>> xprv("xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChk"
    ...      "VvvNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHi")
    True
    """
    payload = _base58check(text) if len(text) == 111 else b""
    return len(payload) == 78 and payload[:4].hex() in ("0488ade4", "049d7878", "04b2430c")


# ── machines and exports ─────────────────────────────────────────────────────────────────────────


def ip_private(text: str) -> bool:
    """An address of a private, carrier-grade or link-local network, perhaps with a prefix length.

    A whole private block (10.0.0.0/8) is nobody's address; loopback and the blocks set aside for
    documentation (RFC 5737, RFC 3849) are not private.

    >>> ip_private("10.12.1.7"), ip_private("192.0.2.7"), ip_private("10.0.0.0/8")
    (True, False, False)
    """
    import ipaddress

    match = _fullmatch(r"\[?([0-9A-Fa-f.:]{2,45})\]?(/\d{1,3})?", text)
    if not match:
        return False
    if match[1] + (match[2] or "") in _PRIVATE_BLOCKS:
        return False
    try:
        address = ipaddress.ip_address(match[1])
    except ValueError:
        return False
    return any(address in ipaddress.ip_network(block) for block in _PRIVATE_BLOCKS)


def unknown_name(text: str) -> bool | None:
    """A name that no list knows: False where public texts use it, None for ordinary words.

    Known are rules/data/words.txt and rules/data/public-names.txt.

    >>> unknown_name("Zqsaltmarsh"), unknown_name("Kubernetes"), unknown_name("Osprey Ridge")
    (True, False, None)
    """
    from leakguard.words import is_unknown

    return is_unknown(text) if any(map(str.isalpha, text)) else False


def eccn(text: str) -> bool | None:
    """Export Control Classification Number (15 CFR 774, Supplement 1). EAR99 says little.

    >>> eccn("3A001.b.2"), eccn("3F001"), eccn("EAR99")
    (True, False, None)
    """
    if text.upper() == "EAR99":
        return None
    return bool(_fullmatch(r"\d[A-E]\d{3}(?:\.[a-z](?:\.\d{1,2}(?:\.[a-z]{1,3}){0,2})?)?", text))


# Numbers of persons that python-stdnum checks as their issuers do: the name and the module.
_NATIONAL: Final = {
    "ar_cuit": "ar.cuit",
    "at_vnr": "at.vnr",
    "be_nn": "be.nn",
    "br_cpf": "br.cpf",
    "ch_ahv": "ch.ssn",
    "cl_rut": "cl.rut",
    "cn_ric": "cn.ric",
    "cz_rc": "cz.rc",
    "dk_cpr": "dk.cpr",
    "es_nif": "es.nif",
    "id_nik": "id.nik",
    "ie_pps": "ie.pps",
    "il_id": "il.idnr",
    "in_aadhaar": "in_.aadhaar",
    "in_pan": "in_.pan",
    "it_codice_fiscale": "it.codicefiscale",
    "mx_curp": "mx.curp",
    "my_nric": "my.nric",
    "nl_bsn": "nl.bsn",
    "no_fodselsnummer": "no.fodselsnummer",
    "nz_ird": "nz.ird",
    "pk_cnic": "pk.cnic",
    "pl_pesel": "pl.pesel",
    "pt_nif": "pt.nif",
    "ro_cnp": "ro.cnp",
    "se_personnummer": "se.personnummer",
    "tr_kimlik": "tr.tckimlik",
}


def _national(module: str, text: str) -> bool:
    return text.isascii() and _stdnum(module, text.strip())


def identifier(text: str) -> bool:
    """Whether one of the checks that need no word beside the number passes.

    Each asks for two check digits, or for a form that is hardly met by chance.

    >>> identifier("AB 12 34 56 C"), identifier("AB 12 34 56 H"), identifier("A123456780")
    (True, False, True)
    """
    # Twelve digits in a row are an account of a cloud more often than an Aadhaar number.
    twelve = len(text) == 12 and text.isdigit()
    return any(CHECKS[name](text) for name in _PARTICULAR if not (twelve and name == "in_aadhaar"))


def number_alone(text: str) -> bool:
    """Whether a number passes the check of a kind that is grouped like it.

    >>> number_alone("401 023 2137"), number_alone("401 023 2138"), number_alone("4010232137")
    (True, False, True)
    """
    if text[:2].isalpha():
        return vat(text)
    groups = tuple(map(len, re.split("[ .-]", text)))
    if groups in {(14,), (15,), (16,)}:
        return card(text) is not False
    return any(CHECKS[name](text) for name in _GROUPED.get(groups, ()))


def number_in_sentence(text: str) -> bool:
    """Whether nine or ten digits are a routing, NHS or provider number by their check digit.

    Or an employer's by its form, which nothing else has.

    >>> number_in_sentence("450 557 7104"), number_in_sentence("450 557 7105")
    (True, False)
    """
    if text[2:3] == "-":
        return ein(text) is True
    digits = _compact(text, " -")
    if digits.isascii() and len(digits) == 9:
        return aba(digits)
    return nhs(digits) or npi(digits)


CHECKS: Final[Mapping[str, Callable[[str], bool | None]]] = MappingProxyType(
    {
        "aba": aba,
        "abn": abn,
        "acn": acn,
        "atin": atin,
        "au_medicare": au_medicare,
        "bc_phn": bc_phn,
        "bic": bic,
        "bip39": bip39,
        "btc": btc,
        "ca_health_card": ca_health_card,
        "calendar_date": calendar_date,
        "card": card,
        "chi": chi,
        "cusip": cusip,
        "de_vsnr": de_vsnr,
        "dea": dea,
        "eccn": eccn,
        "ein": ein,
        "eth": eth,
        "figi": figi,
        "fix": fix,
        "gtin": gtin,
        "hl7": hl7,
        "iban": iban,
        "identifier": identifier,
        "ihi": ihi,
        "ip_private": ip_private,
        "isin": isin,
        "itin": itin,
        "kvnr": kvnr,
        "lei": lei,
        "loinc": loinc,
        "luhn": luhn,
        "mbi": mbi,
        "nacha": nacha,
        "nhs": nhs,
        "nino": nino,
        "nir": nir,
        "npi": npi,
        "number_alone": number_alone,
        "ohip": ohip,
        "ptin": ptin,
        "ramq": ramq,
        "sedol": sedol,
        "sg_nric": sg_nric,
        "sin": sin,
        "snomed": snomed,
        "ssn": ssn,
        "tfn": tfn,
        "track": track,
        "udi": udi,
        "unknown_name": unknown_name,
        "uk_driving_licence": uk_driving_licence,
        "utr": utr,
        "vat": vat,
        "vin": vin,
        "wif": wif,
        "xprv": xprv,
        "de_tax_id": de_tax_id,
        "fi_hetu": fi_hetu,
        "kr_rrn": kr_rrn,
        "th_pin": th_pin,
        "za_id": za_id,
        "number_in_sentence": number_in_sentence,
        **{name: partial(_national, module) for name, module in _NATIONAL.items()},
    }
)

# ── tables ───────────────────────────────────────────────────────────────────────────────────────

_PARTICULAR: Final = (
    *(
        "btc",
        "nino",
        "kvnr",
        "dea",
        "vin",
        "de_vsnr",
        "sg_nric",
        "in_pan",
        "es_nif",
        "fi_hetu",
        "ie_pps",
    ),
    *("de_tax_id", "no_fodselsnummer", "pl_pesel", "tr_kimlik", "br_cpf", "be_nn", "ar_cuit"),
    *("cl_rut", "in_aadhaar", "se_personnummer", "kr_rrn", "th_pin", "za_id", "ro_cnp", "cn_ric"),
)
_GROUPED: Final[Mapping[tuple[int, ...], tuple[str, ...]]] = MappingProxyType(
    {
        (9,): ("aba", "sin", "tfn", "acn"),
        (3, 3, 3): ("sin", "tfn", "acn"),
        (4, 4, 1): ("aba",),
        (10,): ("nhs", "npi", "au_medicare", "kvnr"),
        (3, 3, 4): ("nhs", "npi"),
        (4, 3, 3): ("npi",),
        (4, 5, 1): ("au_medicare",),
        (3, 2, 4): ("ssn",),
        (11,): ("abn", "pl_pesel"),
        (2, 3, 3, 3): ("abn",),
        (12,): ("in_aadhaar",),
        (13,): ("th_pin", "za_id"),
    }
)
_SNOMED_PARTITIONS: Final = frozenset(f"{long}{kind}" for long in "01" for kind in range(6))
_VIN_VALUES: Final = dict(
    zip(
        "0123456789ABCDEFGHJKLMNPRSTUVWXYZ",
        map(int, "012345678912345678123457923456789"),
        strict=True,
    )
)
_SPECIMEN_PEOPLE: Final = frozenset(
    {
        ("chalmers", "peter"),
        ("everyman", "adam"),
        ("everywoman", "eve"),
        ("everyperson", "ann"),
        ("windsor", "peter"),
        ("patient", "test"),
        ("test", "patient"),
    }
)
_PLACEHOLDER_NAMES: Final = frozenset(
    (
        *("family", "given", "last", "lastname", "last_name", "surname", "name"),
        *("string", "text", "null", "none", "unknown", "xxx"),
    )
)
_MONTHS: Final = (
    ("jan", "janv", "ene", "enero", "gen"),
    ("feb", "fév", "fev", "febr"),
    ("mar", "mär", "mars", "märz", "mrz", "maart"),
    ("apr", "avr", "abr"),
    ("may", "mai", "mag", "mei"),
    ("jun", "juin", "giu"),
    ("jul", "juil", "lug"),
    ("aug", "août", "aout", "ago"),
    ("sep", "set"),
    ("oct", "okt", "ott", "out"),
    ("nov",),
    ("dec", "dez", "déc", "dic"),
)
_PRIVATE_BLOCKS: Final = (
    *("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16"),
    *("fc00::/7", "fd00::/8", "fe80::/10"),
)

# First and last prefix, lengths, lengths that need no word nearby, grouping (empty: fours).
# From the brands' published number ranges; prefixes compare as text of equal length.
_Brand = tuple[str, str, frozenset[int], frozenset[int], tuple[int, ...]]
_NONE: Final[frozenset[int]] = frozenset()
_TO_19: Final = frozenset(range(16, 20))
_BRANDS: Final[tuple[_Brand, ...]] = (
    ("4", "4", frozenset({13, 16, 19}), frozenset({16}), ()),  # Visa
    ("51", "55", frozenset({16}), frozenset({16}), ()),  # Mastercard
    ("2221", "2720", frozenset({16}), frozenset({16}), ()),  # Mastercard, since 2017
    ("34", "34", frozenset({15}), frozenset({15}), (4, 6, 5)),  # American Express
    ("37", "37", frozenset({15}), frozenset({15}), (4, 6, 5)),
    ("6011", "6011", _TO_19, frozenset({16}), ()),  # Discover
    ("644", "649", _TO_19, frozenset({16}), ()),
    ("65", "65", _TO_19, frozenset({16}), ()),
    ("3528", "3589", _TO_19, frozenset({16}), ()),  # JCB
    ("300", "305", frozenset(range(14, 20)), _NONE, (4, 6, 4)),  # Diners Club
    ("3095", "3095", frozenset(range(14, 20)), _NONE, (4, 6, 4)),
    ("36", "36", frozenset(range(14, 20)), _NONE, (4, 6, 4)),
    ("38", "39", frozenset(range(14, 20)), _NONE, (4, 6, 4)),
    ("62", "62", _TO_19, _NONE, ()),  # UnionPay
    ("81", "82", _TO_19, _NONE, ()),  # UnionPay, RuPay
    ("2200", "2204", _TO_19, _NONE, ()),  # Mir
    ("9792", "9792", frozenset({16}), _NONE, ()),  # Troy
    ("1", "1", frozenset({15}), _NONE, (4, 5, 6)),  # UATP
    ("50", "50", frozenset(range(12, 20)), _NONE, ()),  # Maestro, RuPay
    ("56", "69", frozenset(range(12, 20)), _NONE, ()),
)

# ── helpers ──────────────────────────────────────────────────────────────────────────────────────


def _fullmatch(shape: str, text: str, *, flags: int = re.ASCII) -> re.Match[str] | None:
    # `re` keeps compiled shapes, so none is compiled before it is needed.
    return re.fullmatch(shape, text, flags)


def _compact(text: str, separators: str) -> str:
    return text.translate(dict.fromkeys(map(ord, separators)))


def _digits(text: str) -> str:
    """The digits of `text` when there is nothing between them but separators, else nothing."""
    digits = _compact(text, " -./")
    return digits if digits.isascii() and digits.isdigit() else ""


def _stdnum(module: str, number: str) -> bool:
    from importlib import import_module

    return bool(number) and bool(import_module(f"stdnum.{module}").is_valid(number))


def _weighed_each(digits: Iterable[int], weights: Iterable[int]) -> list[int]:
    return [digit * weight for digit, weight in zip(digits, weights, strict=False)]


def _weighed(digits: Iterable[int], weights: Iterable[int]) -> int:
    return sum(_weighed_each(digits, weights))


def _is_date(year: int, month: int, day: int) -> bool:
    from datetime import date

    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _full_year(year: int) -> int:
    """Two digits as a leap year when either century has one: only impossible days are refused."""
    return year if year > 99 else 2000 + year


def _month(word: str) -> int:
    lowered = word.lower()
    for number, beginnings in enumerate(_MONTHS, 1):
        if lowered.startswith(beginnings):
            return number
    return 0


def _person_in_message(text: str) -> tuple[str, str, str]:
    """Family name, given name and birth date of the person in a health message; empty if absent."""
    if text.startswith(("NK1|", "GT1|")):  # next of kin, guarantor
        named = next((field for field in text.split("|")[2:5] if "^" in field), "")
        family, _, rest = named.partition("^")
        return family.strip(), rest.partition("^")[0].strip(), ""
    if text.lstrip().startswith("PID"):
        fields = (re.split(r"\|", text) + [""] * 8)[:8]
        family, _, rest = fields[5].partition("^")
        return family.strip(), rest.partition("^")[0].strip(), fields[7].strip()[:8]
    if segment := re.search(r"NM1\*(?:IL|QC)\*1\*([^*~]{0,60})\*?([^*~]{0,35})", text):
        born = re.search(r"DMG\*D8\*(\d{8})", text, re.ASCII)
        return segment[1].strip(), segment[2].strip(), born[1] if born else ""
    if born := re.search(r"DMG\*D8\*(\d{8})", text, re.ASCII):
        return "", "", born[1]
    family_name = re.search(r'"family"\s{0,9}:\s{0,9}\[?\s{0,9}"([^"]{0,80})"', text)
    given_name = re.search(r'"given"\s{0,9}:\s{0,9}\[?\s{0,9}"([^"]{0,80})"', text)
    birth = re.search(r'"birthDate"\s{0,9}:\s{0,9}"([^"]{0,20})"', text)
    found = (family_name, given_name, birth)
    family, given, born_on = (match[1].strip() if match else "" for match in found)
    return family, given, born_on


def _is_hibcc(text: str) -> bool:
    """HIBCC: the last sign is the sum of the others modulo 43 (ANSI/HIBC 2.6)."""
    signs = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%"
    if not _fullmatch(r"\+[A-Z][A-Z0-9]{3}[0-9A-Z .$/+%-]{3,100}", text):
        return False
    return signs[sum(map(signs.index, text[:-1])) % 43] == text[-1]


def _sha256(data: bytes) -> bytes:
    from hashlib import sha256

    return sha256(data).digest()


def _base58check(text: str) -> bytes:
    """What base58 holds when its last four bytes check the others, else nothing."""
    alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
    number = 0
    for sign in text:
        value = alphabet.find(sign)
        if value < 0:
            return b""
        number = number * 58 + value
    zeros = len(text) - len(text.lstrip("1"))
    data = bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")
    payload, check = data[:-4], data[-4:]
    return payload if _sha256(_sha256(payload))[:4] == check else b""


def _is_segwit(text: str) -> bool:
    alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
    lowered = text.lower()
    if text not in (lowered, text.upper()) or not 14 <= len(text) <= 90:
        return False
    values = [alphabet.find(sign) for sign in lowered[3:]]
    if min(values) < 0:
        return False
    # The human-readable part "bc": high bits, a zero, low bits.
    total = _polymod([3, 3, 0, 2, 3, *values])
    version, program = values[0], values[1:-6]
    length, rest = divmod(len(program) * 5, 8)
    padding = program[-1] & ((1 << rest) - 1) if program else 0
    if version > 16 or rest > 4 or padding or not 2 <= length <= 40:
        return False
    if version == 0:
        return total == 1 and length in (20, 32)
    return total == 0x2BC830A3


def _polymod(values: Iterable[int]) -> int:
    total = 1
    for value in values:
        top = total >> 25
        total = (total & 0x1FFFFFF) << 5 ^ value
        for bit, term in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            total ^= term if top >> bit & 1 else 0
    return total


def keccak_256(data: bytes) -> bytes:
    """Keccak-256 as Ethereum uses it. `hashlib.sha3_256` pads differently, so it is another hash.

    >>> keccak_256(b"").hex()[:16]
    'c5d2460186f7233c'
    """
    rate = 136
    padded = bytearray(data) + b"\x01" + bytes(-(len(data) + 1) % rate)
    padded[-1] |= 0x80
    state = [0] * 25
    for begin in range(0, len(padded), rate):
        for lane in range(rate // 8):
            at = begin + 8 * lane
            state[lane] ^= int.from_bytes(padded[at : at + 8], "little")
        state = _keccak_f(state)
    return b"".join(lane.to_bytes(8, "little") for lane in state[:4])


def _keccak_f(state: list[int]) -> list[int]:
    """The permutation Keccak-f[1600] (FIPS 202, 3.3) on lanes in the order x + 5y."""
    mask = (1 << 64) - 1
    lfsr = 1
    for _ in range(24):
        columns = [
            state[x] ^ state[x + 5] ^ state[x + 10] ^ state[x + 15] ^ state[x + 20]
            for x in range(5)
        ]
        mixed = [columns[(x - 1) % 5] ^ _turned(columns[(x + 1) % 5], 1, mask) for x in range(5)]
        state = [lane ^ mixed[place % 5] for place, lane in enumerate(state)]
        # Rho and pi: one walk over the 24 lanes other than (0, 0).
        x, y, carried = 1, 0, state[1]
        for step in range(24):
            x, y = y, (2 * x + 3 * y) % 5
            turned = _turned(carried, (step + 1) * (step + 2) // 2 % 64, mask)
            carried, state[x + 5 * y] = state[x + 5 * y], turned
        state = [
            lane ^ (~state[row + (x + 1) % 5] & state[row + (x + 2) % 5])
            for row in range(0, 25, 5)
            for x, lane in enumerate(state[row : row + 5])
        ]
        for bit in range(7):
            if lfsr & 1:
                state[0] ^= 1 << ((1 << bit) - 1)
            lfsr = lfsr << 1 ^ (0x171 if lfsr & 0x80 else 0)
    return state


def _turned(lane: int, by: int, mask: int) -> int:
    return (lane << by | lane >> (64 - by)) & mask


@lru_cache(maxsize=1)
def _bip39_numbers() -> Mapping[str, int]:
    from leakguard.packs import rules_folder

    path = os.path.join(rules_folder(), "data", "bip39-english.txt")
    with open(path, encoding="ascii") as file:
        words = file.read().split()
    return {word: number for number, word in enumerate(words)}
