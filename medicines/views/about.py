"""What the site is, who runs it, and what the words of the lists mean."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from medicines.documents.words import explained
from medicines.renderings import stored

WORDS = ("essential", "core", "complementary", "emlc", "representative", "not_recommended", "removed", "aware")


@require_safe
@stored
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "public/about.html", {"terms": [explained(word) for word in WORDS]})
