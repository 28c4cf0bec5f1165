"""Contents: whether a file is in itself what its name says, and no more: no bomb, no two kinds at once, no macros."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

from kvalitet.adapters.errors import UserError
from kvalitet.adapters.file_store import HEAD, LARGEST_FILE, kind_problem, plain_name

if TYPE_CHECKING:
    from pathlib import Path

# What a packed document may fill when it is unpacked, and of how many parts it may be made.
LARGEST_UNPACKED = 20 * LARGEST_FILE
MOST_PARTS = 5000
ENCRYPTED = 0x1
# The part that every document of a kind has.
INSIDE = {"docx": "word/", "xlsx": "xl/", "pptx": "ppt/", **dict.fromkeys(("odt", "ods", "odp"), "content.xml")}
MACROS = ("vbaproject.bin", "basic/")
PLAIN = frozenset({"txt", "csv"})
WHOLE = frozenset({"pdf", "png", "jpg", "jpeg"})
PROGRAMS = (b"MZ", b"\x7fELF", b"#!")


def refuse_contents(name: str, path: Path) -> None:
    """Refuse a file whose content is not what its name says; a UserError says why."""
    plain = plain_name(name)
    with path.open("rb") as file:
        if problem := kind_problem(name, file.read(HEAD)):
            raise UserError(problem)
    kind = plain.rpartition(".")[2].casefold()
    if kind in INSIDE:
        _refuse_packed(plain, path, INSIDE[kind])
    elif kind in WHOLE and zipfile.is_zipfile(path):
        raise UserError(f"Filen »{plain}« er to slags filer på én gang; gem den igen, og vælg den nye.")
    elif kind in PLAIN:
        _refuse_no_text(plain, path)


def _refuse_packed(plain: str, path: Path, inside: str) -> None:
    try:
        with zipfile.ZipFile(path) as packed:
            parts = packed.infolist()
    except (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError) as error:
        raise UserError(f"Filen »{plain}« er gået i stykker og kan ikke åbnes; gem den igen.") from error
    names = [part.filename.casefold() for part in parts]
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        megabytes = LARGEST_UNPACKED // 1024**2
        raise UserError(f"Filen »{plain}« fylder over {megabytes} MB, når den pakkes ud; gør den mindre.")
    if not any(name.startswith(inside) for name in names):
        raise UserError(f"Filen »{plain}« er ikke det, som dens navn siger; gem den igen som det rigtige.")
    if any(part.flag_bits & ENCRYPTED for part in parts):
        raise UserError(f"Filen »{plain}« er låst med en adgangskode; gem den uden.")
    if any(name.endswith(MACROS[0]) or name.startswith(MACROS[1]) for name in names):
        raise UserError(f"Filen »{plain}« indeholder makroer; gem den uden, eller gem den som PDF.")


def _refuse_no_text(plain: str, path: Path) -> None:
    content = path.read_bytes()
    # Excel writes "Unicode-tekst" with two bytes for each character, and says so in the first two.
    is_wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    if content.startswith(PROGRAMS) or (b"\0" in content and not is_wide):
        raise UserError(f"Filen »{plain}« er ikke ren tekst; gem den igen som det, den er.")
