"""How the documentation is built: `make docs`, into docs/_build/html."""

from __future__ import annotations

import sys
from importlib.metadata import version as installed
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE / "_ext"))

project = "Tinel"
author = "Tinel contributors"
copyright = "Tinel contributors, Apache-2.0"
version = release = installed("tinel")

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx_gallery.gen_gallery",
    "atlas",
    "claims_table",
    "docstrings",
    "mathml",
    "montages",
    "offers",
    "numbers_table",
    "offline",
    "questions",
    "reference",
    "remedies",
]
exclude_patterns = ["_build", "gallery/**/*.py", "**/GALLERY_HEADER.rst"]
source_suffix = {".md": "markdown", ".rst": "restructuredtext"}
myst_enable_extensions = ["dollarmath", "amsmath", "colon_fence"]
myst_heading_anchors = 3

# A reader may be without network: no font, script or style from elsewhere, formulas as MathML.
html_theme = "furo"
html_title = "Tinel"
html_math_renderer = "mathml"
html_static_path = ["_static"]
html_css_files = ["tinel.css"]
html_show_sourcelink = False
html_copy_source = False

autodoc_default_options = {"members": True, "member-order": "bysource"}
autodoc_typehints = "signature"
autodoc_preserve_defaults = True
napoleon_numpy_docstring = False
# Type names such as Response stand in more than one room; the signature is read, not followed.
suppress_warnings = ["ref.python"]
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 88

sphinx_gallery_conf = {
    "examples_dirs": ["../examples"],
    "gallery_dirs": ["gallery"],
    "filename_pattern": r"\.py$",
    "ignore_pattern": r"examples[\\/]own[\\/]",
    "within_subsection_order": "FileNameSortKey",
    "download_all_examples": False,
    "show_memory": False,
    "show_signature": False,
    "plot_gallery": "True",
    "only_warn_on_example_error": False,
    "abort_on_example_error": True,
    "min_reported_time": 5,
    "write_computation_times": False,  # its page would load scripts from a network
}
