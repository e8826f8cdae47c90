"""What a group enters about a need, step by step."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from matchmaker.models import Mode, NeedForm, Urgency
from matchmaker.services.commands import (
    Choice,
    Choices,
    Code,
    CodeList,
    Command,
    Date,
    Flag,
    Languages,
    LongText,
    Number,
    ShortText,
    Slots,
    Version,
    Whole,
    in_order,
)
from matchmaker.taxonomy.goals import NUMBERS

NeededHours = Annotated[float, Number(0.5, 40)]


class FormAndSize(Command):
    """How much work it is: the form, the weeks, the hours a week of one person."""

    form: Annotated[str, Choice(NeedForm)]
    weeks: Annotated[int, Whole(1, 52)]
    hours_per_week: NeededHours
    version: Version


class Story(Command):
    """What troubles the group, what there is at the end, what the professional takes home."""

    title: Annotated[str, ShortText(120)]
    summary: Annotated[str, LongText(4000, 20)]
    deliverable: Annotated[str, LongText(2000)]
    gain: Annotated[str, LongText(1000)]
    fields: CodeList
    goals: Annotated[list[str], Choices(NUMBERS)] = Field(default_factory=list)
    version: Version


class AskedSkill(Command):
    """A skill of a role: from which level on, and whether the work cannot start without it."""

    skill: Code
    min_level: Annotated[int, Whole(1, 4)] = 1
    essential: Flag = False


class RoleEntry(Command):
    """One part in the work: how many people, what they must be able to do."""

    title: Annotated[str, ShortText(120)]
    seats: Annotated[int, Whole(1, 6)]
    essential: Flag = False
    hours_per_week: NeededHours | None = None
    skills: list[AskedSkill]
    version: Version


class Schedule(Command):
    """When and where."""

    starts_on: Date | None = None
    ends_on: Date | None = None
    slots: Slots = Field(default_factory=list)
    mode: Annotated[str, Choice(Mode)]
    district: Code | None = None
    languages: Languages = Field(default_factory=list)
    urgency: Annotated[str, Choice(Urgency)]
    urgency_reason: Annotated[str, LongText(400)] = ""
    version: Version

    @model_validator(mode="after")
    def dates_in_order(self) -> Schedule:
        in_order(self.starts_on, self.ends_on, field="ends_on")
        return self


class Answers(Command):
    """The readiness tests, question by question."""

    scope_one_result: Flag
    scope_small_start: Flag
    knowledge_material: Flag
    knowledge_keeper: Flag
    people_answer: Flag
    people_agreed: Flag
    urgency_wanted: Flag
    urgency_time: Flag
    version: Version
