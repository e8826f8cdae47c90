"""A list that others use for skilled volunteering (Do-it, 67 skills) finds a home in ours."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

from matchmaker.taxonomy import skills

LIST = Path(__file__).parents[2].parent / "shared" / "data" / "doit_skills" / "doit_skills.csv"

OURS = {
    "Renewables Designer": "renewable-energy",
    "Energy Advice": "renewable-energy",
    "Engineering": "engineering",
    "Feasibility Studies": "business-planning",
    "Solar / Wind Design": "renewable-energy",
    "Other (Energy-related)": "renewable-energy",
    "Environmental": "environment",
    "Management Consultancy": "management-consulting",
    "Strategic Development & Planning": "strategic-planning",
    "Commissioning / Contracting": "procurement",
    "Business Plans": "business-planning",
    "Business Development / Sales": "sales-planning",
    "Strategic Mentoring / Coaching": "coaching",
    "Governance": "governance",
    "Legal / Legal Advice": "legal-advice",
    "Public Speaking": "public-speaking",
    "Bookkeeping": "bookkeeping",
    "Financial Management": "financial-planning",
    "Fundraising Events": "fundraising-events",
    "Fundraising Research / Bid Writing": "grant-writing",
    "Finance": "financial-planning",
    "Accountancy / Auditing": "accounting",
    "Fundraising Strategy": "fundraising-strategy",
    "Campaigning": "advocacy",
    "Event Management": "event-management",
    "Public Relations": "public-relations",
    "Marketing Strategy": "marketing-strategy",
    "Marketing": "marketing-strategy",
    "Social Media / Social Media Marketing": "sns-marketing",
    "Copywriting / Journalism": "copywriting",
    "Networking": "sales-planning",
    "Data Analysis": "data-analysis",
    "Network / System Management": "network-admin",
    "SEO & Analytics": "web-analytics",
    "CRM / Database Development": "database",
    "Software & Web Development": "software-development",
    "Web Design (UX/UI)": "web-design",
    "Digital & IT Strategy": "it-strategy",
    "Digital Trustees": "governance",
    "Project Management / Product Owner": "project-management",
    "General / Operations Management": "operations-improvement",
    "HR": "hr-management",
    "Office & Administration Management": "office-administration",
    "Volunteer Management": "volunteer-management",
    "Change Management": "change-management",
    "Project / Programme Management": "project-management",
    "Organisational Policy & Governance": "governance",
    "Data Protection / GDPR": "personal-data",
    "Safeguarding": "safeguarding",
    "Health & Safety": "health-safety",
    "User Research": "interview-research",
    "Market Research": "market-research",
    "Business Advice / Analysis": "business-analysis",
    "Service Design": "service-design",
    "Research (Qualitative / Quantitative)": "survey-design",
    "Illustration": "illustration",
    "Film / Video Production": "video-production",
    "Photography": "photography",
    "Graphic Design": "graphic-design",
    "Architecture / Surveying": "architecture",
    "Property Management": "facility-management",
    "Rural & Town Planning": "urban-planning",
    "Advice / Advocacy": "advocacy",
    "Social Care / Counselling": "counselling",
    "Teaching / Education": "teaching",
    "Mentoring / Coaching": "coaching",
    "Training": "training",
}


def test_each_of_their_skills_is_one_of_ours():
    if not LIST.exists():
        if os.environ.get("CI") == "true":
            pytest.fail(f"{LIST.name} is absent")
        pytest.skip(f"{LIST.name} is absent")
    with LIST.open(encoding="utf-8") as lines:
        theirs = [row["skill"] for row in csv.DictReader(lines)]
    assert len(theirs) == 67
    assert set(theirs) == set(OURS)


def test_the_mapping_leads_to_skills_that_exist():
    leaves = {skill.code for skill in skills() if skill.parent}
    assert set(OURS.values()) <= leaves
