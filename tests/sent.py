"""Reading pages as a browser does: what a form would send."""

from __future__ import annotations

from html.parser import HTMLParser

Field = tuple[str, str]


class _Form(HTMLParser):
    """The successful controls of the form with an id (of any form where it is empty), in the order of the page."""

    def __init__(self, form_id: str) -> None:
        super().__init__(convert_charrefs=True)
        self.form_id = form_id
        self.is_inside = False
        self.templates = 0
        self.fields: list[Field] = []
        self.select: str | None = None
        self.options: list[tuple[str, bool]] = []
        self.option: str | None = None
        self.textarea: str | None = None
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "form":
            self.is_inside = not self.form_id or found.get("id") == self.form_id
        if tag == "template":
            self.templates += 1
        if not self.is_inside or self.templates or "disabled" in found:
            return
        name = found.get("name") or ""
        if tag == "input" and name:
            self._input(name, found)
        elif tag == "select":
            self.select, self.options = name, []
        elif tag == "option" and self.select is not None:
            self.options.append((found.get("value") or "", "selected" in found))
        elif tag == "textarea":
            self.textarea, self.text = name, ""

    def _input(self, name: str, found: dict[str, str | None]) -> None:
        kind, value = found.get("type", "text"), found.get("value")
        if kind in ("checkbox", "radio"):
            if "checked" in found:
                self.fields.append((name, "on" if value is None else value))
        elif kind not in ("submit", "button", "file"):
            # One line: a browser takes line breaks out.
            self.fields.append((name, (value or "").replace("\n", "").replace("\r", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.is_inside = False
        if tag == "template":
            self.templates -= 1
        if tag == "select" and self.select:
            chosen = [value for value, is_chosen in self.options if is_chosen] or [v for v, _ in self.options[:1]]
            self.fields.append((self.select, chosen[-1] if chosen else ""))
            self.select = None
        if tag == "textarea" and self.textarea is not None:
            text = self.text.removeprefix("\n").replace("\r\n", "\n").replace("\r", "\n")
            self.fields.append((self.textarea, text.replace("\n", "\r\n")))
            self.textarea = None

    def handle_data(self, data: str) -> None:
        if self.textarea is not None:
            self.text += data


def sent(html: str, form_id: str = "") -> dict[str, list[str]]:
    """What a browser would send of a form that nobody touched."""
    reader = _Form(form_id)
    reader.feed(html)
    fields: dict[str, list[str]] = {}
    for name, value in reader.fields:
        fields.setdefault(name, []).append(value)
    return fields
