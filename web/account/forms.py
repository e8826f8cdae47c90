"""Forms of the account pages: fields and their words; the rules live in the services."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from web.forms import (
    BaseForm,
    BooleanField,
    EmailField,
    HiddenField,
    KanaField,
    PasswordField,
    RadioField,
    Required,
    StringField,
    options,
)
from web.i18n import LANGUAGES

DOORS = {
    "professional": _l("I want to lend my professional skills"),
    "group": _l("I come from a group that needs help"),
}
NEW = {"autocomplete": "new-password"}
CURRENT = {"autocomplete": "current-password"}
EMAIL = {"autocomplete": "email", "inputmode": "email"}


class SignUpForm(BaseForm):
    """Who asks for an account."""

    door = RadioField(
        _l("What brings you here?"),
        choices=options(DOORS),
        default="professional",
        validators=[Required()],
    )
    name = StringField(
        _l("Your name"),
        description=_l(
            "The other side sees your name only after a coordinator has sent the proposal."
        ),
        validators=[Required()],
        render_kw={"autocomplete": "name"},
    )
    join = HiddenField()
    email = EmailField(
        _l("E-mail address"),
        description=_l("We send the link to this address."),
        validators=[Required()],
        render_kw=EMAIL,
    )


class OpenForm(BaseForm):
    """The password and the terms, behind the mailed link."""

    password = PasswordField(
        _l("Choose a password"),
        description=_l("At least 10 characters. A few words in a row are easy to remember."),
        validators=[Required()],
        render_kw=NEW,
    )
    terms = BooleanField(
        _l("I have read these terms and agree"), validators=[Required("must_agree")]
    )


class SignInForm(BaseForm):
    """E-mail address and password."""

    next = HiddenField()
    email = EmailField(_l("E-mail address"), validators=[Required()], render_kw=EMAIL)
    password = PasswordField(_l("Password"), validators=[Required()], render_kw=CURRENT)


class SignOnForm(BaseForm):
    """The address at work, which names the company."""

    email = EmailField(_l("E-mail address at work"), validators=[Required()], render_kw=EMAIL)


class TieForm(BaseForm):
    """Open an account for an identity, or tie it to one's own."""

    terms = BooleanField(_l("I have read these terms and agree"))


class ForgotForm(BaseForm):
    """Where to send the link."""

    email = EmailField(_l("E-mail address"), validators=[Required()], render_kw=EMAIL)


class ResetForm(BaseForm):
    """A new password."""

    password = PasswordField(
        _l("New password"),
        description=_l("At least 10 characters. A few words in a row are easy to remember."),
        validators=[Required()],
        render_kw=NEW,
    )


class ChangePasswordForm(BaseForm):
    """The password in use, and the new one."""

    old = PasswordField(_l("Present password"), validators=[Required()], render_kw=CURRENT)
    new = PasswordField(
        _l("New password"),
        description=_l("At least 10 characters. A few words in a row are easy to remember."),
        validators=[Required()],
        render_kw=NEW,
    )


class DetailsForm(BaseForm):
    """Name, reading, language."""

    version = HiddenField()
    name = StringField(_l("Name"), validators=[Required()], render_kw={"autocomplete": "name"})
    kana = KanaField(_l("Reading of the name (furigana)"))
    language = RadioField(_l("Language of mails and pages"), choices=options(LANGUAGES))


class NewEmailForm(BaseForm):
    """Another address, with the password as proof."""

    email = EmailField(
        _l("New e-mail address"),
        description=_l("We send a link there. Until you open it, nothing changes."),
        validators=[Required()],
        render_kw=EMAIL,
    )
    password = PasswordField(_l("Password"), validators=[Required()], render_kw=CURRENT)


class EraseForm(BaseForm):
    """The password, as proof of who wants to be erased."""

    password = PasswordField(_l("Password"), validators=[Required()], render_kw=CURRENT)


class EmployerConsentForm(BaseForm):
    """Until when the employer may see; the choices depend on the day."""

    company_id = HiddenField()
    until = RadioField(_l("Until when may they see it?"), validators=[Required("not_chosen")])
