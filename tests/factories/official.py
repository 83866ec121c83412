"""The department's published figures with invented numbers: the long files as they are printed."""

from __future__ import annotations

from collections.abc import Iterable

_CENSUS = (
    "time_period,time_identifier,geographic_level,country_code,country_name,region_name,region_code,school_urn,"
    "old_la_code,new_la_code,la_name,estab,school_name,school_laestab,phase_type_grouping,trust,open_date,"
    "school_time,attendance_pattern,sex,breakdown_topic,breakdown,pupil_count,pupil_percent"
)
_RETURN = (
    "time_period,time_identifier,geographic_level,country_code,country_name,region_code,region_name,old_la_code,"
    "new_la_code,la_name,breakdown_topic,breakdown,child_count,child_percent,rate_per_100"
)


def census_lines(
    schools: Iterable[tuple[object, str, str, object]], *, period: str = "202526", header: bool = True
) -> list[str]:
    """The school census: each school is (URN as printed, DfE number, name, children as printed)."""
    lines = [_CENSUS] if header else []
    for urn, dfe, name, children in schools:
        first = f"{period},Academic year,School,E92000001,England,North East,E12000001,{urn},{dfe[:3]},E09999999,"
        school = f'Eastmere,{dfe[3:]},"{name}",{dfe},State-funded primary,z,,32.50'
        lines.append(f"{first}{school},Total,Total,Total,Total,{children},x")
        lines.append(f"{first}{school},Total,Female,Total,Total,100,x")
        lines.append(f"{first}{school},Part-time,Total,Total,Total,7,x")
        lines.append(f"{first}{school},Total,Total,Age,Aged 4,30,x")
    return lines


def return_lines(
    areas: Iterable[tuple[int, str, object]],
    *,
    period: str = "202526",
    term: str = "Autumn term",
    header: bool = True,
) -> list[str]:
    """A termly return of councils: each area is (code, name, children as printed)."""
    lines = [_RETURN] if header else []
    for code, name, children in areas:
        first = f"{period},{term},Local authority,E92000001,England,E12000001,North East,{code},E09999999,{name}"
        lines.append(f"{first},Total,Total,{children},100,1.5")
        lines.append(f"{first},Sex,Female,190,52,x")
        lines.append(f"{first},Year group,Reception,low,low,x")
    return lines


def as_file(lines: Iterable[str]) -> str:
    """The lines as the department's CSV."""
    return "".join(f"{line}\r\n" for line in lines)
