"""Every page of the site: who looks at it, and where it is. A page that is missing fails a test."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field

from flask import Flask, url_for

from tests.places import Places

# Addresses that answer GET but show no page: files, feeds, health, style.
NOT_PAGES = frozenset({
    "account.about_stop",
    "account.calendar_feed",
    "account.data_file",
    "account.sign_on_back",
    "account.tie_sign_on",  # needs a provider's answer: tests/web/test_sign_on.py goes there
    "account.to_provider",
    "assets.stylesheet",
    "city.figures_csv",
    "city.pack_pdf",
    "city.pack_xlsx",
    "city.rows_csv",
    "company.report_csv",
    "company.report_pdf",
    "company.report_xlsx",
    "company.menu_pdf",
    "coordinator.activity_csv",
    "coordinator.activity_pdf",
    "coordinator.download",
    "coordinator.history_file",
    "coordinator.import_template",
    "coordinator.letters_pdf",
    "coordinator.recruit_letters",
    "coordinator.recruit_sheet",
    "coordinator.round_letters",
    "coordinator.round_receipt",
    "coordinator.round_sheets",
    "health.alive",
    "health.ready",
    "group.need_form",
    "group.registration_form",
    "group.team_date",
    "professional.offer_date",
    "group.project_calendar",
    "group.project_file",
    "group.terms_pdf",
    "group.thanks_pdf",
    "professional.project_calendar",
    "professional.project_file",
    "professional.terms_pdf",
    "professional.thanks_pdf",
    "professional.paper_form",
    "public.case_picture",
    "public.cases_feed",
    "public.cases_json",
    "public.certificate_pdf",
    "public.figures_csv",
    "public.need_poster",
    "public.needs_csv",
    "public.needs_feed",
    "public.needs_json",
    "public.opportunities_data",
    "public.page_code",
    "public.robots",
    "public.round_report_pdf",
    "public.sitemap",
    "static",
})  # fmt: skip

BEFORE, AFTER = "before sending", "after sending"


@dataclass(frozen=True)
class Stop:
    """A page and what stands in its address: a fixed word, or "{name}" of a place."""

    endpoint: str
    values: Mapping[str, str] = field(default_factory=dict)
    when: str = BEFORE
    wrong: bool = False  # also looked at after its form was sent without any entry

    def address(self, places: Places) -> str:
        """The address of this page in the sample city."""
        known = asdict(places)
        return url_for(
            self.endpoint, **{name: text.format(**known) for name, text in self.values.items()}
        )


def _stop(endpoint: str, when: str = BEFORE, wrong: bool = False, **values: str) -> Stop:
    return Stop(endpoint, values, when, wrong)


TOUR: dict[str, tuple[Stop, ...]] = {
    "visitor": (
        _stop("public.home"),
        _stop("public.how_it_works"),
        _stop("public.needs"),
        _stop("public.needs", text="そのようなことばはありません"),
        _stop("public.need", need_id="{need}"),
        _stop("public.groups"),
        _stop("public.group", group_id="{group}"),
        _stop("public.write_to_group", wrong=True, group_id="{group}"),
        _stop("public.cases"),
        _stop("public.cases", year="1999"),
        _stop("public.case", case_id="{case}"),
        _stop("public.cases_embed"),
        _stop("public.search"),
        _stop("public.search", q="会計"),
        _stop("public.search", q="そのようなことばはありません"),
        _stop("public.rules"),
        _stop("public.figures"),
        _stop("public.round_reports"),
        _stop("public.round_report", AFTER, round_id="{round}"),
        _stop("public.check_certificate"),
        _stop("public.certificate", code="{certificate}"),
        _stop("public.privacy"),
        _stop("public.accessibility"),
        _stop("public.contact"),
        _stop("public.look"),
        _stop("public.look_form_page"),
        _stop("account.sign_up", wrong=True),
        _stop("account.sign_up_sent"),
        _stop("account.verify", wrong=True, token="{verify}"),
        _stop("account.sign_in", wrong=True),
        _stop("account.sign_on", wrong=True),
        _stop("account.join", code="{employees_link}"),
        _stop("account.forgot_password", wrong=True),
        _stop("account.link_sent"),
        _stop("account.reset_password", token="{reset}"),
        _stop("account.confirm_email", token="{new_email}"),
        _stop("demo.guide"),
        _stop("demo.mailbox", AFTER),
        _stop("demo.mail", AFTER, name="{mail}"),
    ),
    "newcomer": (
        _stop("account.home"),
        _stop("account.employer"),
        _stop("account.join", code="{employees_link}"),
        _stop("account.consents"),
        _stop("account.data"),
        _stop("account.searches"),
        _stop("account.confirm_erasure", wrong=True),
        _stop("professional.home"),
        _stop("professional.profile", wrong=True, step="who"),
        _stop("professional.offers"),
        _stop("group.home"),
        _stop("group.register", wrong=True),
    ),
    "professional": (
        _stop("account.home"),
        _stop("account.details", wrong=True),
        _stop("account.email"),
        _stop("account.password", wrong=True),
        _stop("account.sessions"),
        _stop("account.searches"),
        _stop("account.notifications"),
        _stop("account.my_calendar"),
        _stop("account.data"),
        _stop("account.confirm_erasure"),
        _stop("account.consents"),
        _stop("account.confirm_withdrawal", company_id="{own_company}"),
        _stop("professional.home"),
        _stop("professional.profile", step="who"),
        _stop("professional.skills"),
        _stop("professional.profile", step="when"),
        _stop("professional.profile", step="interests"),
        _stop("professional.profile_check"),
        _stop("professional.wishes"),
        _stop("professional.pause"),
        _stop("professional.leave"),
        _stop("group.invitation", invitation_id="{invitation}"),
        _stop("professional.project", wrong=True, project_id="{project}"),
        _stop("professional.project_messages", wrong=True, project_id="{project}"),
        _stop("professional.project_terms", wrong=True, project_id="{project}"),
        _stop("professional.project_step", wrong=True, project_id="{project}", step="begin"),
        _stop("professional.project_step", project_id="{project}", step="deliver"),
        _stop("professional.project_plan", wrong=True, project_id="{project}"),
        _stop("professional.new_step", wrong=True, project_id="{project}", kind="phase"),
        _stop("professional.change_step", project_id="{project}", step_id="{step}"),
        _stop("professional.mid_term", wrong=True, project_id="{project}"),
        _stop("professional.project_scope", project_id="{project}"),
        _stop("professional.files_of_project", wrong=True, project_id="{project}"),
        _stop("professional.project_expenses", wrong=True, project_id="{project}"),
        _stop("professional.follow_up", wrong=True, project_id="{followed}"),
        _stop("professional.project", project_id="{followed}"),
        _stop("professional.project", project_id="{delivered}"),
        _stop("professional.evaluate_project", wrong=True, project_id="{delivered}"),
        _stop("professional.case", project_id="{project}"),
        _stop("professional.case", project_id="{delivered}"),
        _stop("professional.case_words", wrong=True, project_id="{delivered}"),
        _stop("professional.case_picture", wrong=True, project_id="{delivered}"),
        _stop("professional.home", AFTER),
        _stop("professional.offers", AFTER),
        _stop("professional.offer", AFTER, proposal_id="{seat}"),
        _stop("professional.decline_offer", AFTER, wrong=True, proposal_id="{seat}"),
        _stop("professional.ask_about_offer", AFTER, wrong=True, proposal_id="{seat}"),
    ),
    "group": (
        _stop("group.home"),
        _stop("group.overview", group_id="{group}"),
        _stop("group.register_step", group_id="{group}", step="who"),
        _stop("group.register_step", group_id="{group}", step="eligibility"),
        _stop("group.register_step", group_id="{group}", step="contact"),
        _stop("group.check", group_id="{group}"),
        _stop("group.publicity", group_id="{group}"),
        _stop("group.members", wrong=True, group_id="{group}"),
        _stop("group.new_need", group_id="{group}"),
        _stop("group.need_step", need_id="{draft}", step="form"),
        _stop("group.need_step", need_id="{draft}", step="story"),
        _stop("group.need_step", need_id="{draft}", step="roles"),
        _stop("group.need_role", need_id="{draft}", role_id="{role}"),
        _stop("group.need_step", need_id="{draft}", step="schedule"),
        _stop("group.need_step", wrong=True, need_id="{draft}", step="readiness"),
        _stop("group.check_need", need_id="{draft}"),
        _stop("group.need", need_id="{matched_need}"),
        _stop("group.ask_need", need_id="{draft}", act="withdraw"),
        _stop("group.need", need_id="{asked_need}"),
        _stop("group.answer_change", wrong=True, need_id="{asked_need}", change_id="{change}"),
        _stop("group.project", project_id="{project}"),
        _stop("group.project_messages", wrong=True, project_id="{project}"),
        _stop("group.project_terms", project_id="{project}"),
        _stop("group.project_step", project_id="{project}", step="begin"),
        _stop("group.project_step", wrong=True, project_id="{project}", step="deliver"),
        _stop("group.project_plan", project_id="{project}"),
        _stop("group.new_step", wrong=True, project_id="{project}", kind="meeting"),
        _stop("group.change_step", wrong=True, project_id="{project}", step_id="{step}"),
        _stop("group.mid_term", wrong=True, project_id="{project}"),
        _stop("group.project_scope", wrong=True, project_id="{project}"),
        _stop("group.files_of_project", project_id="{project}"),
        _stop("group.say_use", wrong=True, project_id="{followed}"),
        _stop("group.follow_up", wrong=True, project_id="{followed}"),
        _stop("group.project", project_id="{followed}"),
        _stop("group.write_thanks", wrong=True, project_id="{followed}",
              member_id="{followed_member}"),
        _stop("group.project", project_id="{delivered}"),
        _stop("group.evaluate_project", wrong=True, project_id="{delivered}"),
        _stop("group.case", project_id="{delivered}"),
        _stop("group.case_words", wrong=True, project_id="{delivered}"),
        _stop("group.case_picture", wrong=True, project_id="{delivered}"),
        _stop("group.project_hours", wrong=True, project_id="{project}"),
        _stop("group.correct_hours", wrong=True, entry_id="{hours}"),
        _stop("group.home", AFTER),
        _stop("group.team", AFTER, need_id="{matched_need}"),
        _stop("group.decline_team", AFTER, wrong=True, need_id="{matched_need}"),
        _stop("group.ask_about_team", AFTER, wrong=True, need_id="{matched_need}"),
    ),
    "coordinator": (
        _stop("account.notifications"),
        _stop("coordinator.today"),
        _stop("coordinator.bounced_address", wrong=True, notice_id="{bounced}"),
        _stop("coordinator.letters"),
        _stop("coordinator.people"),
        _stop("coordinator.person", professional_id="{person}"),
        _stop("coordinator.groups"),
        _stop("coordinator.group", group_id="{group}"),
        _stop("coordinator.needs"),
        _stop("coordinator.need", need_id="{need}"),
        _stop("coordinator.ask_check", wrong=True, kind="people", record_id="{person}",
              act="pause"),
        _stop("coordinator.on_behalf", wrong=True, group_id="{group}"),
        _stop("coordinator.imports", wrong=True),
        _stop("coordinator.import_batch", batch_id="{batch}"),
        _stop("coordinator.import_apply", batch_id="{batch}"),
        _stop("coordinator.policy"),
        _stop("coordinator.rounds"),
        _stop("coordinator.new_round"),
        _stop("coordinator.round", round_id="{round}"),
        _stop("coordinator.round", round_id="{round}", text="そのようなことばはありません"),
        _stop("coordinator.round", round_id="{round}", view="table"),
        _stop("coordinator.round_need", round_id="{round}", need_id="{matched_need}"),
        _stop("coordinator.round_unstaffed", round_id="{round}"),
        _stop("coordinator.round_waiting", round_id="{round}"),
        _stop("coordinator.round_record", round_id="{round}"),
        _stop("coordinator.round_proof", round_id="{round}"),
        _stop("coordinator.round_compared", round_id="{round}"),
        _stop("coordinator.round_questions", round_id="{round}"),
        _stop("coordinator.what_if", round_id="{round}"),
        _stop("coordinator.scenario", scenario_id="{scenario}"),
        *(
            _stop("coordinator.scenario_step", wrong=True, scenario_id="{scenario}", kind=kind)
            for kind in ("pin", "without_person", "without_need", "new_person", "new_need")
        ),
        _stop("coordinator.scenario_step", scenario_id="{scenario}", kind="terms"),
        _stop("coordinator.keep_scenario", wrong=True, scenario_id="{scenario}"),
        _stop("coordinator.round_recruit", round_id="{round}"),
        _stop("coordinator.round_rather", round_id="{round}"),
        _stop("coordinator.round_fairness", round_id="{round}"),
        _stop("coordinator.why_proposal", proposal_id="{seat}"),
        _stop("coordinator.change_proposal", proposal_id="{seat}"),
        _stop("coordinator.approve_all", round_id="{round}"),
        _stop("coordinator.cancel_round", round_id="{round}"),
        _stop("coordinator.send_round", round_id="{round}"),
        _stop("coordinator.wordings"),
        _stop("coordinator.wording", code="offer_to_professional", spoken="ja"),
        _stop("coordinator.wording", code="recruit_company", spoken="en"),
        _stop("coordinator.consultations"),
        _stop("coordinator.consultations", topic="law"),
        _stop("coordinator.new_consultation", wrong=True),
        _stop("coordinator.consultation", consultation_id="{consultation}"),
        _stop("coordinator.terms", wrong=True),
        _stop("coordinator.project_messages", wrong=True, project_id="{project}"),
        _stop("coordinator.projects"),
        _stop("coordinator.projects", state="paused"),
        _stop("coordinator.project", project_id="{project}"),
        _stop("coordinator.act_on_project", wrong=True, project_id="{project}", act="cancel"),
        _stop("coordinator.leave_project", wrong=True, project_id="{project}",
              member_id="{member}"),
        _stop("coordinator.cases"),
        _stop("coordinator.case", project_id="{delivered}"),
        _stop("coordinator.case_words", project_id="{delivered}"),
        _stop("coordinator.case_picture", project_id="{delivered}"),
        _stop("coordinator.hear_case", wrong=True, project_id="{delivered}"),
        _stop("coordinator.twice"),
        _stop("coordinator.history_page"),
        _stop("coordinator.history_page", kind="professional", about="{person}", check="yes"),
        _stop("coordinator.desk"),
        _stop("coordinator.hand_over", wrong=True),
        _stop("coordinator.give_charge", kind="needs", record_id="{need}"),
        _stop("coordinator.erase_person", wrong=True, professional_id="{twin}"),
        _stop("professional.new_entry", wrong=True),
        _stop("professional.change_entry", professional_id="{person}"),
        _stop("coordinator.find_twin", kind="groups", record_id="{group}", q="の"),
        _stop("coordinator.merge", kind="people", record_id="{person}", other_id="{twin}"),
        _stop("coordinator.calibration"),
        _stop("coordinator.project_insurance", project_id="{project}"),
        _stop("coordinator.project", project_id="{followed}"),
        _stop("coordinator.companies"),
        _stop("coordinator.company", wrong=True, company_id="{company}"),
        _stop("coordinator.decline_pledge", wrong=True, company_id="{company}",
              pledge_id="{pledge}"),
        _stop("coordinator.company_sign_on", wrong=True, company_id="{company}"),
        _stop("coordinator.today", AFTER),
        _stop("coordinator.new_round", AFTER, wrong=True),
        _stop("coordinator.replies", AFTER, round_id="{round}"),
        _stop("coordinator.offer", AFTER, proposal_id="{seat}"),
        _stop("coordinator.enter_reply", AFTER, wrong=True, proposal_id="{seat}"),
        _stop("coordinator.withdraw_offer", AFTER, wrong=True, proposal_id="{seat}"),
        _stop("coordinator.repair_offer", AFTER, proposal_id="{declined}"),
    ),
    "company": (
        _stop("company.home"),
        _stop("company.report", company_id="{company}"),
        _stop("company.hour_value", company_id="{company}"),
        _stop("company.menu"),
        _stop("company.programmes"),
        _stop("company.programme", company_id="{company}"),
        _stop("company.describe", company_id="{company}"),
        _stop("company.pledges", company_id="{company}"),
    ),
    "city": (
        _stop("city.home"),
        _stop("city.indicator", code="{indicator}"),
        _stop("city.indicator", wrong=True, code="association_members"),
        _stop("city.year", year="{year}"),
        _stop("city.write_review", year="{year}"),
    ),
}  # fmt: skip


def stops(role: str, when: str) -> Iterator[Stop]:
    """The stops of a role before or after the round is sent."""
    return (stop for stop in TOUR[role] if stop.when == when)


def address_of(app: Flask, stop: Stop, places: Places) -> str:
    """The address of one stop."""
    with app.test_request_context():
        return stop.address(places)


def pages_of(app: Flask) -> set[str]:
    """The endpoints that show a page."""
    answering = {
        rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())
    }
    return answering - NOT_PAGES


def visited() -> set[str]:
    """The endpoints of the tour."""
    return {stop.endpoint for stops_of_role in TOUR.values() for stop in stops_of_role}
