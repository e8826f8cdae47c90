"""One figure, one value: page, PDF, Excel and CSV of a lived year against a second counting."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlmodel import Session

from matchmaker.services import demo_people
from tests.page_rules import own_text
from tests.pages import Page, Pages
from tests.sample.lived import TODAY, YEARS, Books, signed_in, year_of
from tests.sample.recount import (
    FEW,
    CompanyBooks,
    counted_projects,
    day_of,
    participations,
    programme,
    reported_minutes,
    unmet_of,
)
from tests.web.test_papers import paper, words

pytestmark = pytest.mark.xdist_group("lived")

RATE = 3000
UNITS = ["時間", "円", "時間", "人", "団体", "件", "件", "件", "点", "件"]
PROGRAMME = ["回", "件", "件", "件", "件", "団体", "人", "事業者", "事業者", "時間", "時間",
             "件", "件", "点"]  # fmt: skip


def said(value: float | None, unit: str = "") -> str:
    """A figure as a Japanese reader sees it."""
    if value is None:
        return "–"
    text = f"{value:,.2f}".rstrip("0").rstrip(".") if value % 1 else f"{value:,.0f}"
    return text + unit


def gap(value: float | None, before: float | None) -> float | None:
    return None if value is None or before is None else round(value - before, 2)


def signed(value: float | None) -> str:
    if value is None:
        return "–"
    return ("+" if value > 0 else "−" if value < 0 else "±") + said(abs(value))


def spent(hours: float) -> str:
    """Hours in words."""
    return f"{said(hours)}時間" if hours else "記録なし"


def rows_of(page: Page, caption: str) -> list[list[str]]:
    """The cells of the table with this caption, without blanks."""
    found = [
        table for table in page.all("table")
        if any("".join(own_text(each).split()) == caption for each in table.iter() if
               each.tag.endswith("caption"))
    ]  # fmt: skip
    assert found, f"{page.url}: no table “{caption}”"
    (table,) = found
    lines = [row for row in table.iter() if row.tag.endswith("tr")][1:]
    return [["".join("".join(cell.itertext()).split()) for cell in row] for row in lines]


def sheets(pages: Pages, url: str) -> dict[str, list[tuple[Any, ...]]]:
    """Name of a sheet → its rows without the header."""
    book = load_workbook(io.BytesIO(pages.client.get(url).data))
    return {each.title: list(each.iter_rows(min_row=2, values_only=True))
            for each in book.worksheets}  # fmt: skip


def on_paper(text: str, rows: Iterable[Iterable[str]]) -> None:
    """Every row stands in the paper's words, cell after cell."""
    for row in rows:
        joined = "".join("".join(row).split())
        assert joined in text, joined


def figure_rows(
    now: list[float | None], before: list[float | None] | None, units: list[str]
) -> Iterator[tuple[float | None, str, float | None, float | None]]:
    """(figure, unit, year before, difference)."""
    past = before or [None] * len(now)
    assert len(now) == len(past) == len(units)
    for value, unit, last in zip(now, units, past, strict=True):
        yield value, unit, last, gap(value, last)


@pytest.fixture
def names(books: Books) -> Mapping[str, Mapping[str, str]]:
    """Table → code → Japanese name."""
    return {
        table: {str(row["code"]): row["label_ja"] for row in getattr(books, table)}
        for table in ("activity_field", "district", "skill")
    }


