"""Why a field was not accepted: code → sentence. Parameters fill the gaps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

FIELD_SENTENCES = {
    "missing": _l("Please fill this in."),
    "not_chosen": _l("Please choose one."),
    "none_chosen": _l("Please choose at least one."),
    "too_many": _l("Please choose at most %(max)s."),
    "too_long": _l("Please shorten this to %(max)s characters."),
    "too_short": _l("Please enter at least %(min)s characters."),
    "not_a_number": _l("Please enter a number."),
    "not_a_whole_number": _l("Please enter a whole number."),
    "out_of_range": _l("Please enter a number from %(min)s to %(max)s."),
    "too_small": _l("Please enter %(min)s or more."),
    "too_large": _l("Please enter %(max)s or less."),
    "not_a_date": _l("Please enter a date, such as 2026-11-30."),
    "not_a_time": _l("Please enter a time of day, such as 18:30."),
    "dates_out_of_order": _l("Please choose an end that is not before the start."),
    "too_many_decimals": _l("Please enter at most %(most)s digits after the point."),
    "year_not_begun": _l("This fiscal year has not begun yet."),
    "in_the_future": _l("Please choose a day that is not still to come."),
    "not_on_project": _l("Please choose a day on which you were on this project."),
    "year_closed": _l("The hours of this fiscal year are closed. Please talk to the coordinators."),
    "no_time": _l("Please say how long it was."),
    "over_a_day": _l("This is more than a day has."),
    "no_employer": _l("No employer is noted for you on this project. Please choose own time."),
    "years_away": _l("This day is years away from the project. Please check the year."),
    "in_the_past": _l("Please choose a day that is still to come."),
    "after_end": _l("This day comes after the last day in the profile."),
    "not_in_list": _l("Please choose from the list."),
    "not_yes_or_no": _l("Please answer yes or no."),
    "not_an_email": _l("Please enter an e-mail address, such as name@example.jp."),
    "not_a_phone": _l("Please enter a telephone number, such as 059-354-8100."),
    "which_skill": _l("This is not in the list. Did you mean one of these: %(near)s?"),
    "kana_only": _l("Please enter the reading in hiragana or katakana."),
    "not_a_url": _l("Please enter an address that begins with https:// or http://."),
    "not_a_code": _l("Please use only small letters, digits and hyphens."),
    "not_a_file": _l("Please choose a file."),
    "file_too_big": _l(
        "This file is larger than %(max)s MB. Please keep it elsewhere and add a link."
    ),
    "file_kind": _l(
        "This kind of file is not kept here, or its content is not what its name says."
    ),
    "too_many_lines": _l("Please enter at most %(max)s lines."),
    "line_too_long": _l("Please shorten each line to %(max)s characters."),
    "wrong_file_type": _l("This kind of file cannot be read here."),
    "too_many_links": _l("Please leave out links: at most %(max)s are taken."),
    "leave_empty": _l("Please leave this field empty; it catches letters sent by machines."),
    "picture_kind": _l("Please choose a picture: JPEG, PNG or WebP."),
    "picture_too_large": _l("Please choose a picture of at most %(max)s MB."),
    "picture_too_wide": _l("This picture has too many pixels. Please choose a smaller one."),
    "need_not_open": _l("Some of these needs are no longer open. Please choose again."),
    "no_open_needs": _l("No need is open at the moment."),
    "all_zero": _l("Please give at least one of these some weight."),
    "must_agree": _l("Please confirm this to go on."),
    "unknown_field": _l("This form does not know this entry."),
    "duplicate": _l("This was entered twice."),
    "unknown_placeholder": _l("Only these can stand in braces here: %(known)s."),
    "no_placeholder": _l("Please leave the braces out: nothing can be filled in here."),
    "invalid": _l("This entry cannot be accepted."),
    "stale": _l("This page was open for too long. Please send it once more."),
    "level_missing": _l("Please say for each skill how well you know it."),
    "choose_employer": _l("We know employers with a similar name. Please choose one."),
    "not_text": _l("Please enter text."),
    "already_member": _l("This person already acts for the group."),
    "email_or_note": _l("Please give an e-mail address, or write how we can reach this person."),
    "too_far_ahead": _l("Please choose a day within a year from now."),
    "not_a_domain": _l("Please enter a domain, such as example.co.jp."),
    "domain_of_everybody": _l("Anybody can have an address there, so it proves nothing."),
    "domain_taken": _l("This domain belongs to another company here."),
    "no_sign_on": _l("No company with a sign-on of its own is known by this address."),
    "not_an_https_url": _l("Please enter an address that begins with https://."),
    # accounts
    "password_common": _l("This password is easy to guess. Please choose other words."),
    "password_is_email": _l("Please choose something other than your e-mail address."),
    "password_wrong": _l("This is not your present password."),
    "sign_in_failed": _l("The e-mail address and the password do not go together."),
    "email_same": _l("This is the address you use already."),
    "account_closed": _l("The account of this address is closed."),
    # what matchmaker.text.text_fault finds
    "control_character": _l("This contains a control character. Please remove it."),
    "line_break": _l("Please write this on one line."),
    "half_width_kana": _l("Please write katakana in full width."),
    "right_to_left": _l("Text that runs from right to left cannot be printed here."),
    "invisible_character": _l("This contains an invisible character. Please type it again."),
    "emoji": _l("Emoji cannot be printed. Please leave them out."),
    "broken_character": _l("This contains a character that cannot be printed."),
}
# Codes of the same meaning that libraries use.
SYNONYMS = {
    "string_too_long": "too_long",
    "string_too_short": "too_short",
    "int_parsing": "not_a_whole_number",
    "int_type": "not_a_whole_number",
    "int_from_float": "not_a_whole_number",
    "float_parsing": "not_a_number",
    "float_type": "not_a_number",
    "finite_number": "not_a_number",
    "date_parsing": "not_a_date",
    "date_from_datetime_parsing": "not_a_date",
    "date_type": "not_a_date",
    "enum": "not_in_list",
    "literal_error": "not_in_list",
    "bool_parsing": "not_yes_or_no",
    "bool_type": "not_yes_or_no",
    "string_type": "missing",
    "list_type": "not_in_list",
    "extra_forbidden": "unknown_field",
    "greater_than_equal": "too_small",
    "greater_than": "too_small",
    "less_than_equal": "too_large",
    "less_than": "too_large",
    "too_long_list": "too_many",
}
PARAMETERS = {
    "max_length": "max",
    "min_length": "min",
    "ge": "min",
    "gt": "min",
    "le": "max",
    "lt": "max",
}


def field_sentence(code: str, params: Mapping[str, Any] | None = None) -> str:
    """The sentence beside a field for a code of a service, of the text rules or of pydantic."""
    known = SYNONYMS.get(code, code)
    text = str(FIELD_SENTENCES.get(known, FIELD_SENTENCES["invalid"]))
    given = {PARAMETERS.get(name, name): value for name, value in (params or {}).items()}
    try:
        return text % given
    except (KeyError, TypeError):  # a sentence whose number was not handed over
        return str(FIELD_SENTENCES["invalid"])
