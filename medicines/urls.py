"""The addresses of the public record."""

from django.urls import path

from medicines.views import about, data, download, home, recommendation, search

app_name = "public"

urlpatterns = [
    path("", home.home, name="home"),
    path("about/", about.about, name="about"),
    path("search/", search.search, name="search"),
    path("search/list.<list_format:extension>", download.search, name="search_download"),
    path("editions/<int:edition>/list.<list_format:extension>", download.edition, name="edition_download"),
    path(
        "sections/<int:edition>/<str:number>/list.<list_format:extension>", download.section, name="section_download"
    ),
    path("meetings/<int:number>/outcomes.<list_format:extension>", download.meeting, name="meeting_download"),
    path("medicines/<int:pk>/list.<list_format:extension>", download.medicine, name="medicine_download"),
    path("data/", data.data, name="data"),
    path("data/schema/<int:number>.json", data.schema, name="data_schema"),
    path("data/files/<str:key>/<str:name>", data.file, name="data_file"),
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
