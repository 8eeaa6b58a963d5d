"""Which section a heading begins: a table of synonyms of our own in six languages, compared folded.

``HEADINGS`` are names of the committee's own sections. ``NEAR`` are headings of applications that are wider or
narrower than a section: their text goes there under its own heading, marked as guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from medicines.content.schema import SectionKey

from .blocks import fold

Place = SectionKey | Literal["references", "facts"]

HEADINGS: dict[Place, tuple[str, ...]] = {
    "recommendation": (
        "Expert Committee recommendation",
        "Expert Committee recommendations",
        "Committee recommendation",
        "Committee recommendations",
        "Recommendation of the Expert Committee",
        "Recommendation",
        "Recommendations",
        "Committee decision",
        "Recommandation du Comité d’experts",
        "Recommandations du Comité d’experts",
        "Recommandation",
        "Recomendación del Comité de Expertos",
        "Recomendaciones del Comité de Expertos",
        "Recomendación",
        "Рекомендация Комитета экспертов",
        "Рекомендации Комитета экспертов",
        "Рекомендация",
        "专家委员会推荐意见",
        "专家委员会建议",
        "委员会建议",
        "توصية لجنة الخبراء",
        "توصيات لجنة الخبراء",
    ),
    "background": (
        "Background",
        "Context",
        "Introduction",
        "Contexte",
        "Antécédents",
        "Antecedentes",
        "Contexto",
        "История вопроса",
        "Общие сведения",
        "背景",
        "背景信息",
        "معلومات أساسية",
        "الخلفية",
    ),
    "public_health_relevance": (
        "Public health relevance",
        "Public health need",
        "Relevance to public health",
        "Burden of disease",
        "Intérêt pour la santé publique",
        "Pertinence pour la santé publique",
        "Importance pour la santé publique",
        "Importancia para la salud pública",
        "Pertinencia para la salud pública",
        "Relevancia para la salud pública",
        "Значимость для общественного здравоохранения",
        "Актуальность для общественного здравоохранения",
        "公共卫生意义",
        "公共卫生相关性",
        "الأهمية للصحة العامة",
        "أهمية الصحة العامة",
    ),
    "benefits": (
        "Benefits",
        "Benefit",
        "Effectiveness",
        "Efficacy",
        "Evidence of benefits",
        "Summary of evidence: benefits",
        "Summary of evidence of benefits",
        "Effets bénéfiques",
        "Bénéfices",
        "Avantages",
        "Beneficios",
        "Efectos beneficiosos",
        "Польза",
        "Преимущества",
        "获益",
        "益处",
        "الفوائد",
        "المنافع",
    ),
    "harms": (
        "Harms",
        "Harm",
        "Safety",
        "Harms and safety",
        "Adverse effects",
        "Evidence of harms",
        "Summary of evidence: harms",
        "Summary of evidence of harms",
        "Effets néfastes",
        "Effets indésirables",
        "Risques",
        "Efectos perjudiciales",
        "Efectos adversos",
        "Daños",
        "Вред",
        "Нежелательные явления",
        "危害",
        "伤害",
        "الأضرار",
        "الآثار الضارة",
    ),
    "additional_evidence": (
        "Additional evidence",
        "Further evidence",
        "Données supplémentaires",
        "Données complémentaires",
        "Datos adicionales",
        "Evidencia adicional",
        "Дополнительные данные",
        "其他证据",
        "补充证据",
        "بيّنات إضافية",
    ),
    "cost_effectiveness": (
        "Cost and cost-effectiveness",
        "Cost / cost-effectiveness",
        "Costs and cost-effectiveness",
        "Cost effectiveness",
        "Cost",
        "Costs",
        "Comparative cost and cost-effectiveness",
        "Coût et rapport coût-efficacité",
        "Rapport coût/efficacité",
        "Coût",
        "Coûts",
        "Costo y costoeficacia",
        "Costo y costo-eficacia",
        "Costo-eficacia",
        "Costoeficacia",
        "Coste y coste-efectividad",
        "Costo y costo-efectividad",
        "Стоимость и экономическая эффективность",
        "Стоимость и затратоэффективность",
        "Стоимость",
        "成本与成本效益",
        "成本和成本效益",
        "成本效益",
        "التكلفة والفعالية من حيث التكلفة",
        "التكلفة",
    ),
    "who_guidelines": (
        "WHO guidelines",
        "WHO guideline",
        "WHO guidelines and recommendations",
        "Guidelines",
        "Lignes directrices de l’OMS",
        "Directives de l’OMS",
        "Directrices de la OMS",
        "Guías de la OMS",
        "Руководства ВОЗ",
        "Руководящие принципы ВОЗ",
        "Рекомендации ВОЗ",
        "世卫组织指南",
        "世界卫生组织指南",
        "المبادئ التوجيهية للمنظمة",
        "المبادئ التوجيهية لمنظمة الصحة العالمية",
    ),
    "availability": (
        "Availability",
        "Market availability",
        "Disponibilité",
        "Disponibilidad",
        "Наличие",
        "Доступность",
        "可获得性",
        "可得性",
        "التوافر",
        "توافر الدواء",
    ),
    "other_considerations": (
        "Other considerations",
        "Additional considerations",
        "Autres considérations",
        "Otras consideraciones",
        "Прочие соображения",
        "Другие соображения",
        "其他考虑因素",
        "其他考虑",
        "اعتبارات أخرى",
    ),
    "implementation": (
        "Implementation",
        "Implementation considerations",
        "Considerations for implementation",
        "Mise en œuvre",
        "Aplicación",
        "Implementación",
        "Осуществление",
        "Внедрение",
        "实施",
        "实施考虑",
        "التنفيذ",
    ),
    "unplaced": ("Unplaced",),
    "references": (
        "References",
        "Reference list",
        "Bibliography",
        "Literature",
        "Show references",
        "Hide references",
        "Show references Hide references",
        "Références",
        "Références bibliographiques",
        "Bibliographie",
        "Afficher les références",
        "Masquer les références",
        "Afficher les références Masquer les références",
        "Referencias",
        "Bibliografía",
        "Mostrar las referencias",
        "Mostrar referencias",
        "Mostrar las referencias Ocultar las referencias",
        "Mostrar referencias Ocultar referencias",
        "Библиография",
        "Литература",
        "Список литературы",
        "Ссылки",
        "Показать библиографию",
        "参考文献",
        "显示参考文献",
        "المراجع",
        "إظهار المراجع",
    ),
    "facts": (
        "Key facts",
        "Facts",
        "Key information",
        "Faits essentiels",
        "Informations clés",
        "Datos clave",
        "Información clave",
        "Основные факты",
        "Основные сведения",
        "关键信息",
        "要点",
        "حقائق رئيسية",
    ),
}

NEAR: dict[Place, tuple[str, ...]] = {
    "background": (
        "Summary",
        "Summary statement",
        "Summary statement of the proposal",
        "Summary statement of the proposal for inclusion, change or deletion",
        "Executive summary",
        "Proposal",
        "Treatment details",
        "Individual medicine or representative",
        "Individual medicine or representative with alternatives",
        "Listing as an individual medicine or as representative",
        "Listing as an individual medicine or representative of a pharmacological class",
        "Résumé",
        "Synthèse",
        "Modalités de traitement",
        "Resumen",
        "Detalles del tratamiento",
        "Резюме",
        "Сведения о лечении",
        "摘要",
        "治疗详情",
        "ملخص",
        "تفاصيل العلاج",
    ),
    "public_health_relevance": (
        "Public health relevance and current alternatives",
        "Information supporting the public health relevance",
        "Disease burden",
        "Epidemiology",
        "Charge de morbidité",
        "Carga de morbilidad",
        "Бремя болезни",
        "疾病负担",
        "عبء المرض",
    ),
    "benefits": (
        "Review of benefits",
        "Summary of evidence of comparative effectiveness",
        "Comparative effectiveness",
        "Clinical effectiveness",
    ),
    "harms": (
        "Review of harms and toxicity",
        "Review of harms",
        "Summary of evidence of comparative safety",
        "Comparative safety",
        "Safety and tolerability",
    ),
    "cost_effectiveness": (
        "Summary of available data on comparative cost and cost-effectiveness",
        "Prices",
        "Affordability",
    ),
    "availability": (
        "Regulatory status",
        "Regulatory status and availability",
        "Regulatory status, availability and patents",
        "Regulatory status, market availability and pharmacopoeial standards",
        "Summary of regulatory status, market availability and pharmacopoeial standards",
        "Patents",
        "Statut réglementaire",
        "Situación reglamentaria",
        "Регистрационный статус",
        "监管状况",
        "الوضع التنظيمي",
    ),
    "other_considerations": (
        "WHO technical department consulted",
        "WHO technical department",
        "Relevant WHO technical department and focal point",
        "Relevant WHO technical department",
        "Other organizations",
        "Other organizations consulted",
        "Organizations consulted",
        "Name of organization(s) consulted and/or supporting the application",
        "Département technique de l’OMS consulté",
        "Departamento técnico de la OMS consultado",
    ),
    "who_guidelines": ("Current WHO guidelines", "Guidelines of other bodies", "Treatment guidelines"),
}

MISLABELLED: dict[str, SectionKey] = {"Torts": "harms"}
"""Headings that a published page shows and that mean something else: French "torts" are legal wrongs."""


@dataclass(frozen=True)
class Match:
    place: Place
    how: Literal["same", "near", "mislabelled"] = "same"


def _table() -> dict[str, Match]:
    found: dict[str, Match] = {}
    for place, names in NEAR.items():
        found |= {fold(name): Match(place, "near") for name in names}
    for place, names in HEADINGS.items():
        found |= {fold(name): Match(place) for name in names}
    found |= {fold(name): Match(place, "mislabelled") for name, place in MISLABELLED.items()}
    return found


TABLE = _table()
LONGEST = 2 * max(map(len, TABLE))
NUMBER = re.compile(r"\A\s*(?:[A-Za-zА-Яа-яЁё]+\s+)?(?:\d{1,2}(?:\.\d{1,2})*[.):]?|[IVXivx]{1,5}[.)])\s+(?=\S)")
TAIL = re.compile(r"\s*(?:[:：]\s|\s[–—-]\s|[(（]).*$", re.DOTALL)


def match_heading(text: str, marked: bool = True) -> Match | None:
    """The section that a heading begins, or ``None``. A number may stand before it.

    ``marked`` headings may go on after a colon, a dash or a parenthesis; a bare line must be the heading alone.
    """
    text = text.strip()
    if not text or len(text) > LONGEST:
        return None
    numberless = NUMBER.sub("", text, count=1)
    for candidate in (text, numberless):
        if found := TABLE.get(fold(candidate)):
            return found
    if not marked:
        return None
    found = TABLE.get(fold(TAIL.sub("", numberless)))
    return found and Match(found.place, "near")
