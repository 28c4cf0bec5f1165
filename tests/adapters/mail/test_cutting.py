from binascii import b2a_qp
from email.headerregistry import Address

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kvalitet.adapters.mail.addresses import mailbox
from kvalitet.adapters.mail.composing import compose
from kvalitet.adapters.mail.writing.cutting import pieces

TEXTS = st.text(alphabet=st.sampled_from("aæ€😀\\^ "), max_size=200)


@given(TEXTS, st.integers(6, 20), st.integers(6, 20))
@example("", 6, 6)
@example("a" * 6, 6, 6)
@example("\\" * 20, 6, 6)
def test_the_pieces_are_the_text_and_none_is_too_long(text: str, first: int, others: int) -> None:
    found = list(pieces(text, first, others))

    assert "".join(found) == text
    assert all(len(piece.encode()) <= room for piece, room in zip(found, [first, *[others] * len(found)], strict=False))
    assert all(found)


@given(TEXTS, st.integers(6, 20))
def test_a_letter_and_the_sign_that_changes_it_stay_together(text: str, room: int) -> None:
    found = list(pieces(text.replace("\\", "").replace("^", "\\n"), room, room, unbroken=b"\\^"))

    assert not any(piece.endswith("\\") for piece in found)


@given(st.text(alphabet=st.sampled_from("aæ.= \tF"), max_size=100), st.integers(1, 4))
@example(".", 3)
def test_lines_encoded_one_by_one_are_the_text_encoded_whole(line: str, times: int) -> None:
    text = "\n".join([line] * times) + "\n"
    content = compose({}, text, "<p></p>", None, boundary="=_b").decode()

    assert b2a_qp(text.encode()).decode().replace("\n", "\r\n") in content


@pytest.mark.parametrize(
    "address",
    [
        "skoleleder.323001@kalundborg.example",
        "a@b",
        "a.b+c_d-e@f.g.example",
        "o'hara@d.example",
        '"a b"@d.example',
        "a@[192.0.2.1]",
        "x!y%z@d.example",
    ],
)
def test_an_address_is_read_as_the_library_reads_it(address: str) -> None:
    ours, theirs = mailbox("Skoleleder Åse", address), Address("Skoleleder Åse", addr_spec=address)

    assert (ours.username, ours.domain, ours.addr_spec) == (theirs.username, theirs.domain, theirs.addr_spec)


@pytest.mark.parametrize(
    "address", ["a", "@d.example", "a@", "a..b@d.example", ".a@d.example", "a@b@c", "a b@d.example", ""]
)
def test_what_is_no_address_is_refused_as_the_library_does(address: str) -> None:
    with pytest.raises(ValueError, match="er ikke en mailadresse"):
        mailbox("", address)
