"""
A form field for rich text: the editor in the browser, the sanitiser behind it.

The widget needs scripts, so the page prints `form.media` in its head with the request's nonce:

    {{ form.media }}     where the view or a template tag has called `form.media.with_nonce(nonce)`

Without JavaScript the textarea holds the HTML itself, and what is posted is sanitised all the same.
"""

import json
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django_prose_editor.widgets import importmap as prose_editor_importmap
from js_asset import ImportMap, Media, Script

from medicines.content import richtext

# Each module has a name in the import map, so that a hashed file name reaches the importing module too.
_MODULES = ("blocks", "citations", "dialogs", "html", "schema", "toolbar")

richtext_media = Media(
    importmap=prose_editor_importmap | ImportMap({f"richtext/{name}": f"editor/{name}.js" for name in _MODULES}),
    css={"all": ["editor/editor.css"]},
    js=[Script("editor/editor.js", type="module")],
)


def _labels() -> dict[str, str]:
    """The words of the editor, in the language of the request."""
    return {
        "toolbar": _("Formatting"),
        "heading": _("Heading"),
        "subheading": _("Subheading"),
        "bold": _("Bold"),
        "italic": _("Italic"),
        "subscript": _("Subscript"),
        "superscript": _("Superscript"),
        "bulletList": _("Bulleted list"),
        "orderedList": _("Numbered list"),
        "quotation": _("Quotation"),
        "table": _("Insert table"),
        "addRowBefore": _("Add row above"),
        "addRowAfter": _("Add row below"),
        "deleteRow": _("Delete row"),
        "addColumnBefore": _("Add column before"),
        "addColumnAfter": _("Add column after"),
        "deleteColumn": _("Delete column"),
        "toggleHeaderRow": _("Header row"),
        "toggleHeaderColumn": _("Header column"),
        "mergeOrSplit": _("Merge or split cells"),
        "deleteTable": _("Delete table"),
        "link": _("Link"),
        "address": _("Address"),
        "saveLink": _("Save link"),
        "removeLink": _("Remove link"),
        "badAddress": _("Give an address that begins with https://, http:// or mailto:"),
        "insertCitation": _("Insert citation"),
        "findReference": _("Find a reference"),
        "references": _("References"),
        "noReferences": _("There are no references yet. Add them to the list of references first."),
        "noneFound": _("No reference fits."),
        "goToReference": _("Go to the reference"),
        "removeCitation": _("Remove citation"),
        "lostReference": _("This reference is not in the list of references."),
        "finding": pgettext("a number taken from the table of findings", "figure"),
        "undo": _("Undo"),
        "redo": _("Redo"),
        "close": _("Close"),
    }


class RichTextWidget(forms.Textarea):
    """A textarea that the editor takes over in the browser. Give it `lang` and `dir` of the text as attrs."""

    def __init__(self, attrs: dict[str, Any] | None = None):
        super().__init__({"rows": 12, "class": "richtext-source"} | (attrs or {}))

    @property
    def media(self) -> Media:
        return richtext_media

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"]["data-richtext"] = json.dumps({"labels": _labels()}, ensure_ascii=False)
        return context

    def use_required_attribute(self, initial: Any) -> bool:
        # The textarea is hidden behind the editor: the browser could not show its complaint.
        return False


class RichTextField(forms.CharField):
    """Rich text in the form of medicines.content.richtext; `cleaned_data` is sanitised."""

    widget = RichTextWidget

    def to_python(self, value: Any) -> str:
        return richtext.sanitise(super().to_python(value) or "")

    def has_changed(self, initial: Any, data: Any) -> bool:
        return not self.disabled and (initial or "") != self.to_python(data)
