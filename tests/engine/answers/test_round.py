"""Questions about the whole round: whom to recruit, how sure, how fair, the indicator."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations_with_replacement

import pytest

from matchmaker.engine import Policy, match
from matchmaker.engine.answers.fair import fairness, served_counts, worst_served
from matchmaker.engine.answers.forecast import forecast
from matchmaker.engine.answers.recruit import Profile, _profiles, recruit
from matchmaker.engine.answers.sure import sure
from matchmaker.engine.market import Group, Market, Past, Professional, ProfessionalSkill, Wish
from matchmaker.engine.outcome import Outcome
from matchmaker.engine.policy import DEFAULT_WEIGHTS
from matchmaker.engine.solution import Levels
from matchmaker.errors import Refusal
from tests.engine.answers.rounds import proposals, small_round, staffings
from tests.engine.markets import START, one_pair
from tests.engine.oracle import value_of

COUNTS = (
    "groups_served",
    "urgent_staffed",
    "important_staffed",
    "ordinary_staffed",
    "total_score",
)


def joined_by(outcome: Outcome, profiles: tuple[Profile, ...]) -> Outcome:
    """The round with one newcomer of each profile, as somebody would enter them."""
    market = outcome.snapshot.market
    names = [f"z{at}" for at in range(len(profiles))]
    people = [
        Professional(
            name,
            name,
            modes=(each.mode,),
            hours_per_week=float(each.hours) or None,
            slots=(each.slot,) if each.slot else (),
            languages=each.languages,
        )
        for name, each in zip(names, profiles, strict=True)
    ]
    skills = [
        ProfessionalSkill(name, code, level)
        for name, each in zip(names, profiles, strict=True)
        for code, level in each.skills
    ]
    wider = replace(
        market,
        professionals=(*market.professionals, *people),
        professional_skills=(*market.professional_skills, *skills),
    )
    return match(wider, replace(outcome.snapshot.policy, as_of=market.last_day)).outcome


def counts(outcome: Outcome) -> tuple[int, ...]:
    return tuple(outcome.solution.levels[name] for name in COUNTS)


@pytest.mark.parametrize("seed", [2, 8, 14])
def test_the_best_newcomers_are_the_best_of_all_profiles(seed: int) -> None:
    outcome = small_round(seed, 6, 5)
    answer = recruit(outcome, together=2)
    profiles = sorted(set(_profiles(outcome)))
    assert answer.considered == len(profiles) == answer.possible
    for found in answer.together:
        best = max(
            counts(joined_by(outcome, chosen))
            for chosen in combinations_with_replacement(profiles, found.people)
        )
        now = outcome.solution.levels
        assert tuple(now[name] - found.loss[name] for name in COUNTS) == best
        seats = tuple(profile for profile, _ in found.seats)
        then = joined_by(outcome, seats)
        assert counts(then) == best


@pytest.mark.parametrize("seed", [2, 8, 14])
def test_what_one_newcomer_unlocks_alone(seed: int) -> None:
    outcome = small_round(seed, 6, 5)
    answer = recruit(outcome)
    told = {each.profile: each for each in answer.alone}
    for profile in sorted(set(_profiles(outcome))):
        then = joined_by(outcome, (profile,))
        new = {
            outcome.need_id(at)
            for at in range(len(outcome.solution.staffed))
            if then.solution.staffed[at] and not outcome.solution.staffed[at]
        }
        if profile in told:
            now = outcome.solution.levels
            assert tuple(now[name] - told[profile].loss[name] for name in COUNTS) == counts(then)
            assert set(told[profile].staffed) == new or counts(then)[-1] == now["total_score"]
            assert told[profile].needs
        else:
            assert not new
    ranks = [-len(each.needs) for each in answer.alone]
    assert ranks == sorted(ranks)


@pytest.mark.parametrize("seed", [1, 7])
def test_a_pair_is_sure_when_whole_new_rounds_have_it(seed: int) -> None:
    outcome = small_round(seed, 9, 5)
    market = outcome.snapshot.market
    seats = {}
    for name in DEFAULT_WEIGHTS:
        for percent in (-25, 25):
            weights = {each: 4 * weight for each, weight in DEFAULT_WEIGHTS.items()}
            weights[name] += DEFAULT_WEIGHTS[name] * percent // 25
            seats[name, percent] = proposals(match(market, Policy(weights=weights)).outcome)
    answers = sure(outcome)
    assert [(each.person_id, each.role_id) for each in answers] == proposals(outcome)
    for each in answers:
        pair = each.person_id, each.role_id
        held = {(trial.feature, trial.percent): trial.holds for trial in each.trials}
        assert held == {key: pair in found for key, found in seats.items()}
        assert each.holds == all(held.values())


def test_the_nearest_break_is_the_smallest_whole_number() -> None:
    broken = 0
    for seed in (3, 12):
        outcome = small_round(seed, 9, 5)
        market = outcome.snapshot.market
        answers = sure(outcome)
        reach = answers[0].reach
        kept: dict[tuple[str, int], list[tuple[str, str]]] = {}
        for name, most in reach.items():
            for change in range(-most, most + 1):
                weights = DEFAULT_WEIGHTS | {name: DEFAULT_WEIGHTS[name] + change}
                kept[name, change] = proposals(match(market, Policy(weights=weights)).outcome)
        for each in answers:
            pair = each.person_id, each.role_id
            lost = [key for key, found in kept.items() if pair not in found]
            nearest = min((abs(change) for _, change in lost), default=None)
            expected = {key for key in lost if abs(key[1]) == nearest}
            assert {(found.feature, found.change) for found in each.nearest} == expected
            broken += bool(expected)
    assert broken


def test_only_proposals_are_sure_of_anything() -> None:
    outcome = small_round(1)
    role = proposals(outcome)[0][1]
    seated = {person for person, _ in proposals(outcome)}
    someone = next(r.id for r in outcome.snapshot.market.professionals if r.id not in seated)
    with pytest.raises(Refusal, match="not_proposed"):
        sure(outcome, [(someone, role)])


@pytest.mark.parametrize("seed", range(10))
def test_the_worst_fit_rises_as_far_as_any_staffing_of_the_same_counts_allows(seed: int) -> None:
    outcome = small_round(seed)
    answer = fairness(outcome)
    names = COUNTS[:-1]
    now = tuple(outcome.solution.levels[name] for name in names)
    every = [value_of(outcome.problem, chosen) for chosen in staffings(outcome.problem)]
    best = max(each["worst_fit"] for each in every if tuple(each[n] for n in names) == now)
    chosen = tuple(outcome.solution.pairs.tolist())
    assert answer.worst_fit == value_of(outcome.problem, chosen)["worst_fit"]
    assert answer.raised_fit == best
    assert (answer.raising.loss or {})["total_score"] >= 0


@pytest.mark.parametrize("seed", range(10))
def test_envy_is_a_better_own_score_on_a_seat_that_others_hold(seed: int) -> None:
    outcome = small_round(seed, 12, 6)
    problem, seats = outcome.problem, proposals(outcome)
    score = {outcome.pair_ids(k): int(problem.pair_score[k]) for k in range(len(problem.pair_role))}
    expected = {}
    for person in {name for name, _ in score}:
        mine = max((score[pair] for pair in seats if pair[0] == person), default=0)
        others = {
            role: score[person, role]
            for name, role in score
            if name == person
            and (person, role) not in seats
            and any(held == role for _, held in seats)
        }
        if others and max(others.values()) > mine:
            expected[person] = (max(others.values()), mine)
    found = fairness(outcome).envy
    assert {each.person_id: (each.score, each.held) for each in found} == expected
    assert all(each.holders for each in found)
    gaps = [each.held - each.score for each in found]
    assert gaps == sorted(gaps)


def one_person_two_groups() -> Market:
    """One person wishes for the need of g1 and could as well serve the neighbourhood group g2."""
    market = one_pair(market={"wishes": (Wish("p1", "n1", 1),)})
    need, role, asked = market.needs[0], market.roles[0], market.role_skills[0]
    return replace(
        market,
        groups=(*market.groups, Group("g2", "自治会", kind="neighbourhood")),
        needs=(need, replace(need, id="n2", group_id="g2")),
        roles=(role, replace(role, id="r2", need_id="n2")),
        role_skills=(asked, replace(asked, role_id="r2")),
    )


def test_a_guarantee_has_its_price() -> None:
    market = one_person_two_groups()
    plain = match(market, Policy()).outcome
    outcome = match(market, Policy(guarantees={"neighbourhood": 1})).outcome
    assert (proposals(plain), proposals(outcome)) == ([("p1", "r1")], [("p1", "r2")])
    rows = {each.name: each for each in fairness(outcome).served}
    kept, unpromised = rows["neighbourhood"], rows["first_time"]
    assert (kept.groups, kept.served, kept.guaranteed) == (1, 1, 1)
    assert (unpromised.guaranteed, unpromised.price) == (None, None)
    assert kept.price
    totals = [each.solution.levels["total_score"] for each in (outcome, plain)]
    assert (kept.price.loss or {})["total_score"] == totals[0] - totals[1] < 0
    assert kept.price.gained == (("p1", "r1"),)
    assert served_counts(plain)["neighbourhood"] == (0, 1)


def test_days_waited_end_or_go_on() -> None:
    outcome = small_round(2, 12, 6)
    answer, problem = fairness(outcome), outcome.problem
    groups = set(problem.need_group.tolist())
    assert sum(answer.group_days) == sum(int(problem.group_wait[g]) for g in groups)
    assert sum(answer.person_days) == int(problem.person_wait.sum())
    ties = outcome.solution.levels["tie_waiting"]
    assert answer.group_days[0] + answer.person_days[0] == ties
    assert worst_served(outcome)[0] in {row.id for row in outcome.snapshot.market.needs}


def employed(market: Market) -> Market:
    """Everybody has an employer, two people share each, and one employer took part before."""
    people = tuple(
        replace(row, company_id=f"c{at // 2}" if at % 5 else "")
        for at, row in enumerate(market.professionals)
    )
    return replace(
        market,
        professionals=people,
        history=(*market.history, Past(people[1].id, market.groups[0].id, START)),
    )


@pytest.mark.parametrize("seed", range(8))
def test_the_forecast_counts_employers_with_and_without_each_proposal(seed: int) -> None:
    market = employed(small_round(seed, 12, 6).snapshot.market)
    outcome = match(market, Policy(levels=Levels())).outcome
    company = {row.id: row.company_id for row in market.professionals}
    before = {company[row.professional_id] for row in market.history} - {""}
    seats = proposals(outcome)

    def employers(pairs: list[tuple[str, str]]) -> int:
        return len(before | ({company[person] for person, _ in pairs} - {""}))

    certain = seats[:1]
    answer = forecast(outcome, certain)
    assert (answer.before, answer.low, answer.high) == (
        len(before),
        employers(certain),
        employers(seats),
    )
    assert [(each.person_id, each.role_id) for each in answer.open] == seats[1:]
    for each in answer.open:
        pair = (each.person_id, each.role_id)
        assert each.alone == employers([*certain, pair])
        assert each.without == employers([other for other in seats if other != pair])
    assert {each.company_id for each in answer.new} == (
        {company[person] for person, _ in seats} - before - {""}
    )
