"""The first page of the committee room: what awaits me, and the agenda of each meeting where I sit."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from applications.awaiting import awaiting
from applications.models import Item, Member, Person


@dataclass(frozen=True)
class Line:
    """One line of the agenda. Of an item in which the person takes no part it carries the title alone."""

    code: str
    title: str
    item: Item | None = None


@dataclass(frozen=True)
class Agenda:
    seat: Member
    lines: list[Line] = field(default_factory=list)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    agendas = _agendas(request.user)
    newest, earlier = agendas[:1], agendas[1:]
    context = {"agendas": newest, "earlier": earlier, "awaiting": awaiting(request.user)}
    return render(request, "committee/home.html", context)


def _agendas(person: Person) -> list[Agenda]:
    """The meetings where the person sits, newest first, each with every item in the order of its codes."""
    seats = Member.objects.filter(person=person).select_related("meeting").order_by("-meeting__number")
    agendas = {seat.meeting_id: Agenda(seat) for seat in seats}
    takes_part = set(Item.objects.visible_to(person).filter(meeting__in=agendas).values_list("pk", flat=True))
    items = Item.objects.on_agenda_of(person) if agendas else Item.objects.none()
    for item in sorted(items, key=_in_order):
        line = Line(item.code, item.title, item if item.pk in takes_part else None)
        agendas[item.meeting_id].lines.append(line)
    return list(agendas.values())


def _in_order(item: Item) -> tuple[str, int, str]:
    """A.9 before A.10: by letter, then by number."""
    letter, _dot, number = item.code.partition(".")
    return letter, int(number) if number.isdecimal() else 0, item.code