@pytest.mark.parametrize("year", YEARS)
def test_a_companys_page_paper_workbook_and_table_say_the_same(
    site: Flask,
    city: Session,
    books: Books,
    names: Mapping[str, Mapping[str, str]],
    year: int,
) -> None:
    pages = signed_in(site, city, "company")
    account = next(r["id"] for r in books.account if r["email"] == demo_people.address("company"))
    bodies = [row["company_id"] for row in books.company_officer if row["account_id"] == account]
    people = {row["id"]: row["name"] for row in books.professional}
    told = 0
    for company in bodies:
        own = CompanyBooks(books, company)
        assert own.first is not None
        page = pages.get(f"/company/{company}/hour-value?lang=ja")
        pages.submit(page.form("/hour-value"), value=str(RATE), source="人事部の平均")
        page = pages.get(f"/company/{company}?year={year}&lang=ja")
        text = words(paper(pages, f"/company/{company}/participation.pdf?year={year}&lang=ja"))
        book = sheets(pages, f"/company/{company}/participation.xlsx?year={year}&lang=ja")
        parts = sorted(
            (people[row["professional_id"]], own.projects[row["project_id"]]["title"],
             own.hours([row], year, "company"), own.hours([row], year, "own"))
            for row in own.parts(year)
        )  # fmt: skip
        answer = pages.client.get(f"/company/{company}/participation.csv?year={year}&lang=ja")
        table = list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"))))[1:]
        assert sorted((r[1], r[3], float(r[8]), float(r[9])) for r in table) == parts
        assert sorted((r[1], r[3], r[8], r[9]) for r in book["参加の状況"]) == parts
        if not parts:
            assert "同意した方はいません" in page.text()
            continue
        shown = rows_of(page, "同意した社員の参加")
        assert sorted(row[-2:] for row in shown) == sorted(
            [spent(hours) for hours in part[2:]] for part in parts
        )
        on_paper(text, ([spent(part[2]), spent(part[3])] for part in parts))

        back = range(max(own.first, year - 4), year + 1)
        lines = [[each, *own.line(each)] for each in back]
        assert [list(row) for row in book["年度ごとの値"]] == lines
        if len(lines) > 1:
            era = [[f"令和{int(line[0]) - 2018}年度", *map(said, line[1:4])] for line in lines]
            assert (
                rows_of(page, "年度ごとの値")
                == [
                    [*row, *(spent(each) for each in line[4:])]
                    for row, line in zip(era, lines, strict=True)
                ][::-1]
            )
            on_paper(text, ([*row, *map(spent, line[4:])]
                            for row, line in zip(era, lines, strict=True)))  # fmt: skip

        for name, counted in (
            ("活動分野", {names["activity_field"][k]: n for k, n in own.themes(year).items()}),
            ("地区", {names["district"].get(str(k), "不明"): n
                      for k, n in own.districts(year).items()}),
        ):  # fmt: skip
            assert dict(book[name]) == counted
            assert {row[0]: row[1] for row in rows_of(page, name)} == {
                key: said(count) for key, count in counted.items()
            }
            on_paper(text, ([key, said(count)] for key, count in counted.items()))
        goals = {str(goal): count for goal, count in own.goals(year).items()}
        assert {str(row[0]).split()[0]: row[1] for row in book["SDGs"]} == goals
        assert sorted(row[1] for row in rows_of(page, "SDGs")) == sorted(map(said, goals.values()))

        before = own.figures(year - 1, RATE) if year > own.first else None
        figures = list(figure_rows(own.figures(year, RATE), before, UNITS))
        sheet = book["投入・活動・成果"]
        assert [row[2:6] for row in sheet] == figures
        for row, (value, unit, last, _gap) in zip(sheet, figures, strict=True):
            assert isinstance(row[2], int | float) or value is None, "a text instead of a number"
            assert unit
            assert last is None or isinstance(row[4], int | float)
        in_words = [
            [said(value, unit), said(last, unit), signed(apart)]
            for value, unit, last, apart in figures
        ]
        assert [row[2:] for row in rows_of(page, "投入・活動・成果")] == in_words
        on_paper(text, ([row[0], row[1], *told] for row, told in zip(sheet, in_words, strict=True)))
        strip = [page.text(".facts")]
        people_count, groups, _projects, company_hours, own_hours = own.line(year)
        assert all(said(round(each, 1)) in strip[0]
                   for each in (people_count, groups, company_hours, own_hours))  # fmt: skip
        told += len(parts)
    assert told or year < 2025


@pytest.mark.parametrize("year", YEARS)
def test_the_committee_reads_the_same_on_page_paper_and_in_the_workbook(
    site: Flask,
    city: Session,
    books: Books,
    names: Mapping[str, Mapping[str, str]],
    year: int,
) -> None:
    pages = signed_in(site, city, "city")
    page = pages.get(f"/city/years/{year}?lang=ja")
    text = words(paper(pages, f"/city/years/{year}/pack.pdf?lang=ja"))
    book = sheets(pages, f"/city/years/{year}/pack.xlsx?lang=ja")
    before = programme(books, year - 1) if year > YEARS[0] else None
    figures = list(figure_rows(programme(books, year), before, PROGRAMME))
    assert [row[1:] for row in book["プロボノ事業"]] == figures
    in_words = [
        [said(value, unit), said(last, unit), signed(apart)] for value, unit, last, apart in figures
    ]
    assert [row[1:] for row in rows_of(page, "この年度のプロボノ事業")] == in_words
    on_paper(
        text,
        ([row[0], *told] for row, told in zip(book["プロボノ事業"], in_words, strict=True)),
    )

    missing = {names["skill"][code]: count for code, count in unmet_of(books, year).items()}
    assert dict(book["応えられなかったニーズ"]) == missing
    if missing:
        assert dict(rows_of(page, "応えられなかったニーズ")) == {
            name: said(count) for name, count in missing.items()
        }
        on_paper(text, ([name, said(count)] for name, count in missing.items()))

    shares = participations(books)
    entered = {(r["indicator"], r["fiscal_year"]): r for r in books.indicator_figure}
    rows = book["指標"]
    for indicator in books.indicator:
        scale = 10 ** indicator["decimals"]
        mine = [row for row in rows if row[1] == indicator["label_ja"]]
        assert {row[2] for row in mine} <= {indicator["unit_ja"]}
        assert {row[6] for row in mine} <= {indicator["target"] / scale}
        for row in mine:
            kept = entered.get((indicator["code"], row[3]))
            if kept:
                value = (
                    kept["distinct_count"] if kept["distinct_count"] is not None else kept["gross"]
                )
                assert row[4] == value / scale
                assert (row[5] == "はい") == bool(kept["provisional"])
            else:
                assert indicator["counted"]
                assert row[4] == len(
                    {c for on, _p, c in shares if on.year - (on.month < 4) <= row[3]}
                )
        if mine:
            last = max(mine, key=lambda row: row[3])
            star = "★" if last[5] else ""
            amount = f"{last[4]:,.{indicator['decimals']}f}{indicator['unit_ja']}"
            on_paper(text, [[f"{star}{amount}"]])


