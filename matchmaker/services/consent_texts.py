"""The words people agree to, by purpose. A change is a new version; an old one is never edited."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from matchmaker.models import ConsentPurpose


@dataclass(frozen=True)
class Text:
    """One version of one agreement, in both languages."""

    purpose: ConsentPurpose
    version: int
    published_on: date
    ja: str
    en: str


TERMS_1 = Text(
    ConsentPurpose.TERMS,
    1,
    date(2026, 4, 1),
    ja="""\
このサービスは、市内の市民活動団体と、仕事の力を貸したい人（プロボノワーカー）を結ぶためのものです。

1. 参加は自由です。お誘いは、どちらの側も断ることができます。断っても不利になることはありません。
2. 活動は無償です。交通費や材料費が必要なときは、始める前に団体と話し合って決めます。
3. 登録した内容は、組み合わせの案をつくること、連絡すること、活動の記録をまとめることに使います。ほかの目的には使いません。
4. 氏名と連絡先は、コーディネーターが確認し、案を送るまで、相手に見えません。勤め先には、本人が別に同意したときだけ見えます。
5. 活動の中で知ったことは、相手の了解なしに外に出しません。活動が終わった後も同じです。
6. 成果物の使い方は、始める前に団体と話し合って決めます。成果について、市やコーディネーターが保証することはありません。
7. 宗教や政治の宣伝、営利を目的とした依頼や勧誘には使えません。
8. 登録した内容は、いつでも見て、直して、やめることができます。やめた後も、人数などの集計は、個人がわからない形で残ります。
9. 事実と違う登録や、相手を困らせる使い方があったときは、コーディネーターが話を聞いたうえで、利用を止めることがあります。""",
    en="""\
This service brings together civic groups in the city and people who want to lend their professional skills.

1. Taking part is voluntary. Either side may decline any offer, and declining never counts against you.
2. The work is unpaid. If travel or materials cost money, you and the group agree on that before you start.
3. What you register is used to propose matches, to contact you and to keep a record of activities. It is used for nothing else.
4. Your name and contact details stay hidden from the other side until a coordinator has checked the proposal and sent it. Your employer sees them only if you agree to that separately.
5. What you learn during the work is not passed on without the other side's consent, also after the work has ended.
6. You and the group agree beforehand how the results may be used. Neither the city nor the coordinators guarantee the results.
7. The service may not be used for religious or political campaigning, or to ask or recruit for profit.
8. You can look at, correct or withdraw what you registered at any time. Totals remain afterwards, in a form that identifies nobody.
9. If details are untrue, or somebody uses the service to trouble others, a coordinator will listen to those concerned and may then stop that use.""",
)

EMPLOYER_REPORT_1 = Text(
    ConsentPurpose.EMPLOYER_REPORT,
    1,
    date(2026, 4, 1),
    ja="""\
勤め先が、社員の社会貢献活動としてあなたの参加を数えるために、次の内容を名前とともに見ることに同意します。

見える内容：あなたの氏名、参加したプロジェクトの名前と期間、団体の名前、活動の分野と地区、活動した時間（自分の時間・勤務時間の別）
見えない内容：スキルと希望、断ったお誘い、評価と感想、連絡先、住まい
見る人：下に示す勤め先の、市に登録された担当者
期間：下で選んだ日まで。その後は見えなくなります

同意は自由です。同意しなくても、参加に変わりはありません。いつでも取りやめることができ、取りやめるとすぐに見えなくなります。すでに勤め先がまとめた報告書の数字は、そのまま残ることがあります。""",
    en="""\
I agree that my employer may see the following with my name, in order to count my participation among its employees' community activities.

What they see: my name; the title and dates of projects I took part in; the group's name; the field and district of the activity; the hours I gave (own time and working time apart)
What they do not see: my skills and wishes, offers I declined, evaluations and comments, my contact details, where I live
Who sees it: the officers registered with the city for the employer named below
Until when: the date chosen below. After that it can no longer be seen

Agreeing is voluntary; taking part does not depend on it. I can withdraw at any time, and my employer stops seeing it at once. Figures in reports my employer has already drawn up may remain.""",
)

TEXTS = (TERMS_1, EMPLOYER_REPORT_1)


def newest(purpose: ConsentPurpose) -> Text:
    """The version people are asked to agree to now."""
    return max((text for text in TEXTS if text.purpose == purpose), key=lambda text: text.version)
