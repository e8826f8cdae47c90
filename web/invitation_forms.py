"""The forms about a company's links, the same for its officers and for coordinators."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from web.forms import BaseForm, DateField, Required, StringField, TextAreaField


class InvitationForm(BaseForm):
    """A link for employees."""

    channel = StringField(
        _l("Where you pass it on"),
        [Required()],
        description=_l("Such as: intranet, staff magazine, morning meeting of the Yokkaichi plant"),
    )
    expires_on = DateField(_l("Works until"), [Required()])


class ProgrammeForm(BaseForm):
    """What a company tells its employees."""

    programme = TextAreaField(
        _l("How we take part"),
        description=_l("Such as: two days a year may be spent in working hours."),
    )
    contact = StringField(
        _l("Whom employees ask"), description=_l("Such as: general affairs, extension 1234")
    )
