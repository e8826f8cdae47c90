"""What every installation holds before anybody signs up: words, agreements, the indicator."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import Session

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


def prepare(session: Session, *, now: datetime, carried_over: bool = True) -> None:
    """Bring taxonomy, agreements and indicator up to date; safe to repeat.

    ``carried_over``: the employers counted before this service are added to what it counts. Give
    False when the past itself was entered as projects (the sample city does).
    """
    taxonomy.load(session)
    consents.publish_texts(session, now)
    if session.get(Indicator, EMPLOYERS) is None:
        _add_indicator(session, carried_over=carried_over)
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
            target_year=2030,
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
