"""The catalogues are taken from the sources, checked for what goes wrong unseen, and say what they should."""

from pathlib import Path
from typing import Any

import pytest
from babel.messages import Catalog
from django.utils import translation
from django.utils.translation import gettext, ngettext

from emlreview import catalogues


@pytest.fixture
def locale_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder of catalogues, with a glossary of its own."""
    monkeypatch.setattr(catalogues, "LOCALE", tmp_path)
    glossary = tmp_path / "glossary.csv"
    glossary.write_text(
        "key,context,en,fr,es,ru,zh-hans,ar\n"
        "harms,,Harms,Effets néfastes,Efectos perjudiciales,Вред,危害,الأضرار\n"
        "first_added,,First added in {year},Ajouté pour la première fois en {year},x,x,x,x\n"
        "all_sexes,sexes,All,Tous les sexes,x,x,x,x\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(catalogues, "GLOSSARY", glossary)
    return tmp_path


def catalog(*messages: tuple[Any, ...], locale: str = "fr") -> Catalog:
    """A catalogue of (message, its words[, context])."""
    made = Catalog(locale=locale, fuzzy=False)
    for words, string, *context in messages:
        made.add(words, string, context=context[0] if context else None)
    return made


def faults(made: Catalog, locale: str = "fr") -> list[str]:
    """What is found in this catalogue, with sources that say the same."""
    path = catalogues.po_path(locale)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(catalogues.text(made, locale))
    path.with_suffix(".mo").write_bytes(catalogues.compiled(catalogues.read(locale), locale))
    return catalogues.faults(made, locale)


# What the sources say


def test_code_and_templates_give_their_messages(tmp_path: Path) -> None:
    for folder in catalogues.PYTHON:
        (tmp_path / folder).mkdir()
    (tmp_path / "medicines" / "words.py").write_text(
        "from django.utils.translation import gettext as _t, gettext_lazy as _, ngettext_lazy, pgettext, npgettext\n"
        "# Translators: a heading\n"
        "_('One')\n"
        "_t('Two ' 'halves')\n"
        "ngettext_lazy('%(count)s word', '%(count)s words', 'count')\n"
        "pgettext('a list', 'Removed')\n"
        "npgettext('of ours', 'leaf', 'leaves', 3)\n"
        "_(One)\n"
    )
    (tmp_path / "applications" / "migrations").mkdir()
    (tmp_path / "applications" / "migrations" / "0001.py").write_text("_('Old')\n")
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text(
        "<ul>\n"
        "    <li>{% translate 'Title' context 'of a page' %}\n"
        "  <li>{# Translators: a share #}\n"
        "  {% blocktranslate trimmed with a=b %}\n  Half of\n  {{ a }}: 50%{% endblocktranslate %}\n"
        "{% blocktranslate count n=n %}{{ n }} leaf{% plural %}{{ n }} leaves{% endblocktranslate %}"
        "{{ a|default:_('none') }}{{ _('said') }}{% include 'x' with y=_('passed') %}\n"
    )

    found = {
        (message.context, message.id, tuple(message.auto_comments))
        for message in catalogues.source(tmp_path)
        if message.id
    }

    assert found == {
        (None, "Half of %(a)s: 50%%", ("a share",)),
        (None, "One", ("a heading",)),
        (None, "Two halves", ()),
        (None, "none", ()),
        (None, "passed", ()),
        (None, "said", ()),
        (None, ("%(count)s word", "%(count)s words"), ()),
        (None, ("%(n)s leaf", "%(n)s leaves"), ()),
        ("a list", "Removed", ()),
        ("of a page", "Title", ()),
        ("of ours", ("leaf", "leaves"), ()),
    }


def test_words_that_a_package_has_translated_are_left_to_it_where_its_template_says_them(tmp_path: Path) -> None:
    for folder in (*catalogues.PYTHON, "templates/admin", "templates/public"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "templates/admin/change_list.html").write_text(
        "{% translate 'Filter' %}{% translate 'Words of ours' %}"
    )
    (tmp_path / "templates/public/search.html").write_text("{% translate 'Save' %}")

    assert {message.id for message in catalogues.source(tmp_path)} == {"", "Words of ours", "Save"}


def test_a_message_that_cannot_be_read_is_named_with_its_file(tmp_path: Path) -> None:
    for folder in (*catalogues.PYTHON, "templates"):
        (tmp_path / folder).mkdir()
    (tmp_path / "medicines" / "broken.py").write_text("_('One'\n")
    with pytest.raises(ValueError, match=r"medicines.broken\.py"):
        catalogues.source(tmp_path)


# What a language keeps


def test_an_update_keeps_words_of_the_same_message_only_and_guesses_nothing() -> None:
    old = catalog(("Harms", "Effets néfastes"), ("Removed", "Supprimé", "a list"), ("Gone", "Parti"))
    sources = catalog(("Harms", ""), ("Harms of it", ""), ("Removed", ""), (("%(n)s day", "%(n)s days"), ("", "")))

    new = catalogues.update(sources, old, "fr")

    assert {(message.id, message.context): message.string for message in new if message.id} == {
        ("Harms", None): "Effets néfastes",
        ("Harms of it", None): "",
        ("Removed", None): "",
        (("%(n)s day", "%(n)s days"), None): ("", ""),
    }


def test_a_catalogue_is_the_same_bytes_for_the_same_words_whatever_their_order(locale_folder: Path) -> None:
    messages = [("Harms", "Effets néfastes"), ("Age", "Âge"), ("Removed", "Retiré", "a"), ("Removed", "Supprimé", "b")]
    one, other = catalog(*messages), catalog(*reversed(messages))
    assert catalogues.text(one, "fr") == catalogues.text(other, "fr")
    assert catalogues.compiled(one, "fr") == catalogues.compiled(other, "fr")
    assert faults(one) == []
    assert catalogues.po_path("fr").read_text(encoding="utf-8") == (
        'msgid ""\n'
        'msgstr ""\n'
        '"Language: fr\\n"\n'
        '"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=UTF-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n'
        '"Plural-Forms: nplurals=2; plural=(n > 1);\\n"\n'
        "\n"
        'msgid "Age"\n'
        'msgstr "Âge"\n'
        "\n"
        'msgid "Harms"\n'
        'msgstr "Effets néfastes"\n'
        "\n"
        'msgctxt "a"\n'
        'msgid "Removed"\n'
        'msgstr "Retiré"\n'
        "\n"
        'msgctxt "b"\n'
        'msgid "Removed"\n'
        'msgstr "Supprimé"\n'
    )


@pytest.mark.parametrize("locale", catalogues.PLURALS)
def test_every_language_has_as_many_plural_forms_as_babel_writes(locale: str) -> None:
    assert Catalog(locale=locale).num_plurals == catalogues.forms(locale)


# What is found wrong


@pytest.mark.parametrize(
    ("message", "string", "found"),
    [
        ("Age", "", ["'Age': not translated"]),
        ("By %(name)s", "Par", ["'By %(name)s': %(name)s is missing in 'Par'"]),
        ("By %(name)s", "Par %(nom)s", ["%(name)s is missing in 'Par %(nom)s'", "%(nom)s is not in the message"]),
        ("Since {year}", "Depuis {year}", []),
        ("Since {year}", "Depuis", ["{year} is missing"]),
        ('A <a href="%(u)s">link</a>', "Un lien", ['<a href="%(u)s"> is missing', "</a> is missing"]),
        ('A <a href="%(u)s">link</a>', 'Un <a href="%(u)s">lien</a>', []),
        ("Half: 50%%", "Moitié : 50", ["%% is missing"]),
        (" and ", "et", ["white space at an end differs"]),
        ("Harms", "Torts", ["'Torts' departs from the glossary, which has 'Effets néfastes'"]),
        ("First added in %(year)s", "Ajouté en %(year)s", ["departs from the glossary"]),
        ("All", "Tout", []),
        (("%(n)s day", "%(n)s days"), ("%(n)s jour", "%(n)s jours"), []),
        (("%(n)s day", "%(n)s days"), ("un jour", "%(n)s jours"), ["%(n)s is missing in 'un jour'"]),
        (("%(n)s day", "%(n)s days"), ("%(n)s jour", ""), ["plural forms incomplete"]),
    ],
)
def test_a_fault_of_a_translation_is_named(message: Any, string: Any, found: list[str], locale_folder: Path) -> None:
    lines = faults(catalog((message, string)))
    assert len(lines) == len(found)
    for words in found:
        assert any(words in line for line in lines), lines


def test_a_term_of_the_glossary_is_held_in_its_own_context_only(locale_folder: Path) -> None:
    assert faults(catalog(("All", "Tous", "ages"))) == []
    assert faults(catalog(("All", "Tous", "sexes"))) == [
        "'All' (sexes): 'Tous' departs from the glossary, which has 'Tous les sexes'"
    ]


def test_an_arabic_form_for_one_number_may_leave_the_number_out(locale_folder: Path) -> None:
    days = ("%(count)s day", "%(count)s days")
    right = ("لا أيام", "يوم واحد", "يومان", "%(count)s أيام", "%(count)s يومًا", "%(count)s يوم")
    assert faults(catalog((days, right), locale="ar"), "ar") == []
    assert faults(catalog((days, (*right[:3], "أيام", *right[4:])), locale="ar"), "ar") == [
        "'%(count)s day': %(count)s is missing in 'أيام'"
    ]


def test_what_has_parted_from_the_sources_is_named(locale_folder: Path) -> None:
    faults(catalog(("Age", "Âge"), ("Gone", "Parti")))
    assert catalogues.faults(catalog(("Age", ""), ("New", "")), "fr") == [
        "'New': not in django.po",
        "'Gone': no longer in the sources",
    ]


def test_fuzzy_and_obsolete_messages_are_named(locale_folder: Path) -> None:
    made = catalog(("Age", "Âge"))
    faults(made)
    path = catalogues.po_path("fr")
    words = path.read_text(encoding="utf-8")
    path.write_text(words.replace('msgid "Age"', '#, fuzzy\nmsgid "Age"') + '\n#~ msgid "Old"\n#~ msgstr "Vieux"\n')
    assert catalogues.faults(made, "fr") == [
        "'Age': fuzzy",
        "obsolete: 'Old'",
        "django.mo is not compiled from django.po",
    ]


def test_a_compiled_catalogue_out_of_step_is_named(locale_folder: Path) -> None:
    made = catalog(("Age", "Âge"))
    assert faults(made) == []
    catalogues.po_path("fr").with_suffix(".mo").unlink()
    assert catalogues.faults(made, "fr") == ["django.mo is not compiled from django.po"]


def test_a_broken_catalogue_is_named(locale_folder: Path) -> None:
    made = catalog(("Age", "Âge"))
    faults(made)
    catalogues.po_path("fr").write_text('msgid "Age\n')
    [line] = catalogues.faults(made, "fr")
    assert line.startswith(f"{catalogues.po_path('fr')} cannot be read")


# What people read


@pytest.mark.parametrize("locale", catalogues.PLURALS)
def test_the_terms_of_the_field_reach_the_reader(locale: str) -> None:
    terms = catalogues.glossary(locale)
    with translation.override(locale.lower().replace("_", "-")):
        assert gettext("Harms") == terms["Harms", ""]
        assert gettext("Core list") == terms["Core list", ""]


@pytest.mark.parametrize("locale", catalogues.PLURALS)
def test_what_the_site_reads_is_compiled_from_the_texts(locale: str) -> None:
    catalog = catalogues.read(locale)
    assert catalogues.po_path(locale).with_suffix(".mo").read_bytes() == catalogues.compiled(catalog, locale)


def test_numbers_choose_their_plural_form() -> None:
    with translation.override("ru"):
        said = [ngettext("%(count)s comment", "%(count)s comments", n) % {"count": n} for n in (1, 2, 5, 11, 21)]
    assert said == ["1 комментарий", "2 комментария", "5 комментариев", "11 комментариев", "21 комментарий"]
