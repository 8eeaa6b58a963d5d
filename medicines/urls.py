"""The addresses of the public record."""

from django.urls import path

from medicines.views import about, home, recommendation, search

app_name = "public"

urlpatterns = [
    path("", home.home, name="home"),
    path("about/", about.about, name="about"),
    path("search/", search.search, name="search"),
    path("recommendations/<int:number>/", recommendation.current, name="recommendation"),
    path("recommendations/<int:number>/v<int:version>/", recommendation.version, name="version"),
    path("recommendations/<int:number>/changes/<int:older>-<int:newer>/", recommendation.changes, name="changes"),
    path("recommendations/<int:number>/v<int:version>/cite.ris", recommendation.cite_ris, name="cite_ris"),
    path("recommendations/<int:number>/v<int:version>/cite.bib", recommendation.cite_bibtex, name="cite_bibtex"),
    path(
        "recommendations/<int:number>/v<int:version>/references.ris",
        recommendation.references_ris,
        name="references_ris",
    ),
    path(
        "recommendations/<int:number>/v<int:version>/references.bib",
        recommendation.references_bibtex,
        name="references_bibtex",
    ),
    path("recommendations/<int:number>/v<int:version>/content.json", recommendation.content_json, name="content_json"),
]
