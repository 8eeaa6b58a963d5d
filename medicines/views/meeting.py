"""The meetings of the committee, and what one of them decided."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from medicines.browsing.meetings import MeetingPage
from medicines.browsing.meetings import meetings as all_meetings
from medicines.renderings import stored


@require_safe
@stored
def meetings(request: HttpRequest) -> HttpResponse:
    return render(request, "public/meetings.html", {"meetings": all_meetings()})


@require_safe
@stored
def meeting(request: HttpRequest, number: int) -> HttpResponse:
    found = next((each for each in all_meetings() if each.number == str(number)), None)
    if found is None:
        raise Http404(_("No decision of such a meeting is published."))
    shown = MeetingPage(found, page=request.GET.get("page"))
    return render(request, "public/meeting.html", {"meeting": found, "shown": shown})
