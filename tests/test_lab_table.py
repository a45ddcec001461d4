"""Tables as laboratories print them: the same findings from every layout, or a refusal.

The layouts follow what machines and laboratories print (one row per site, one table per nerve, one
wide table, several languages); their numbers are made up. Nothing may be read wrongly in silence: a
changed table is read to the same values, refused, or the row is listed.
"""

from __future__ import annotations

import io
import json
import random
import time
import zipfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from tinel.case import parse
from tinel.case.finding_text import as_toml
from tinel.cli import main
from tinel.errors import TinelError
from tinel.evidence import Parameters
from tinel.lab_table.days import Days, injury_date, read_date
from tinel.lab_table.grid import text_of
from tinel.lab_table.lab import Lab, lab_text, parse_lab
from tinel.lab_table.paste import read_report
from tinel.lab_table.reading import Reading
from tinel.lab_table.rules import Rules
from tinel.lab_table.show import as_data, columns_text, findings_text
from tinel.lab_table.study import known_studies
from tinel.lab_table.table import is_lab_table, read_table, read_text
from tinel.lab_table.words import vocabulary

NUMBERS = Parameters.of_evidence()
MUTATIONS = 8  # of each kind and layout


def rules(lab: Lab | None = None, **changed: Any) -> Rules:
    given: dict[str, Any] = {"days": Days(42), "nerve": "", **changed}
    return Rules("t.csv", lab, parameters=given.pop("parameters", NUMBERS), **given)


def told(reading: Reading) -> list[str]:
    """Every finding in one line; of a value whose state is no number, the state."""
    lines = []
    for one in reading.findings:
        o = one.observed
        value = f"{o.low:g} {o.unit}" if o.low == o.high else o.state
        if o.state == "range":
            value = f"{o.low:g} to {o.high:g} {o.unit}"
        lines.append(f"{o.side} {o.subject}{' @' if o.site else ''}{o.site} {o.quantity} {value}")
    return sorted(lines)


@dataclass(frozen=True)
class Layout:
    """A table's text, how it is read, and the findings expected."""

    text: str
    expected: list[str]
    paste: bool = False
    lab: str = ""
    left_out: int = 0
    also: list[str] = field(default_factory=list)  # where the reason to leave it out is gone
    options: dict[str, Any] = field(default_factory=dict)

    def read(self, text: str | None = None) -> Reading:
        it = self.text if text is None else text
        how = rules(parse_lab(self.lab) if self.lab else None, **self.options)
        return read_report(it, how) if self.paste else read_text(it, how)


MEDIAN = [
    "right median motor (APB) @wrist onset latency 3.4 ms",
    "right median motor (APB) @wrist amplitude 8.5 mV",
    "right median motor (APB) @antecubital fossa onset latency 7.6 ms",
    "right median motor (APB) @antecubital fossa amplitude 8.1 mV",
    "right median motor (APB) @antecubital fossa to wrist velocity 55 m/s",
]
ULNAR = [
    "left ulnar motor (ADM) @wrist onset latency 2.9 ms",
    "left ulnar motor (ADM) @wrist amplitude 7 mV",
    "left ulnar motor (ADM) @below elbow onset latency 6.5 ms",
    "left ulnar motor (ADM) @below elbow amplitude 6.6 mV",
    "left ulnar motor (ADM) @above elbow onset latency 9.5 ms",
    "left ulnar motor (ADM) @above elbow amplitude 2.1 mV",
    "left ulnar motor (ADM) @below elbow to wrist velocity 61 m/s",
    "left ulnar motor (ADM) @above elbow to below elbow velocity 33 m/s",
]
FIBULAR = [
    "left fibular motor (EDB) @ankle amplitude absent",
    "left fibular motor (TA) @below fibular head onset latency 3.8 ms",
    "left fibular motor (TA) @below fibular head amplitude 0.4 mV",
]
SENSORY = [
    "right median sensory (digit 2) @wrist onset latency 2.6 ms",
    "right median sensory (digit 2) @wrist peak latency 3.3 ms",
    "right median sensory (digit 2) @wrist amplitude 25 µV",
    "right median sensory (digit 2) @wrist velocity 54 m/s",
]
SURAL = [
    "left sural sensory @calf peak latency 3.9 ms",
    "left sural sensory @calf peak-to-peak amplitude 12 µV",
]
NEEDLE = [
    "left tibialis anterior insertional activity 2 0 to 2",
    "left tibialis anterior fibrillations 3 0 to 4+",
    "left tibialis anterior positive sharp waves 2 0 to 4+",
    "left tibialis anterior recruitment 1 0 to 4",
    "left gastrocnemius insertional activity 1 0 to 2",
    "left gastrocnemius fibrillations 0 0 to 4+",
    "left gastrocnemius positive sharp waves 0 0 to 4+",
    "left gastrocnemius recruitment 4 0 to 4",
]

