"""The addresses of the public record."""

from django.urls import path

from medicines import feeds
from medicines.views import (
    about,
    api,
    atc,
    data,
    download,
    edition,
    figures,
    home,
    indication,
    medicine,
    meeting,
    recommendation,
    search,
    section,
)

app_name = "public"

urlpatterns = [
    path("", home.home, name="home"),
    path("about/", about.about, name="about"),
    path("api/", api.api, name="api"),
    path("search/", search.search, name="search"),
    path("search/suggestions/", search.suggestions, name="suggestions"),
    path("search/list.<list_format:extension>", download.search, name="search_download"),
    path("editions/<int:edition>/list.<list_format:extension>", download.edition, name="edition_download"),
    path("sections/<int:edition>/<str:number>/list.<list_format:extension>", download.section, name="section_download"),
    path("meetings/<int:number>/outcomes.<list_format:extension>", download.meeting, name="meeting_download"),
    path("medicines/<int:pk>/list.<list_format:extension>", download.medicine, name="medicine_download"),
    path("data/", data.data, name="data"),
    path("data/schema/<int:number>.json", data.schema, name="data_schema"),
    path("data/files/<str:key>/<str:name>", data.file, name="data_file"),
    path("medicines/", medicine.medicines, name="medicines"),
    path("medicines/<int:pk>/", medicine.medicine, name="medicine"),
    path("indications/", indication.indications, name="indications"),
    path("indications/<int:pk>/", indication.indication, name="indication"),
    path("sections/", section.sections, name="sections"),
    path("sections/<int:edition>/<str:number>/", section.section, name="section"),
    path("atc/", atc.atc, name="atc"),
    path("atc/<str:code>/", atc.atc_class, name="atc_class"),
    path("editions/", edition.editions, name="editions"),
    path("editions/<int:number>/", edition.edition, name="edition"),
    path("editions/<int:older>-<int:newer>/", edition.edition_changes, name="edition_changes"),
    path(
        "editions/<int:older>-<int:newer>/changes.<str:extension>",
        edition.edition_changes_download,
        name="edition_changes_download",
    ),
    path("meetings/", meeting.meetings, name="meetings"),
    path("meetings/<int:number>/", meeting.meeting, name="meeting"),
    path("figures/", figures.figures, name="figures"),
    path("feeds/decisions.atom", feeds.decisions, name="feed_decisions"),
    path("feeds/corrections.atom", feeds.corrections, name="feed_corrections"),
    path("sections/<int:edition>/<str:number>/feed.atom", feeds.section, name="feed_section"),
    path("medicines/<int:pk>/feed.atom", feeds.medicine, name="feed_medicine"),
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