def test_citizens_read_the_same_on_the_page_and_in_the_table(site: Flask, books: Books) -> None:
    pages = Pages(site.test_client())
    page = pages.get("/figures?lang=ja")
    answer = pages.client.get("/figures.csv?lang=en")
    table = list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig"))))
    told = {(row["figure"], row["of"]): row["value"] for row in table}
    counted = dict(public_figures(books))
    assert told.keys() == counted.keys()
    withheld = [key for key, value in told.items() if not value]
    for key in withheld:
        figure, _of = key
        same = [counted[each] for each in told if each[0] == figure]
        assert any(0 < value < FEW for value in same) or figure.endswith("minutes"), key
    given = {key: int(value) for key, value in told.items() if value}
    assert given == {key: counted[key] for key in given}
    assert all(value == 0 or value >= FEW for (figure, _of), value in given.items()
               if not figure.startswith("open_needs"))  # fmt: skip
    assert len(given) > len(told) // 2
    years = rows_of(page, "年度ごとの値")
    for name, *cells in years:
        year = 2018 + int(name.removeprefix("令和").split("年度")[0])
        expected = [
            told[f"year_{figure}", str(year)] for figure in ("agreed", "finished", "people")
        ] + [
            told[f"year_{payer}_minutes", str(year)] and said(int(minutes) / 60).replace(",", "")
            for payer in ("own", "company")
            for minutes in [told[f"year_{payer}_minutes", str(year)] or "0"]
        ]
        assert [cell.replace(",", "") for cell in cells] == [each or "＊" for each in expected]
    for caption, figure in (
        ("活動分野ごとのプロジェクト", "projects_by_field"),
        ("地区ごとのプロジェクト", "projects_by_district"),
        ("スキルごとの募集中のニーズ", "open_needs_by_skill_family"),
        ("活動分野ごとの募集中のニーズ", "open_needs_by_field"),
        ("地区ごとの募集中のニーズ", "open_needs_by_district"),
    ):
        shown = dict(rows_of(page, caption))
        assert shown == {
            "".join(row["of_name"].split()): row["value"] or "＊"
            for row in csv.DictReader(
                io.StringIO(
                    pages.client.get("/figures.csv?lang=ja").get_data().decode("utf-8-sig")
                ),
                ["figure", "name", "of", "of_name", "value", "unit"],
            )
            if row["figure"] == figure
        }


def public_figures(books: Books) -> Iterator[tuple[tuple[str, str], int]]:
    """((figure, of what), value) of everything the public dashboard counts, nothing withheld."""
    projects = counted_projects(books)
    needs, groups = books.by_id("need"), books.by_id("civic_group")
    for year in YEARS:
        agreed = [r for r in projects.values() if year_of(day_of(r["agreed_on"])) == year]
        figures = programme(books, year)
        yield ("year_agreed", str(year)), len(agreed)
        yield ("year_finished", str(year)), int(figures[4] or 0)
        yield ("year_people", str(year)), int(figures[6] or 0)
        for payer in ("own", "company"):
            yield (
                (f"year_{payer}_minutes", str(year)),
                reported_minutes(books, payer=payer, year=year),
            )
    fields = fields_of(books.need_field, "need_id")
    of_groups = fields_of(books.group_field, "group_id")
    counts: dict[str, Counter[str]] = {name: Counter() for name in (
        "projects_by_field", "projects_by_district", "open_needs_by_field",
        "open_needs_by_district", "open_needs_by_skill_family")}  # fmt: skip
    for row in projects.values():
        need = needs[row["need_id"]]
        counts["projects_by_field"].update(
            fields.get(need["id"]) or of_groups.get(row["group_id"], set())
        )
        counts["projects_by_district"][
            need["district"] or groups[row["group_id"]]["district"] or "city"
        ] += 1
    parents = {row["code"]: row["parent"] or row["code"] for row in books.skill}
    roles = books.by_id("role")
    asked: dict[str, set[str]] = {}
    for row in books.role_skill:
        asked.setdefault(roles[row["role_id"]]["need_id"], set()).add(parents[row["skill"]])
    for id in open_needs(books):
        counts["open_needs_by_field"].update(fields.get(id, set()))
        counts["open_needs_by_district"][
            needs[id]["district"] or groups[needs[id]["group_id"]]["district"] or "city"
        ] += 1
        counts["open_needs_by_skill_family"].update(asked.get(id, set()))
    for name, counted in counts.items():
        for code, count in counted.items():
            yield (name, code), count


def fields_of(rows: Iterable[dict[str, Any]], key: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for row in rows:
        found.setdefault(row[key], set()).add(row["field"])
    return found


def open_needs(books: Books) -> set[str]:
    """Needs that are offered to everybody on the day."""
    return {
        row["id"]
        for row in books.need
        if row["state"] in ("open", "in_round")
        and (not row["ends_on"] or day_of(row["ends_on"]) >= TODAY)
    }