LAYOUTS: dict[str, Layout] = {
    "one row per site, everything named": Layout(
        "Side,Nerve,Muscle,Site,Latency (ms),Amplitude (mV),Velocity (m/s),Distance (mm)\n"
        "R,Median,APB,Wrist,3.4,8.5,,80\n"
        "R,Median,APB,Elbow,7.6,8.1,55,230\n",
        MEDIAN,
    ),
    "nerve named once": Layout(
        "Nerve,Side,Muscle,Site,Lat (ms),Amp (mV),CV (m/s)\n"
        "Median,Right,APB,Wrist,3.4,8.5,\n,,,Elbow,7.6,8.1,55\n"
        "Ulnar,Left,ADM,Wrist,2.9,7.0,\n,,,B.Elbow,6.5,6.6,61\n,,,A.Elbow,9.5,2.1,33\n",
        MEDIAN + ULNAR,
    ),
    "nerve, side and muscle on a line of their own": Layout(
        "Nerve / Sites,Muscle,Latency,Amplitude,Segments,Distance,Velocity\n"
        ",,ms,mV,,mm,m/s\n"
        "R Median - APB,,,,,,\n"
        "Wrist,APB,3.4,8.5,Wrist - APB,80,\n"
        "Elbow,APB,7.6,8.1,Elbow - Wrist,230,55\n",
        MEDIAN,
    ),
    "segments in columns of their own, limits between": Layout(
        "Motor Summary Table,,,,,,,,,,,\n"
        "Stim Site,NR,Onset (ms),Norm Onset (ms),O-P Amp (mV),Norm O-P Amp,Site1,Site2,"
        "Delta-0 (ms),Dist (cm),Vel (m/s),Norm Vel (m/s)\n"
        "Right Median Motor (Abd Poll Brev),,,,,,,,,,,\n"
        "Wrist,,3.4,<4.2,8.5,>5,Elbow,Wrist,4.2,23.0,55,>50\n"
        "Elbow,,7.6,,8.1,,,,,,,\n",
        MEDIAN,
    ),
    "the same as text, columns aligned": Layout(
        "Motor Summary Table\n\n"
        "Stim Site   NR   Onset (ms)   O-P Amp (mV)   Site1   Site2   Dist (cm)   Vel (m/s)\n"
        "Left Ulnar Motor (Abd Dig Minimi)\n"
        "Wrist               2.9           7.0       B Elbow  Wrist      22.0         61\n"
        "B Elbow             6.5           6.6       A Elbow  B Elbow    10.0         33\n"
        "A Elbow             9.5           2.1\n",
        ULNAR,
        paste=True,
    ),
    "German, semicolons and decimal commas": Layout(
        "Nerv;Seite;Muskel;Reizort;Latenz (ms);Amplitude (mV);NLG (m/s)\n"
        "N. medianus;rechts;APB;Handgelenk;3,4;8,5;\n"
        "N. medianus;rechts;APB;Ellenbogen;7,6;8,1;55\n",
        MEDIAN,
    ),
    "German, ulnar nerve along the sulcus": Layout(
        "Seite\tNerv\tMuskel\tReizort\tDML [ms]\tAmplitude [mV]\tNLG [m/s]\n"
        "li.\tN. ulnaris\tADM\tHandgelenk\t2,9\t7,0\t\n"
        "li.\tN. ulnaris\tADM\tdistal Sulcus\t6,5\t6,6\t61\n"
        "li.\tN. ulnaris\tADM\tproximal Sulcus\t9,5\t2,1\t33\n",
        ULNAR,
    ),
    "French": Layout(
        "Côté;Nerf;Muscle enregistré;Point de stimulation;Latence (ms);Amplitude (mV);"
        "Vitesse (m/s)\n"
        "D;Nerf médian;APB;Poignet;3,4;8,5;\n"
        "D;Nerf médian;APB;Coude;7,6;8,1;55\n",
        MEDIAN,
    ),
    "Spanish": Layout(
        "Lado;Nervio;Músculo;Sitio de estímulo;Latencia (ms);Amplitud (mV);Velocidad (m/s)\n"
        "Izq;Nervio cubital;ADM;Muñeca;2,9;7,0;\n"
        "Izq;Nervio cubital;ADM;Debajo del codo;6,5;6,6;61\n"
        "Izq;Nervio cubital;ADM;Encima del codo;9,5;2,1;33\n",
        ULNAR,
    ),
    "rows about the patient before the table": Layout(
        "Hospital of X;;;;;;\nName;A B;;;;;\nBorn;1.1.1980;;;;;\n;;;;;;\n"
        "Side;Nerve;Muscle;Site;Lat (ms);Amp (mV);CV (m/s)\n"
        "right;median;APB;wrist;3.4;8.5;\nright;median;APB;elbow;7.6;8.1;55\n",
        MEDIAN,
    ),
    "quoted headers with line breaks": Layout(
        '"Side","Nerve","Muscle","Site","Latency\n(ms)","Amplitude\n(mV)","CV\n(m/s)"\n'
        '"R","Median","APB","Wrist","3.4","8.5",""\n"R","Median","APB","Elbow","7.6","8.1","55"\n',
        MEDIAN,
    ),
    "commas between cells, decimal commas in quotes": Layout(
        "Side,Nerve,Muscle,Site,Latency (ms),Amplitude (mV),CV (m/s)\n"
        'R,Median,APB,Wrist,"3,4","8,5",\nR,Median,APB,Elbow,"7,6","8,1",55\n',
        MEDIAN,
    ),
    "microvolts and seconds": Layout(
        "Side,Nerve,Muscle,Site,Latency (s),Amplitude (uV),CV (m/s)\n"
        "R,Median,APB,Wrist,0.0034,8500,\nR,Median,APB,Elbow,0.0076,8100,55\n",
        MEDIAN,
    ),
    "units in each cell": Layout(
        "Side,Nerve,Muscle,Site,Latency,Amplitude,Velocity\n"
        "R,Median,APB,Wrist,3.4 ms,8.5 mV,\nR,Median,APB,Elbow,7.6 ms,8.1 mV,55 m/s\n",
        MEDIAN,
    ),
    "marks beyond the limits": Layout(
        "Side,Nerve,Muscle,Site,Latency (ms),Limit,Amplitude (mV),Limit,CV (m/s)\n"
        "R,Median,APB,Wrist,3.4,<4.2,8.5,>4,\nR,Median,APB,Elbow,*7.6,,8.1 ↓,,55*\n",
        MEDIAN,
    ),
    "no response by a word": Layout(
        "Side,Nerve,Muscle,Site,Latency (ms),Amplitude (mV)\n"
        "L,Peroneal,EDB,Ankle,NR,NR\nL,Peroneal,TA,Below fib head,3.8,0.4\n",
        FIBULAR,
    ),
    "no response in a column, amplitude 0": Layout(
        "Side,Nerve,Muscle,Site,NR,Latency (ms),Amplitude (mV)\n"
        "L,Deep peroneal,EDB,Ankle,NR,,0.0\nL,Deep peroneal,TA,B. Fib,,3.8,0.4\n",
        FIBULAR,
    ),
    "a laboratory's own words": Layout(
        "S,N,Rec,Stim,ML,MA\nL,FIB,EDB,FUSS,-,-\nL,FIB,TA,KNIE2,3.8,0.4\n",
        FIBULAR,
        lab='no_response = ["-"]\n[columns]\nS = "side"\nN = "nerve"\nRec = "recording"\n'
        'Stim = "site"\nML = { holds = "latency", unit = "ms" }\n'
        'MA = { holds = "amplitude", unit = "mV" }\n'
        '[nerves]\nFIB = "fibular"\n[sites]\nFUSS = "ankle"\nKNIE2 = "below fibular head"\n',
    ),
    "dashes where nothing belongs": Layout(
        "Side,Nerve,Muscle,Site,Lat (ms),Amp (mV),Dur (ms),CV (m/s),Dist (mm)\n"
        "R,Median,APB,Wrist,3.4,8.5,-,-,--\nR,Median,APB,Elbow,7.6,8.1,-,55,-\n",
        MEDIAN,
    ),
    "0 is no response, by the mapping file": Layout(
        "Side,Nerve,Muscle,Site,Lat,Amp\nleft,fibular,EDB,ankle,0,0\n"
        "left,fibular,TA,below knee,3.8,0.4\n",
        FIBULAR,
        lab='no_response = ["0"]\n[columns]\nSide = "side"\nNerve = "nerve"\n'
        'Muscle = "recording"\nSite = "site"\nLat = { holds = "latency", unit = "ms" }\n'
        'Amp = { holds = "amplitude", unit = "mV" }\n',
    ),
    "usual muscles by the mapping file": Layout(
        "Side;Nerve;Site;Lat (ms);Amp (mV);CV (m/s)\n"
        "R;Median motor;Wrist;3.4;8.5;\nR;Median motor;Elbow;7.6;8.1;55\n",
        MEDIAN,
        lab='[columns]\nSide = "side"\nNerve = "nerve"\nSite = "site"\n'
        '"Lat (ms)" = { holds = "latency", unit = "ms" }\n'
        '"Amp (mV)" = { holds = "amplitude", unit = "mV" }\n'
        '"CV (m/s)" = { holds = "velocity", unit = "m/s" }\n'
        '[recorded]\n"median motor" = "abductor pollicis brevis"\n',
    ),
    "sensory, onset and peak": Layout(
        "Side,Nerve,Record,Site,Onset (ms),Peak (ms),O-P Amp (µV),CV (m/s)\n"
        "R,Median,Dig II,Wrist,2.6,3.3,25,54\n",
        SENSORY,
    ),
    "sensory, by a line with the finger": Layout(
        "Anti Sensory Summary Table\n"
        "Stim Site  Onset (ms)   Peak (ms)   O-P Amp (µV)   Site1   Site2    Dist (cm)  Vel (m/s)\n"
        "Right Median Anti Sensory (2nd Digit)\n"
        "Wrist         2.6         3.3           25         Wrist   2nd Digit   14.0        54\n",
        SENSORY,
        paste=True,
    ),
    "sensory, what the columns mean in the mapping file": Layout(
        "Side,Nerve,Site,Lat (ms),Amp (µV)\nL,Sural,Calf,3.9,12\n",
        SURAL,
        lab='[columns]\nSide = "side"\nNerve = "nerve"\nSite = "site"\n'
        '"Lat (ms)" = { holds = "latency", unit = "ms" }\n'
        '"Amp (µV)" = { holds = "amplitude", unit = "µV" }\n'
        '[measured]\nsensory_latency = "peak"\nsensory_amplitude = "peak to peak"\n',
    ),
    "sensory latency that nobody defines": Layout(
        "Side,Nerve,Site,Lat (ms),P-P Amp (µV)\nL,Sural,Calf,3.9,12\n", SURAL[1:], left_out=1
    ),
    "motor and sensory in one table": Layout(
        "Side,Nerve,Record,Site,Onset (ms),Peak (ms),O-P Amp (mV/µV),CV (m/s)\n"
        "R,Median,APB,Wrist,3.4,,8.5,\nR,Median,APB,Elbow,7.6,,8.1,55\n"
        "R,Median,Digit 2,Wrist,2.6,3.3,25,54\n",
        MEDIAN + SENSORY,
    ),
    "two tables in one file": Layout(
        "Motor Nerve Conduction,,,,,\nNerve,Side,Muscle,Site,Lat (ms),Amp (mV)\n"
        "Ulnar,L,ADM,Wrist,2.9,7.0\n,,,,,\nSensory Nerve Conduction,,,,,\n"
        "Nerve,Side,Site,Peak Lat (ms),P-P Amp (uV),\nSural,L,Calf,3.9,12,\n",
        ULNAR[:2] + SURAL,
    ),
    "sites that Tinel lacks": Layout(
        "Side,Nerve,Muscle,Site,Lat (ms),Amp (mV)\n"
        "L,Ulnar,ADM,Wrist,2.9,7.0\nL,Ulnar,ADM,Mid forearm,5.0,6.8\n"
        "L,Phrenic,Diaphragm,Neck,7,1\n",
        ULNAR[:2],
        left_out=2,
    ),
    "velocity over two segments": Layout(
        "Side,Nerve,Muscle,Site,Lat (ms),Amp (mV),Segment,CV (m/s)\n"
        "L,Ulnar,ADM,Wrist,2.9,7.0,,\nL,Ulnar,ADM,A.Elbow,9.5,2.1,A.Elbow-Wrist,48\n",
        ULNAR[:2] + ULNAR[4:6],
        left_out=1,
    ),
    "a distance that Tinel does not use": Layout(
        "Side,Nerve,Record,Site,Onset (ms),Peak (ms),P-P Amp (µV),Dist (mm)\n"
        "L,Sural,Lat Mall,Calf,2.4,3.1,12,110\n",
        SURAL[1:],
        left_out=2,
        also=["left sural sensory @calf onset latency 2.4 ms",
              "left sural sensory @calf peak latency 3.1 ms"],
    ),
    "orthodromic responses": Layout(
        "Side,Nerve,Stim,Rec,Onset (ms),P-P Amp (µV)\n"
        "R,Median orthodromic,Wrist,Dig II,2.6,12\nL,Sural antidromic,Calf,,,12\n",
        SURAL[1:],
        left_out=1,
    ),
    "a bound instead of a value": Layout(
        "Side,Nerve,Muscle,Site,Amp (mV)\nL,Ulnar,ADM,Wrist,<0.1\n",
        ["left ulnar motor (ADM) @wrist amplitude -inf to 0.1 mV"],
    ),
    "days in a column": Layout(
        "Day,Side,Nerve,Muscle,Site,Amp (mV)\n10,L,Ulnar,ADM,Wrist,0.5\n90,L,Ulnar,ADM,Wrist,1.5\n",
        ["left ulnar motor (ADM) @wrist amplitude 0.5 mV",
         "left ulnar motor (ADM) @wrist amplitude 1.5 mV"],
        options={"days": Days()},
    ),
    "dates in a column": Layout(
        "Datum;Seite;Nerv;Muskel;Reizort;Amplitude (mV)\n"
        "15.03.2024;li;Ulnaris;ADM;Handgelenk;0,5\n",
        ["left ulnar motor (ADM) @wrist amplitude 0.5 mV"],
        options={"days": Days(None, injury_date("2024-03-05"))},
    ),
    "F waves": Layout(
        "Side,Nerve,Muscle,F Min Latency (ms),F Persistence (%),M Lat (ms)\n"
        "R,Ulnar,ADM,29.8,70,2.9\n",
        ["right ulnar F wave (ADM) @wrist minimum latency 29.8 ms",
         "right ulnar F wave (ADM) @wrist persistence 70 %"],
    ),
    "F waves under a title": Layout(
        "F Wave Studies\nNerve             Min F Lat\n                  ms\n"
        "R Tibial - AH     49.5\n",
        ["right tibial F wave (AH) @ankle minimum latency 49.5 ms"],
        paste=True,
    ),
    "needle, one row per muscle": Layout(
        "Side,Muscle,Nerve,Roots,Ins Act,Fibs,PSW,Fasc,Amp,Dur,Poly,Recrt,Comment\n"
        "Left,AntTibialis,Dp Br Fibular,L4-5,Incr,3+,2+,0,Nml,Nml,0,SU,x\n"
        "Left,MedGastroc,Tibial,S1-2,Nml,Nml,Nml,0,Nml,Nml,0,Nml,\n",
        NEEDLE,
        lab='[columns]\nSide = "side"\nMuscle = "recording"\n"Ins Act" = "insertion"\n'
        'Fibs = "fibrillations"\nPSW = "waves"\nRecrt = "recruitment"\n'
        '[places]\nAntTibialis = "tibialis anterior"\nMedGastroc = "gastrocnemius"\n',
    ),
    "needle, as text": Layout(
        "EMG Summary Table\n"
        "Muscle                   IA       Fib    PSW   Fasc   Recruitment\n"
        "L. Tibialis anterior     Incr     +++    ++    None   Single units\n"
        "L. Gastrocn (inner)      N        None   None  None   Normal\n"
        "L. Gastrocnemius         N        None   None  None   Normal\n"
        "L. Iliopsoas             N        None   None  None   Normal\n",
        NEEDLE,
        paste=True,
        left_out=2,
    ),
    "needle, German": Layout(
        "Seite;Muskel;Einstichaktivität;Fibrillationen;PSW;Rekrutierung\n"
        "li;Tibialis anterior;erhöht;3+;2+;Einzelentladungen\n"
        "li;Gastrocnemius;normal;keine;keine;dicht\n",
        NEEDLE,
    ),
    "text with single blanks": Layout(
        "Nerve / Sites Latency Amplitude\nms mV\nR Median - APB\n"
        "Wrist 3.4 8.5\nElbow 7.6 8.1\nAxilla 9.9\n",
        MEDIAN[:4],
        paste=True,
        left_out=1,
    ),
    "several nerves, each on a line of its own": Layout(
        "Anti Sensory Summary Table\n"
        "Stim Site   NR   Peak (ms)   P-P Amp (µV)   Site1   Site2    Dist (cm)\n"
        "Right Sup Peron Anti Sensory (Ant Lat Mall)  31.2°C\n"
        "14 cm       NR                              14 cm   Ant Lat Mall  14.0\n"
        "Left Sural Anti Sensory (Lat Mall)\n"
        "Calf               3.9            12        Calf    Lat Mall    14.0\n"
        "Left Unheard Anti Sensory (Wrist)\n"
        "Calf               3.1            14        Calf    Lat Mall    14.0\n",
        [*SURAL, "right superficial fibular sensory @leg amplitude absent"],
        paste=True,
        left_out=2,
    ),
    "text with bars": Layout(
        "| Nerve / Sites | Latency (ms) | Amplitude (mV) | Velocity (m/s) |\n"
        "|---|---|---|---|\n| R Median - APB | | | |\n"
        "| Wrist | 3.4 | 8.5 | |\n| Elbow | 7.6 | 8.1 | 55 |\n",
        MEDIAN,
        paste=True,
    ),
    "text with tabs and free lines": Layout(
        "Dear colleague,\nMotor NCS\nNerve / Sites\tLatency (ms)\tAmplitude (mV)\tVelocity (m/s)\n"
        "L Ulnar - ADM\nWrist\t2.9\t7.0\t\nB.Elbow\t6.5\t6.6\t61\nA.Elbow\t9.5\t2.1\t33\n"
        "Impression: ulnar neuropathy at the elbow.\n",
        ULNAR,
        paste=True,
        left_out=2,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_layout_is_read_to_its_findings(name: str) -> None:
    layout = LAYOUTS[name]
    reading = layout.read()
    assert told(reading) == sorted(layout.expected)
    assert len(reading.left_out) == layout.left_out, reading.left_out


def test_there_are_enough_layouts() -> None:
    assert len(LAYOUTS) >= 30


# ------------------------------------------------------------------ changed tables

WORDS = ("foo", "approx", "?", "see text", "cm", "old")
UNITS = ("(ms)", "[ms]", "(mV)", "[mV]", "(uV)", "(µV)", "(m/s)", "[m/s]", "(cm)", "(mm)", "(%)")


def mark_of(text: str) -> str:
    return max(";\t,|", key=lambda mark: min(line.count(mark) for line in text.splitlines()))


def cells_of(text: str) -> tuple[list[list[str]], str]:
    mark = mark_of(text)
    return [line.split(mark) for line in text.splitlines()], mark


def joined(rows: list[list[str]], mark: str) -> str:
    return "\n".join(mark.join(row) for row in rows) + "\n"


def inserted(text: str, draw: random.Random) -> str:
    lines = text.split("\n")
    k = draw.choice([k for k, line in enumerate(lines) if line.strip()])
    at = draw.choice([0, *(j for j, c in enumerate(lines[k]) if not c.isalnum()), len(lines[k])])
    lines[k] = f"{lines[k][:at]} {draw.choice(WORDS)} {lines[k][at:]}"
    return "\n".join(lines)


def without_unit(text: str, draw: random.Random) -> str:
    unit = draw.choice([unit for unit in UNITS if unit in text] or [" ms"])
    return text.replace(unit, "", 1)


def swapped_columns(text: str, draw: random.Random) -> str:
    rows, mark = cells_of(text)
    if min(map(len, rows)) < 2:  # a header in several lines
        return text
    one, other = draw.sample(range(min(map(len, rows))), 2)
    for row in rows:
        row[one], row[other] = row[other], row[one]
    return joined(rows, mark)


def blanked(text: str, draw: random.Random) -> str:
    rows, mark = cells_of(text)
    row = draw.choice(rows)
    row[draw.randrange(len(row))] = ""
    return joined(rows, mark)


def without_letter(text: str, draw: random.Random) -> str:
    places = [k for k, c in enumerate(text) if c.isalpha()]
    k = draw.choice(places)
    return text[:k] + text[k + 1 :]


def another_decimal_mark(text: str, draw: random.Random) -> str:
    places = [k for k in range(1, len(text) - 1) if text[k] in ".," and text[k - 1].isdigit()]
    places = [k for k in places if text[k + 1].isdigit()] or [0]
    k = draw.choice(places)
    return text[:k] + (".", ",")[text[k] == "."] + text[k + 1 :]


def twice(text: str, draw: random.Random) -> str:
    lines = text.splitlines()
    k = draw.randrange(len(lines))
    return "\n".join([*lines[: k + 1], *lines[k:]])


def without_row(text: str, draw: random.Random) -> str:
    lines = text.splitlines()
    del lines[draw.randrange(len(lines))]
    return "\n".join(lines)


ANY = (inserted, without_unit, without_letter, another_decimal_mark, twice)
DELIMITED = (swapped_columns, blanked)
# a row that is gone takes the nerve of the next ones with it, where only it names the nerve
NAMED_IN_EACH_ROW = [
    name for name, layout in LAYOUTS.items()
    if not layout.paste and ",,," not in layout.text and "two tables" not in name
]  # fmt: skip


def changed_texts(name: str) -> list[tuple[str, str]]:
    layout, found = LAYOUTS[name], []
    kinds = [*ANY, *(() if layout.paste and "|" not in layout.text else DELIMITED)]
    kinds += [without_row] if name in NAMED_IN_EACH_ROW else []
    for kind in kinds:
        draw = random.Random(f"{name} {kind.__name__}")
        found += [(kind.__name__, kind(layout.text, draw)) for _ in range(MUTATIONS)]
    return found


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_changed_table_is_never_read_wrongly(name: str) -> None:
    layout = LAYOUTS[name]
    for kind, text in changed_texts(name):
        try:
            reading = layout.read(text)
        except TinelError as problem:
            assert problem.where, (kind, text)
            continue
        found = set(told(reading))
        assert found <= {*layout.expected, *layout.also}, (kind, text)
        gone = set(layout.expected) - found
        unread = any(not column.known for column in reading.columns)
        said = len(reading.left_out) > layout.left_out or unread
        shorter = kind in ("without_row", "blanked")
        assert not gone or said or shorter, (kind, text, gone)


# ------------------------------------------------------------------ refusals

HEAD = "Side,Nerve,Muscle,Site,Lat (ms),Amp (mV),CV (m/s),Dist (mm)\n"
ROW = "R,Median,APB,Wrist,3.4,8.5,,80\n"
REFUSED = {
    "a text in a column of numbers": (HEAD + "R,Median,APB,Wrist,soon,8.5,,80\n",
        "row 2, column 'Lat (ms)': 'soon' is no number"),
    "a dash": (HEAD + "R,Median,APB,Wrist,-,-,,80\n", "may be no response or nothing measured"),
    "a 0": (HEAD + "R,Median,APB,Wrist,,0,,80\n", "row 2, column 'Amp (mV)': 0 mV is out of range"),
    "decimal commas between commas": (HEAD + "R,Median,APB,Wrist,3,4,8,5,,80\n",
        "row 2: the row has 10 cells and the row of headers 8"),
    "a decimal comma among points": (HEAD + ROW + 'R,Median,APB,Elbow,"7,6",8.1,55,230\n',
        "'7,6' has a decimal comma and '3.4' in row 2 a point"),
    "thousands or parts of one": (
        HEAD.replace("(mV)", "(µV)") + 'R,Median,APB,Wrist,3,"8,500",,80\n',
        "column 'Amp (µV)': three digits after the mark may be thousands"),
    "thousands": (HEAD + 'R,Median,APB,Wrist,"1,234.5",8.5,,80\n', "'1,234.5' is no number"),
    "two units in a column": (HEAD + "R,Median,APB,Wrist,3.4,8500 µV,,80\n",
        "column 'Amp (mV)': µV stands in a column of mV"),
    "no unit": (HEAD.replace(" (mV)", "") + ROW, "column 'Amp': amplitude has no unit"),
    "a unit of something else": (HEAD.replace("(mV)", "(ms)") + ROW, "amplitude in ms"),
    "an unknown unit": (HEAD + "R,Median,APB,Wrist,3.4 ells,8.5,,80\n", "no unit is called 'ells'"),
    "microvolts called millivolts": (HEAD + "R,Median,APB,Wrist,3.4,8500,,80\n",
        "8500 mV is out of range (allowed: 0 to 50 mV)"),
    "seconds called milliseconds": (HEAD + "R,Median,APB,Wrist,0.0034,8.5,,80\n",
        "0.0034 ms is out of range"),
    "an unknown nerve": (HEAD + "R,Medial,APB,Wrist,3.4,8.5,,80\n",
        "row 2, column 'Nerve': 'medial' in 'Medial' is no nerve that is known"),
    "an unknown muscle": (HEAD + "R,Median,AXB,Wrist,3.4,8.5,,80\n", "column 'Muscle': 'axb'"),
    "an unknown site": (HEAD + "R,Median,APB,Wirst,3.4,8.5,,80\n", "column 'Site': 'wirst'"),
    "a site that may be two": (HEAD + "R,Ulnar,ADM,Elbow,6.4,8.5,,\n", "a site above or below"),
    "a side that is missing": (HEAD + ",Median,APB,Wrist,3.4,8.5,,80\n", "the side is missing"),
    "two sides": (HEAD + "L,R Median,APB,Wrist,3.4,8.5,,80\n", "left and right"),
    "a muscle that is missing": (HEAD + "R,Median motor,,Wrist,3.4,8.5,,80\n",
        "the muscle of the recording is not given"),
    "a finger that is missing": ("Side,Nerve,Site,Peak Lat (ms)\nR,Median sensory,Wrist,3.4\n",
        "the finger of the recording is not given"),
    "a site that is missing": (HEAD + "R,Median,APB,,3.4,8.5,,80\n", "the site of stimulation"),
    "a nerve that is missing": (HEAD + "R,,APB,Wrist,3.4,8.5,,80\n", "no nerve is given"),
    "a sensory study of a muscle": (HEAD + "R,Median sensory,APB,Wrist,3.4,8.5,,80\n",
        "a sensory study is not recorded from the abductor pollicis brevis"),
    "a row that is there twice": (HEAD + ROW + ROW, "row 3: rows 2 and 3 both give median motor"),
    "a velocity from nowhere": (HEAD + "R,Median,APB,Elbow,7.6,8.1,55,230\n",
        "between which sites the velocity was measured is not given"),
    "a velocity that distance and time contradict": (
        HEAD + ROW + "R,Median,APB,Elbow,7.6,8.1,35,230\n",
        "row 3: 35 m/s over 4.2 ms is a way of 147 mm, and 230 mm is given"),
    "a velocity and times that are impossible": (
        HEAD + ROW + "R,Median,APB,Elbow,30,8.1,55,\n", "a way of 1463 mm (allowed: 30 to 500 mm)"),
    "a latency that falls towards the cord": (HEAD + ROW + "R,Median,APB,Elbow,3.1,8.1,,\n",
        "row 3: the latency from antecubital fossa (3.1 ms) is not longer than from wrist"),
    "latency and amplitude under each other's header": (
        HEAD.replace("Lat (ms),Amp (mV)", "Amp (mV),Lat (ms)") + ROW
        + "R,Median,APB,Elbow,7.6,8.1,55,230\n", "is not longer than from wrist"),
    "a peak before the onset": (
        "Side,Nerve,Site,Onset (ms),Peak (ms)\nL,Sural,Calf,3.3,2.6\n", "the peak is not later"),
    "less from peak to peak than from the base": (
        "Side,Nerve,Site,O-P Amp (uV),P-P Amp (uV)\nL,Sural,Calf,20,12\n", "is less than that"),
    "no response and a value": (HEAD + "R,Median,APB,Wrist,3.4,NR,,80\n",
        "'3.4' stands beside a word for no response"),
    "a word beside a tick for no response": (
        "Side,Nerve,Muscle,Site,NR,Amp (mV)\nR,Median,APB,Wrist,maybe,\n", "'maybe' is no word"),
    "two columns for one thing": (
        HEAD.replace("CV (m/s)", "O-P Amp (mV)") + ROW.replace(",,", ",9,"),
        "two columns give the amplitude"),
    "the same header twice": (HEAD.replace("CV (m/s)", "Amp (mV)") + ROW,
        "column 'Amp (mV)': holds amplitude as column 'Amp (mV)' does"),
    "numbers under a header nobody knows": (
        HEAD.replace("CV (m/s)", "Zeta") + ROW.replace(",,", ",9,"),
        "column 'Zeta': nobody knows what this column of numbers holds"),
    "a cell more than headers": (HEAD.replace(",CV (m/s)", ",") + ROW.replace(",,", ",9,"),
        "nothing stands above '9'"),
    "no table": ("a,b\n1,2\n", "no row of headers is found"),
    "a needle word": ("Side,Muscle,Fibs\nL,Deltoid,some\n", "column 'Fibs': 'some' is no word for"),
    "a dash of the needle": ("Side,Muscle,Fibs\nL,Deltoid,-\n", "'-' is no word for fibrillations"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_does_not_fit_is_refused_with_row_and_column(name: str) -> None:
    text, expected = REFUSED[name]
    with pytest.raises(TinelError) as problem:
        read_text(text, rules())
    assert expected in str(problem.value)
    assert str(problem.value).startswith("t.csv")


@pytest.mark.parametrize("name", REFUSED)
def test_in_a_report_the_same_is_listed(name: str) -> None:
    """With bars between the columns, as text: no value of a row that does not fit is read."""
    text, _ = REFUSED[name]
    if '"' in text or name in ("decimal commas between commas", "no table"):
        return
    whole = read_text(HEAD + ROW, rules())
    try:
        found = read_report(text.replace(",", "|"), rules())
    except TinelError:
        return
    assert found.left_out
    assert set(told(found)) <= set(told(whole))


LABS = {
    "an unknown key": ("colums = 1", "colums: is not a known key"),
    "nothing a column holds": (
        '[columns]\nA = "amplitud"',
        "columns.A.holds: 'amplitud' is nothing",
    ),
    "an unknown unit": ('[columns]\nA = { holds = "amplitude", unit = "V/m" }', "is no unit"),
    "an unknown nerve": ('[nerves]\nX = "medial"', "nerves.X: 'medial' is no nerve here"),
    "an unknown muscle": ('[recorded]\n"median motor" = "thumb"', "is no muscle and no skin here"),
    "an unknown meaning": ('[measured]\nmotor_latency = "start"', "measured.motor_latency"),
}


@pytest.mark.parametrize("name", LABS)
def test_a_wrong_mapping_file_is_refused(name: str) -> None:
    text, expected = LABS[name]
    with pytest.raises(TinelError) as problem:
        parse_lab(text)
    assert expected in str(problem.value) and str(problem.value).startswith("lab.toml: ")


def test_a_column_of_the_mapping_file_must_be_there() -> None:
    lab = LAYOUTS["usual muscles by the mapping file"].lab
    with pytest.raises(TinelError, match=r"no column is called 'CV \(m/s\)'"):
        read_text("Side;Nerve;Site;Lat (ms);Amp (mV)\nR;Median motor;Wrist;3.4;8.5\n",
                  rules(parse_lab(lab)))  # fmt: skip


# ------------------------------------------------------------------ mapping files


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_saved_mapping_file_reads_the_same(name: str) -> None:
    layout = LAYOUTS[name]
    first = layout.read()
    again = parse_lab(lab_text(first.lab))
    assert again == first.lab
    how = rules(again, **layout.options)
    second = read_report(layout.text, how) if layout.paste else read_text(layout.text, how)
    assert told(second) == told(first)


def test_words_of_the_vocabulary_mean_what_nerve_files_have() -> None:
    words = vocabulary()
    studies = known_studies()
    assert {s.word for s in studies} - {"digital"} <= set(words["nerve"])
    assert set(words["nerve"]) - {"not simulated"} <= {s.word for s in studies} | {"radial"}
    assert {s.target for s in studies} - {"half of a finger's skin"} <= set(words["place"])
    sites = {site for s in studies for site in s.sites}
    listed = set(words["site"]) | {
        "antecubital fossa",
        "popliteal fossa",
        "lateral popliteal fossa",
    }
    assert sites <= listed, sites - listed


@pytest.mark.parametrize("nerve", sorted({s.nerve for s in known_studies()} - {"digital"}))
def test_tinel_s_own_names_are_read(nerve: str) -> None:
    """Every study and site of every nerve, as the nerve's file calls it."""
    for study in (s for s in known_studies() if s.nerve == nerve):
        for site in study.sites:
            cells = f"left,{study.word},{study.target},{study.kind},{site},7"
            text = f"Side,Nerve,Recording,Kind,Site,Onset (ms)\n{cells}\n"
            seen = read_text(text, rules(nerve=nerve)).findings[0].observed
            base = study.study.partition(", ")[0]
            assert (seen.subject.partition(", ")[0], seen.site) == (base, site)


# ------------------------------------------------------------------ files


TABLE = LAYOUTS["German, semicolons and decimal commas"]
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1")


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_any_usual_encoding_is_read(encoding: str, tmp_path: Path) -> None:
    text = LAYOUTS["sensory, onset and peak"]
    file = tmp_path / "t.csv"
    file.write_bytes(text.text.encode(encoding))
    assert told(read_table(file, rules())) == sorted(text.expected)
    assert text_of("Médian µV".encode(encoding), "t.csv") == "Médian µV"


def workbook(
    rows: list[list[Any]],
    merged: tuple[str, ...] = (),
    sheets: int = 1,
    change: tuple[str, str] = ("", ""),
) -> bytes:
    """A minimal .xlsx with texts as shared strings and numbers as numbers."""
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    texts = [cell for row in rows for cell in row if isinstance(cell, str) and cell]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as parts:
        listed = "".join(
            f'<sheet name="S{k}" sheetId="{k}" r:id="rId{k}"/>' for k in range(1, sheets + 1)
        )
        parts.writestr(
            "xl/workbook.xml",
            f'<workbook {main} xmlns:r="{rel}"><sheets>{listed}</sheets></workbook>',
        )
        parts.writestr(
            "xl/_rels/workbook.xml.rels",
            "<Relationships>"
            + "".join(
                f'<Relationship Id="rId{k}" Target="worksheets/s{k}.xml"/>'
                for k in range(1, sheets + 1)
            )
            + "</Relationships>",
        )
        items = "".join(f"<si><t>{text}</t></si>" for text in texts)
        parts.writestr("xl/sharedStrings.xml", f"<sst {main}>{items}</sst>")
        body, seen = "", 0
        for r, row in enumerate(rows, 1):
            body += f'<row r="{r}">'
            for c, cell in enumerate(row):
                place = f"{chr(65 + c)}{r}"
                if isinstance(cell, str) and cell:
                    body += f'<c r="{place}" t="s"><v>{seen}</v></c>'
                    seen += 1
                elif not isinstance(cell, str):
                    body += f'<c r="{place}"><v>{cell}</v></c>'
            body += "</row>"
        joined_cells = "".join(f'<mergeCell ref="{ref}"/>' for ref in merged)
        ends = f"<mergeCells>{joined_cells}</mergeCells>" if merged else ""
        assert change[0] in body
        body = body.replace(*change)
        for k in range(1, sheets + 1):
            data = body if k == 1 else '<row r="1"><c r="A1"><v>1</v></c></row>'
            tail = ends if k == 1 else ""
            parts.writestr(
                f"xl/worksheets/s{k}.xml",
                f"<worksheet {main}><sheetData>{data}</sheetData>{tail}</worksheet>",
            )
    return out.getvalue()


BOOK: list[list[Any]] = [
    ["Report of a laboratory", "", "", "", "", "", ""],
    ["Nerve", "Side", "Muscle", "Site", "Lat (ms)", "Amp (mV)", "CV (m/s)"],
    ["Median", "Right", "APB", "Wrist", 3.4, 8.5, ""],
    ["", "", "", "Elbow", 7.6, 8.1, 55],
]


@pytest.mark.parametrize("merged", [(), ("A3:A4", "B3:B4", "C3:C4", "A1:G1")])
def test_a_workbook_is_read(merged: tuple[str, ...], tmp_path: Path) -> None:
    file = tmp_path / "t.xlsx"
    file.write_bytes(workbook(BOOK, merged, sheets=2))
    reading = read_table(file, rules())
    assert told(reading) == sorted(MEDIAN)
    assert [one.text for one in reading.left_out] == ["sheet S2"]


def test_dates_of_a_workbook_are_days(tmp_path: Path) -> None:
    file = tmp_path / "t.xlsx"
    rows = [["Date", "Side", "Nerve", "Muscle", "Site", "Amp (mV)"],
            [45366, "L", "Ulnar", "ADM", "Wrist", 0.5]]  # fmt: skip
    file.write_bytes(workbook(rows))
    found = read_table(file, rules(days=Days(None, injury_date("2024-03-05"))))
    assert found.findings[0].observed.first_day == 10  # 45366 is 15 March 2024


@pytest.mark.parametrize(
    "data", [b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0 old or with a password", b"", b"%PDF-1.7 x"]
)
def test_another_file_is_refused(data: bytes, tmp_path: Path) -> None:
    file = tmp_path / "t.xlsx"
    file.write_bytes(data)
    with pytest.raises(TinelError):
        read_table(file, rules())


def test_cells_that_are_no_numbers_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "t.xlsx"
    for cell in ('<c r="F4"><f>A1+1</f></c>', '<c r="F4" t="b"><v>1</v></c>',
                 '<c r="F4" t="e"><v>#DIV/0!</v></c>'):  # fmt: skip
        file.write_bytes(workbook(BOOK, change=('<c r="F4"><v>8.1</v></c>', cell)))
        with pytest.raises(TinelError, match=r"row 4, column 'Amp \(mV\)': '.*' is no number"):
            read_table(file, rules())


def test_a_workbook_that_declares_entities_is_refused(tmp_path: Path) -> None:
    file, out = tmp_path / "t.xlsx", io.BytesIO()
    with zipfile.ZipFile(out, "w") as parts:
        parts.writestr("xl/workbook.xml", '<!DOCTYPE a [<!ENTITY b "c">]><workbook/>')
    file.write_bytes(out.getvalue())
    with pytest.raises(TinelError, match="no workbook that can be read"):
        read_table(file, rules())


@pytest.mark.parametrize(
    ("text", "order", "expected"),
    [
        ("2024-03-05", "", "2024-03-05"),
        ("5.3.2024", "", "2024-03-05"),
        ("05/03/2024", "day first", "2024-03-05"),
        ("05/03/2024", "month first", "2024-05-03"),
        ("25/03/2024", "", "2024-03-25"),
        ("05/03/2024", "", "may be two dates"),
        ("31/02/2024", "", "is no date"),
        ("05.03.24", "", "is no date"),
        ("March", "", "is no date"),
    ],
)
def test_dates(text: str, order: str, expected: str) -> None:
    try:
        assert read_date(text, order).isoformat() == expected
    except TinelError as problem:
        assert expected in str(problem)


@pytest.mark.parametrize(
    ("days", "text", "expected"),
    [
        (Days(), "", "the day of the row is not known"),
        (Days(), "2024-03-15", "a date is no day after the injury"),
        (Days(None, injury_date("2024-03-20")), "2024-03-15", "day -5 is out of range"),
    ],
)
def test_a_day_must_be_known(days: Days, text: str, expected: str) -> None:
    table = f"Date,Side,Nerve,Muscle,Site,Amp (mV)\n{text},L,Ulnar,ADM,Wrist,0.5\n"
    with pytest.raises(TinelError) as problem:
        read_text(table, rules(days=days))
    assert expected in str(problem.value)


# ------------------------------------------------------------------ numbers of evidence

# a table that is read with today's value of the number, and refused or read otherwise with another
USED = {
    "latency_least_ms": (0.8, "R,Median,APB,Wrist,0.6,8.5,,80\n"),
    "latency_most_ms": (40.0, "R,Median,APB,Wrist,50,8.5,,80\n"),
    "motor_most_mV": (35.0, "R,Median,APB,Wrist,3.4,40,,80\n"),
    "velocity_most_m_per_s": (85.0, ROW + "R,Median,APB,Elbow,5.9,8.1,92,230\n"),
    "velocity_tolerance": (0.05, ROW + "R,Median,APB,Elbow,7.6,8.1,51,230\n"),
    "distance_tolerance_mm": (5.0, "R,Median,APB,Wrist,3.4,8.5,,72\n"),
    "segment_least_mm": (60.0, ROW + "R,Median,APB,Elbow,4.4,8.1,55,\n"),
    "segment_most_mm": (300.0, ROW + "R,Median,APB,Elbow,11.4,8.1,50,\n"),
    "sensory_most_uV": (100.0, "L,Sural,,Calf,,200 µV,,\n"),
    "f_latency_most_ms": (50.0, "Side,Nerve,Muscle,F min (ms)\nR,Tibial,AH,60\n"),
}


def test_every_number_of_tables_is_among_them() -> None:
    there = {key.removeprefix("laboratory.table.") for key in NUMBERS if "laboratory.table." in key}
    assert there == set(USED)


@pytest.mark.parametrize("key", USED)
def test_a_number_of_evidence_decides(key: str) -> None:
    value, rows = USED[key]
    head = HEAD.replace(" (mV)", "") if "µV" in rows else HEAD
    text = rows if rows.startswith("Side") else head + rows
    lab = Lab.model_validate({"measured": {"sensory_amplitude": "base to peak"}})
    before = told(read_text(text, rules(lab)))
    changed = NUMBERS.replace({f"laboratory.table.{key}": value})
    try:
        after = told(read_text(text, rules(lab, parameters=changed)))
    except TinelError as problem:
        after = [str(problem)]
    assert after != before


# ------------------------------------------------------------------ the command


def test_the_command_prints_findings_and_says_the_rest(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, lab, out = tmp_path / "t.csv", tmp_path / "lab.toml", tmp_path / "f.toml"
    text = LAYOUTS["sites that Tinel lacks"]
    file.write_text(text.text, encoding="utf-8")
    assert main(["read", str(file), "--day", "42", "--save-lab", str(lab)]) == 0
    printed = capsys.readouterr()
    expected = "".join(as_toml(one.observed, nerve=one.nerve) for one in text.read().findings)
    bare = "\n".join(line for line in printed.out.splitlines() if line and not line.startswith("#"))
    assert bare.split() == expected.split()
    assert "Lat (ms)  latency    ms" in printed.err and "row 3: L | Ulnar" in printed.err
    assert main(["read", str(file), "--day", "42", "--lab", str(lab), "--out", str(out)]) == 0
    assert out.read_text(encoding="utf-8").split() == printed.out.split()
    capsys.readouterr()
    for option in ("--save-lab", "--out"):
        before = (lab.read_bytes(), out.read_bytes())
        target = lab if option == "--save-lab" else out
        assert main(["read", str(file), "--day", "42", option, str(target)]) == 2
        assert "is there already" in capsys.readouterr().err
        assert (lab.read_bytes(), out.read_bytes()) == before
    assert main(["read", str(file), "--day", "42", "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert [one["quantity"] for one in data["findings"]] == ["onset latency", "amplitude"]
    assert [one["understood"] for one in data["left_out"]] == [True, True]


def test_a_mapping_file_is_saved_to_correct_what_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, lab = tmp_path / "t.csv", tmp_path / "lab.toml"
    file.write_text("Side;Nerv;Rec;Ort;Zeta;Amp (mV)\nL;Ulnar;ADM;HG;1,2;0,7\n", encoding="utf-8")
    assert main(["read", str(file), "--day", "42", "--save-lab", str(lab)]) == 2
    printed = capsys.readouterr()
    assert "column 'Ort'" in printed.err or "column 'Zeta'" in printed.err
    told_so = lab.read_text(encoding="utf-8").replace('Ort" = { holds = "passed over"',
                                                     'Ort" = { holds = "site"')  # fmt: skip
    lab.write_text(f'{told_so}\n[sites]\nHG = "wrist"\n', encoding="utf-8")
    assert main(["read", str(file), "--day", "42", "--lab", str(lab)]) == 0
    assert capsys.readouterr().out.count("[[finding]]") == 1


def test_the_command_reads_a_pasted_report(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = LAYOUTS["text with tabs and free lines"].text
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    assert main(["read", "--paste", "--day", "42", "--nerve", "ulnar"]) == 0
    printed = capsys.readouterr()
    assert printed.out.count("[[finding]]") == len(ULNAR)
    assert "Dear colleague" in printed.err and "Dear colleague" not in printed.out


WRONG = [
    (["read"], "FILE: no file is given"),
    (["read", "none.csv", "--day", "3"], "none.csv: there is no such file"),
    (["read", "t.csv", "--injury", "3/4/24"], "--injury: '3/4/24' is no date"),
    (["read", "t.csv", "--day", "-1"], "--day: day -1 is out of range"),
    (["read", "t.csv", "--day", "nan"], "--day: day nan is out of range"),
    (["read", "t.csv", "--day", "3", "--nerve", "medial"], "--nerve: no nerve is called 'medial'"),
    (["read", "t.csv", "--day", "3", "--out", "x.csv"], "--out x.csv: the name ends in '.csv'"),
    (["read", "t.csv", "--day", "3", "--lab", "no.toml"], "no.toml: there is no such file"),
    (["read", "t.csv"], "t.csv: row 2: the day of the row is not known"),
]


@pytest.mark.parametrize(("arguments", "expected"), WRONG)
def test_the_command_refuses(
    arguments: list[str],
    expected: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("t.csv").write_text(HEAD + ROW, encoding="utf-8")
    assert main(arguments) == 2
    assert expected in capsys.readouterr().err
    assert not Path("x.csv").exists()


def test_a_recording_is_no_table(tmp_path: Path) -> None:
    traces, table = tmp_path / "a.csv", tmp_path / "b.csv"
    traces.write_text("time (ms),APB (mV),stimulus\n0,0,1\n1,2,0\n", encoding="utf-8")
    table.write_text(HEAD + ROW, encoding="utf-8")
    assert not is_lab_table(traces) and is_lab_table(table)


def test_nothing_that_is_shown_moves_a_terminal() -> None:
    text = (HEAD + ROW).replace("3.4", '"3.4\x1b[31m"')
    reading = read_report(text.replace(",", "|"), rules())
    assert not reading.findings and reading.left_out
    told_text = columns_text(reading) + findings_text(reading) + json.dumps(as_data(reading))
    assert "\n[31m" not in told_text


@pytest.mark.parametrize("seed", range(4))
def test_any_text_is_read_or_refused(seed: int) -> None:
    draw = random.Random(seed)
    texts = [layout.text for layout in LAYOUTS.values()]
    signs = "\x00\x1b\u202e\"'|;,\t\n\\{}[]µ€٣５½  "
    for _ in range(40):
        text = list(draw.choice(texts))
        for _ in range(draw.choice((1, 3, 30))):
            text.insert(draw.randrange(len(text) + 1), draw.choice(signs))
        for read in (read_text, read_report):
            try:
                read("".join(text), rules())
            except TinelError as problem:
                assert str(problem)


def test_lines_that_fit_under_many_headers_cost_no_time() -> None:
    head = "Side   " + "  ".join(["Norm (ms)"] * 60) + "   Nerve   Amp (mV)\n"
    line = "  ".join(["x" * 31] * 40) + "\n"
    begin = time.process_time()
    reading = read_report((head + line) * 3, rules())
    assert time.process_time() - begin < 2
    assert not reading.findings and len(reading.left_out) == 3


# ------------------------------------------------------------------ into a case

CASE = """
[patient]
age = 40
sex = "female"
height_cm = 168
limb_temperature_c = 33
[nerve]
name = "{nerve}"
side = "{side}"
[cause]
kind = "laceration"
procedure = "cut"
site = "{site}"
severed_percent = 100
[[exam]]
days = [42]
tests = ["motor conduction"]
"""
CUT_AT = {"median": "wrist", "ulnar": "wrist", "sciatic": "mid-thigh", "sural": "calf"}


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_case_reads_the_printed_findings_back(name: str) -> None:
    reading = LAYOUTS[name].read()
    nerves = {(one.nerve, one.observed.side) for one in reading.findings}
    for nerve, side in nerves:
        mine = [one for one in reading.findings if one.nerve == nerve]
        text = findings_text(replace(reading, findings=tuple(mine)))
        case = parse(CASE.format(nerve=nerve, side=side, site=CUT_AT[nerve]) + text)
        assert len(case.observed) == len(mine)
        for seen, one in zip(case.observed, mine, strict=True):
            written = one.observed
            which = "affected" if written.side == side else "healthy"
            assert seen.side == which
            assert as_toml(seen) == as_toml(replace(written, side=which))
