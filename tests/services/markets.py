"""A tiny market folder that uses every column, and ways to spoil one cell of it."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping

FULL: dict[str, str] = {
    "skills": """code,label_ja,label_en,parent
money,お金,Money,
accounting,会計・経理,Accounting,money
leaflets,チラシ,Leaflets,
""",
    "districts": """code,label_ja,label_en,lat,lon
tokiwa,常磐,Tokiwa,34.966,136.604
""",
    "companies": """id,name,corporate_number,in_city
c1,みほん工業,7000012050002,yes
c2,見本商店,,
""",
    "professionals": """id,name,kana,email,company_id,district,modes,reach_km,hours_per_week,\
available_from,available_until,slots,capacity,fields,languages,relation,waiting_since,any_project
p1,青木 花,あおき はな,hana@example.jp,c1,tokiwa,remote;onsite,12.5,3,2026-12-01,2027-03-31,\
mon-eve;sat-am,2,npo-01;local,en;ja,resident,2026-08-01,yes
p2,髙﨑 ①郎,,,,,,,,,,,,,,,,
""",
    "professional_skills": """professional_id,skill,level
p1,accounting,3
""",
    "groups": """id,name,kind,district,fields,waiting_since,last_supported_on
g1,さくらの会,volunteer,tokiwa,npo-01,2026-05-01,2025-03-31
g2,=みほん自治会,neighbourhood,,,,
""",
    "needs": """id,group_id,title,form,menu,mode,district,starts_on,ends_on,hours_per_week,slots,\
fields,languages,urgency
n1,g1,さくら祭りのチラシ,team,leaflet,hybrid,tokiwa,2026-12-10,2027-02-28,2,sat-am,npo-01,ja,urgent
""",
    "roles": """id,need_id,title,seats,essential,hours_per_week
r1,n1,会計,1,yes,1.5
r2,n1,チラシ,2,no,
""",
    "role_skills": """role_id,skill,min_level,essential,weight
r1,accounting,2,yes,2
""",
    "wishes": """professional_id,need_id,rank
p1,n1,1
""",
    "conflicts": """professional_id,group_id,reason
p1,g2,家族が役員
""",
    "history": """professional_id,group_id,ended_on,rating
p1,g1,2025-03-31,5
""",
}


def texts(name: str) -> str:
    """A file of the full market."""
    return FULL[name]


def folder_bytes(name: str, change: Mapping[str, str]) -> str:
    """The file ``name`` with some cells of its first row replaced."""
    rows = list(csv.DictReader(io.StringIO(FULL[name])))
    rows[0] |= change
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def zipped(files: Mapping[str, str | bytes], encoding: str = "utf-8") -> bytes:
    """A zip of CSV files, as a coordinator would send it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in files.items():
            archive.writestr(
                f"market/{name}.csv", text.encode(encoding) if isinstance(text, str) else text
            )
    return out.getvalue()
