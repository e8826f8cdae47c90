"""What every installation holds before anybody signs up: words, agreements, the indicator."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import Session, select

from matchmaker.models import Indicator, IndicatorDefinition, IndicatorFigure
from matchmaker.services import consents, taxonomy
from matchmaker.services.indicators import EMPLOYERS

# The city's plan prints のべ24社 for 令和2年度 and のべ36社 for 令和6年度; the next plan carries
# the 36 over as its baseline without saying which employers they were.
BEFORE = ((2020, 24), (2024, 36))
SOURCE_JA = "四日市市市民協働促進計画（のべ数。実数は不明）"
SOURCE_EN = "City plan (gross; the distinct count is not known)"
COUNTED_BEFORE = 36

DEFINITION_JA = (
    "両者が合意したプロジェクトに加わったプロボノワーカーの、参加した時点での所属企業・団体を数えます。"
    "のべ数は、一つの企業・団体が一つのプロジェクトに加わるごとに1と数えます（同じ企業・団体から何人加わっても1です）。"
    "実数は、企業・団体ごとに一度だけ数えます。どちらも事業の開始からの累計です。"
    "取りやめたプロジェクトは数えません。年度の途中の値は暫定値（★）です。"
)
DEFINITION_EN = (
    "We count the employers, at the time of joining, of professionals in projects that both sides"
    " agreed to. The gross count adds one for every employer in every project, however many of its"
    " people take part. The distinct count adds every employer once. Both are cumulative since the"
    " programme began. Cancelled projects do not count. Figures of a running year are provisional."
)


# The plan's other indicators, entered by hand: code, section, place, names, units, decimals,
# value and year of the baseline (2025 where the plan prints a ★), target.
TARGET_YEAR, PROVISIONAL_YEAR = 2030, 2025
PLAN = (
    ("participation_rate", 1, 1, "市民活動への参加率", "Share of citizens in civic activities",
     "%", "%", 1, 294, 2024, 350),
    ("meister_graduates", 1, 2, "地域づくりマイスター養成講座の累計修了者数",
     "Graduates of the community leader course (cumulative)", "人", "people", 0, 369, 2025, 500),
    ("website_visits", 1, 3, "なやプラザホームページの年間アクセス数",
     "Visits to the Naya Plaza website a year", "件", "visits", 0, 17923, 2024, 25000),
    ("course_participants", 2, 1, "市民活動団体向け講座参加者数（年間）",
     "Participants in courses for civic groups a year", "人", "people", 0, 91, 2024, 120),
    ("association_members", 2, 2, "自治会加入率", "Households in neighbourhood associations",
     "%", "%", 1, 837, 2024, 900),
    ("registered_groups", 2, 3, "市民活動団体登録数", "Registered civic groups", "団体", "groups",
     0, 87, 2025, 100),
    ("centre_users", 3, 2, "市民活動センター利用者数（年間）",
     "Users of the civic activity centre a year", "人", "people", 0, 594, 2024, 1000),
    ("joint_work", 4, 1, "市が市民協働により実施している取り組み数（年間）",
     "Activities the city carries out together with citizens a year", "件", "activities", 0, 163,
     2025, 175),
    ("joined_departments", 4, 2, "市民協働事業における市役所内連携の件数（累計）",
     "Cooperation between departments in joint projects (cumulative)", "件", "cases", 0, 29, 2025,
     40),
)  # fmt: skip
PLAN_JA, PLAN_EN = "第3次四日市市市民協働促進計画", "Third city plan for civic cooperation"


def prepare(session: Session, *, now: datetime, carried_over: bool = True) -> None:
    """Bring taxonomy, agreements and indicator up to date; safe to repeat.

    ``carried_over``: the employers counted before this service are added to what it counts. Give
    False when the past itself was entered as projects (the sample city does).
    """
    taxonomy.load(session)
    consents.publish_texts(session, now)
    if session.get(Indicator, EMPLOYERS) is None:
        _add_indicator(session, carried_over=carried_over)
    _add_the_plans(session)
    session.flush()


def _add_indicator(session: Session, *, carried_over: bool) -> None:
    opening = COUNTED_BEFORE if carried_over else 0
    session.add(
        Indicator(
            code=EMPLOYERS,
            label_ja="プロボノ事業に参加したプロボノワーカーの所属企業・団体数（累計）",
            label_en="Employers of pro bono workers (cumulative)",
            unit_ja="者",
            unit_en="employers",
            baseline=36,
            baseline_year=2024,
            target=50,
            target_year=TARGET_YEAR,
            opening_gross=opening,
            opening_distinct=opening,
        )
    )
    session.flush()
    session.add(
        IndicatorDefinition(
            indicator=EMPLOYERS,
            version=1,
            text_ja=DEFINITION_JA,
            text_en=DEFINITION_EN,
            from_on=date(2020, 4, 1),
        )
    )
    if carried_over:
        session.add_all(
            IndicatorFigure(
                indicator=EMPLOYERS,
                fiscal_year=year,
                gross=gross,
                source_ja=SOURCE_JA,
                source_en=SOURCE_EN,
            )
            for year, gross in BEFORE
        )


def _add_the_plans(session: Session) -> None:
    """The indicators that are entered by hand, each with its baseline as the first figure."""
    known = set(session.exec(select(Indicator.code)))
    for code, section, position, ja, en, unit_ja, unit_en, decimals, value, year, target in PLAN:
        if code in known:
            continue
        session.add(
            Indicator(
                code=code, label_ja=ja, label_en=en, unit_ja=unit_ja, unit_en=unit_en,
                baseline=value, baseline_year=year, target=target, target_year=TARGET_YEAR,
                section=section, position=position, decimals=decimals, counted=False,
                baseline_provisional=year == PROVISIONAL_YEAR,
            )
        )  # fmt: skip
        session.flush()
        session.add(
            IndicatorFigure(
                indicator=code, fiscal_year=year, gross=value,
                provisional=year == PROVISIONAL_YEAR, source_ja=PLAN_JA, source_en=PLAN_EN,
            )
        )  # fmt: skip
