"""Builder: the files of a small municipality without mistakes, and ways to put one in."""

from __future__ import annotations

from pathlib import Path

FILES = {
    "municipality.yaml": """\
key: proeveby
name: Prøveby Kommune
number: 326
sender:
  name: Skoleafdelingen
  address: skoler@proeveby.example
  domain: proeveby.example
office_hours:
  first: 08:00
  last: 16:00
digest_to: [administration]
due_soon_days: 14
""",
    "schools.yaml": """\
groups:
  - key: north
    name: Nord
schools:
  - number: 000123
    name: Årby Skole
    group: north
    leader: leder.aarby@proeveby.example
    opened: 2010-08-01
    closed: 2030-07-31
  - number: 323003
    name: Rørby Skole
    group: north
    leader: leder.roerby@proeveby.example
""",
    "contacts.yaml": """\
contacts:
  - role: administration
    name: Skoleafdelingen
    address: skoler@proeveby.example
  - role: director
    name: Direktøren
    address: direktoer@proeveby.example
  - role: consultant
    name: Konsulenten i nord
    address: konsulent@proeveby.example
    school_group: north
""",
    "school_holidays.yaml": """\
years:
  - school_year: 2026/27
    holidays:
      - {name: Efterårsferie, first: 2026-10-10, last: 2026-10-18}
      - {name: Juleferie, first: 2026-12-22, last: 2027-01-03}
otherwise:
  autumn_week: 42
  christmas_first: 12-22
""",
    "wheel.yaml": """\
ladders:
  standard:
    - {days: -3, stage: reminder, to: [school_leader]}
    - {days: 7, stage: escalation, to: [consultant, school_leader]}
activities:
  - key: spring_extract
    title: Dataudtræk
    kind: extract
    per: municipality
    opens: start-05-01
    due: start-06-30
    owner: administration
    extract:
      source: files
      indicators: [absence]
  - key: local_goals
    title: Skolens mål
    kind: deliverable
    per: school
    opens: start-08-01
    due: start-09-30
    owner: school_leader
    ladder: standard
    every_years: 2
    first_school_year: 2018/19
    fields:
      - key: goal
        title: Skolens mål
      - key: percent
        title: Fravær
        type: number
        minimum: 0
        maximum: 7,5
      - key: level
        title: Hvordan går det?
        type: choice
        choices: [godt, skidt]
      - key: plan
        title: Planen
        type: file
  - key: dialogue
    title: Samtale
    kind: dialogue
    per: school
    opens: start-09-01
    due: start-10-last
    owner: director
    participants: [school_leader]
    ends_in: local_goals
    after: [spring_extract]
    meeting:
      minutes: 90
      start_times: [09:00, 13:00]
      question_guide: question_guides/samtale.md
""",
    "goals.yaml": """\
focus_areas:
  - key: well_being
    title: Fravær og trivsel
goals:
  - key: absence
    title: Fraværet er højst 6,5 %
    focus_area: well_being
    per: municipality
    indicator: absence
    target:
      type: at_most
      value: 6,5
    deadline: 2027-06-30
  - key: goals_set
    title: Alle skoler har mål
    focus_area: well_being
    per: school
    deliverable: local_goals
    field: goal
    target:
      type: count_per_school
      count: 1
    deadline: 2026/27
efforts:
  - key: together
    title: Fælles om fravær
    goals: [absence]
    first_school_year: 2018/19
    last_school_year: 2020/21
    schools: [000123]
""",
}


def folder(root: Path, *changes: tuple[str, str, str]) -> Path:
    """Write the municipality into `root`/proeveby; each change is (file, old text, new text)."""
    texts = dict(FILES)
    for file, old, new in changes:
        assert texts[file].count(old) >= 1, f"»{old}« is not in {file}"
        texts[file] = texts[file].replace(old, new, 1)
    made = root / "proeveby"
    (made / "question_guides").mkdir(parents=True)
    (made / "question_guides" / "samtale.md").write_text("Hvad går godt?\n", encoding="utf-8")
    for file, text in texts.items():
        (made / file).write_text(text, encoding="utf-8")
    return made
