import pytest
from css_inline import CSSInliner

from kvalitet.adapters.mail import rendering
from kvalitet.adapters.mail.writing.inlining import inlined
from tests.adapters.mail import samples

STYLE = "<style>p { color: red } td { color: blue } a { color: green } @media print { p { color: black } }</style>"


def by_library(html: str) -> str:
    return CSSInliner(keep_at_rules=True, load_remote_stylesheets=False).inline(html)


def page(body: str, style: str = STYLE) -> str:
    return f"<!DOCTYPE html><html><head>{style}</head><body>{body}</body></html>"


@pytest.mark.parametrize("name", samples.every_kind())
def test_each_mail_gets_the_styles_that_the_library_gives_it(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    filled: list[str] = []

    def noted(html: str) -> str:
        filled.append(html)
        return inlined(html)

    monkeypatch.setattr(rendering, "inlined", noted)
    message, invite = samples.every_kind()[name]
    parts = rendering.Renderer(samples.TEMPLATES, "https://kvalitet.example").parts(message, invite)

    assert [by_library(html) for html in filled] == [parts.html]


def test_two_mails_of_one_shape_keep_their_own_texts_and_links() -> None:
    first, second = (page(f'<p>Til {who}</p><a href="https://d.example/{who}">Se {who}</a>') for who in ("a", "ø"))

    assert inlined(first) == by_library(first)
    assert inlined(second) == by_library(second)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "tekst uden mærke",
        "<p>a > b</p>",
        '<p title="a>b">c</p>',
        "<p>\n  a\n</p>\n<p> </p>",
        "<table><tr><td>a</td></tr></table>",
        "<table>tekst uden for en celle<tr><td>a</td></tr></table>",
        "<p>a</p><!-- en > bemærkning < med tegn --><p>b</p>",
        "<p>uden slut<p>og en til",
        "<p>\ue000</p><p>a</p>",
        '<a href="\ue001">a</a>',
        "<style>p { color: green }</style><p>a</p>",
        '<p>href="x"</p><a class="b" href="x">y</a><a href=\'z\'>å</a>',
    ],
)
def test_tags_of_any_shape_get_the_styles_that_the_library_gives_them(body: str) -> None:
    assert by_library(inlined(page(body))) == by_library(by_library(page(body)))


def test_a_style_that_asks_where_a_link_leads_is_answered_for_each_mail() -> None:
    style = '<style>a[href="https://d.example/rød"] { color: red }</style>'
    red, other = (page(f'<a href="https://d.example/{where}">Se</a>', style) for where in ("rød", "andet"))

    assert inlined(other) == by_library(other)
    assert inlined(red) == by_library(red)
    assert "color: red" in inlined(red).partition("<body")[2]
