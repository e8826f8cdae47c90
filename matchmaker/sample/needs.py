"""Needs from hand-written stories, with their roles and the skills these ask for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from matchmaker.sample.bodies import Group, GroupMaker
from matchmaker.sample.city import Row, Texts
from matchmaker.sample.pools import numbered, pool, stream
from matchmaker.taxonomy import menu

Story = Mapping[str, Any]
_MOST_NEEDS_OF_A_GROUP = 2


@dataclass
class Need:
    """A need: its story, its group, its dates, and the ids of its roles."""

    id: str
    story: Story
    group: Group
    starts_on: date
    ends_on: date
    roles: dict[str, Mapping[str, Any]] = field(default_factory=dict)  # role id -> role

    def row(self) -> Row:
        """The row of ``needs.csv``."""
        story = self.story
        hours = max(role["hours_per_week"] for role in story["roles"])
        return {
            "id": self.id,
            "group_id": self.group.id,
            "title": story["title_ja"],
            "form": story["form"],
            "menu": story["menu"],
            "mode": story["mode"],
            "district": story.get("district", self.group.district),
            "starts_on": self.starts_on.isoformat(),
            "ends_on": self.ends_on.isoformat(),
            "hours_per_week": str(hours),
            "slots": story.get("slots", ""),
            "fields": self.group.pattern["fields"],
            "languages": story.get("languages", ""),
            "urgency": story["urgency"],
        }

    def role_rows(self) -> Iterator[Row]:
        """The rows of ``roles.csv``."""
        for role_id, role in self.roles.items():
            yield {
                "id": role_id,
                "need_id": self.id,
                "title": role["title_ja"],
                "seats": str(role["seats"]),
                "essential": "yes" if role["essential"] else "no",
                "hours_per_week": str(role["hours_per_week"]),
            }

    def skill_rows(self) -> Iterator[Row]:
        """The rows of ``role_skills.csv``."""
        for role_id, role in self.roles.items():
            for asked in role["skills"]:
                yield {
                    "role_id": role_id,
                    "skill": asked["skill"],
                    "min_level": str(asked["min_level"]),
                    "essential": "yes" if asked["essential"] else "no",
                    "weight": str(asked["weight"]),
                }

    def texts(self) -> Texts:
        """Title, summary, deliverable and gain in both languages."""
        return story_texts(self.story, ("title", "summary", "gain"))


def story_texts(story: Story, names: tuple[str, ...]) -> Texts:
    """The named texts of a story, and its deliverable (the menu's where it has none)."""
    found = {f"{name}_{tongue}": story[f"{name}_{tongue}"] for name in names for tongue in _TONGUES}
    given = menu(story["menu"])
    found["deliverable_ja"] = story.get("deliverable_ja", given.deliverable_ja)
    found["deliverable_en"] = story.get("deliverable_en", given.deliverable_en)
    return found


_TONGUES = ("ja", "en")


def current_stories() -> list[Story]:
    """Stories of needs that are open now."""
    return [story for story in pool("stories") if not story.get("past")]


def past_stories() -> list[Story]:
    """Stories of projects that were finished in past years."""
    return [story for story in pool("stories") if story.get("past")]


def make_needs(seed: int, count: int, maker: GroupMaker, as_of: date) -> list[Need]:
    """``count`` needs; each story is told once before any is told again.

    Needs marked so belong to a group that already has one, as long as it has a single need.
    """
    rng = stream(seed, "needs")
    stories = _told(rng, count)
    ids = iter(numbered("n", count))
    groups: dict[str, list[Group]] = {}
    needs = []
    for story in stories:
        group = _group_for(story, groups, maker)
        need_id = next(ids)
        starts = as_of + timedelta(days=rng.randint(21, 42))
        ends = starts + timedelta(days=7 * story["weeks"] - 1)
        need = Need(need_id, story, group, starts, ends)
        need.roles = {f"{need_id}-{i}": role for i, role in enumerate(story["roles"], start=1)}
        group.needs.append(need_id)
        waited = rng.randint(4, 20) * rng.randint(4, 20)
        group.waiting_since = group.waiting_since or (as_of - timedelta(days=waited)).isoformat()
        needs.append(need)
    return needs


def _told(rng: Random, count: int) -> list[Story]:
    told: list[Story] = []
    while len(told) < count:
        once = current_stories()
        rng.shuffle(once)
        once.sort(key=lambda story: bool(story.get("same_group")))
        told += once
    return told[:count]


def _group_for(story: Story, groups: dict[str, list[Group]], maker: GroupMaker) -> Group:
    """The group that tells this story: a new one, or one that already has a need."""
    known = groups.setdefault(story["group"], [])
    if story.get("same_group"):
        for group in known:
            if len(group.needs) < _MOST_NEEDS_OF_A_GROUP:
                return group
    if not maker.left:  # more needs than groups: those with the fewest needs ask again
        told = known or [group for same in groups.values() for group in same]
        return min(told, key=lambda group: (len(group.needs), group.id))
    known.append(maker.make(story["group"]))
    return known[-1]
