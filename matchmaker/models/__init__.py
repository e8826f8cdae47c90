"""The tables. Foreign keys point only up the flow; importing this registers them all."""

from matchmaker.models.accounts import (
    Account,
    AccountRole,
    AccountState,
    AccountToken,
    LoginSession,
    SignInFailure,
    StaffRole,
    TokenPurpose,
)
from matchmaker.models.approvals import Decision, DecisionAct
from matchmaker.models.audit import AuditEntry, AuditHead
from matchmaker.models.base import metadata, new_id
from matchmaker.models.companies import Company, CompanyOfficer
from matchmaker.models.consents import Consent, ConsentPurpose, ConsentText
from matchmaker.models.indicators import Indicator, IndicatorDefinition, IndicatorFigure
from matchmaker.models.jobs import ImportBatch, ImportState, Job, JobState
from matchmaker.models.needs import (
    Mode,
    Need,
    NeedField,
    NeedForm,
    NeedState,
    Role,
    RoleSkill,
    Urgency,
    Wish,
)
from matchmaker.models.notices import Notice, NoticeState
from matchmaker.models.outcomes import Outcome, Side
from matchmaker.models.profiles import (
    DeclaredConflict,
    Group,
    GroupField,
    GroupKind,
    GroupMember,
    MemberRole,
    Partnership,
    Professional,
    ProfessionalField,
    ProfessionalSkill,
    ProfileState,
    Relation,
)
from matchmaker.models.projects import HoursEntry, Payer, Project, ProjectMember, ProjectState
from matchmaker.models.proposals import HELD, Proposal, ProposalState, Reply
from matchmaker.models.rounds import (
    OPEN_ROUND,
    MarkKind,
    PolicyVersion,
    Round,
    RoundMark,
    RoundNeed,
    RoundPerson,
    RoundState,
)
from matchmaker.models.taxonomy import ActivityField, District, Menu, Skill

__all__ = [name for name in dir() if not name.startswith("_")]
