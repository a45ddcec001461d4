"""The glossary: every term once, in order, with a file that exists or "not modelled"."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
GLOSSARY = ROOT / "docs" / "glossary.md"

# Every subject of the source article, whether Tinel computes it or not.
ARTICLE = """
atrophy, axonal transport, axonotmesis, B vitamins, brace, carpal tunnel syndrome, complex
regional pain syndrome, compression, constriction, cutaneous branch, diabetes, EMG, exercise,
fascicle, fibre, fluoroscopy, gabapentin, graft, grip strength, hydrodissection, incidence,
infection, laceration, magnesium, massage, MR neurography, myelin, nerve conduction study, nerve
growth factors, neurapraxia, neuropathic pain, neurotmesis, numbness, orthobiologics, peroneal
nerve, physical therapy, platelet-rich plasma, pregabalin, regeneration, repair, scar, sciatic
nerve, sheath, symptom, tingling, ulnar nerve, ultrasound, vitamin B12, weakness
"""
FIELD = """
arm, branch, checkpoint, chronaxie, CMAP, denervation, evidence grade, F wave, fibrillation,
finding, FLUT, fraction, H reflex, internode, Kv1, lamellae, landmark, MRC grade, MYSA, neuroma,
node, paranode, rheobase, SNAP, sprouting, STIN, study, Sunderland grade, target, Tinel's sign,
twin, Wallerian degeneration
"""


def rows(heading: str) -> list[list[str]]:
    """The cells of the table that begins with this head."""
    lines = GLOSSARY.read_text(encoding="utf-8").splitlines()
    start = lines.index(heading) + 2
    table = []
    for line in lines[start:]:
        if not line.startswith("|"):
            break
        table.append([cell.strip() for cell in line.strip().strip("|").split("|")])
    return table


def terms() -> list[list[str]]:
    """The table of terms: term, meaning, path, words not to write."""
    return rows("| term | means | leads to | not |")


def words(text: str) -> list[str]:
    return [word.strip().replace("\n", " ") for word in text.split(",")]


def test_every_line_has_a_term_a_meaning_and_a_lead() -> None:
    table = terms()
    assert len(table) >= 120
    for cells in table:
        assert len(cells) == 4, cells
        term, meaning, lead, _ = cells
        assert term and meaning and lead, cells
        assert not meaning.endswith("."), f"{term}: one phrase without a full stop"


def test_terms_are_sorted_and_unique() -> None:
    names = [cells[0] for cells in terms()]
    assert names == sorted(names, key=str.casefold)
    assert len(names) == len({name.casefold() for name in names})


@pytest.mark.parametrize("cells", terms(), ids=lambda cells: cells[0])
def test_the_path_exists(cells: list[str]) -> None:
    lead = cells[2]
    if lead == "not modelled":
        return
    found = re.fullmatch(r"`([^`]+)`", lead)
    assert found, f"{cells[0]}: a path in backticks or 'not modelled', not {lead}"
    assert (ROOT / found[1]).is_file(), f"{cells[0]}: {found[1]} does not exist"


@pytest.mark.parametrize("wanted", words(ARTICLE) + words(FIELD))
def test_the_article_and_the_field_are_covered(wanted: str) -> None:
    assert wanted in {cells[0] for cells in terms()}
