"""The labels at the head of a page, and the words that may stand as their values, in six languages.

All are compared folded. Values are looked for within a line, the longer before the shorter.
"""

from __future__ import annotations

import re
from typing import Literal

from .blocks import fold

Label = Literal[
    "status",
    "section",
    "atc",
    "eml",
    "emlc",
    "indication",
    "icd11",
    "medicine",
    "medicine_type",
    "list_type",
    "formulations",
    "history",
    "sex",
    "age",
    "weight",
    "alternatives",
    "patents",
    "wikipedia",
    "drugbank",
    "partners",
    "aware",
    "choice",
]

LABELS: dict[Label, tuple[str, ...]] = {
    "status": (
        "Essential medicine status",
        "Status",
        "Statut de médicament essentiel",
        "Statut",
        "Estado de medicamento esencial",
        "Статус основного лекарственного средства",
        "基本药物状态",
        "حالة الدواء الأساسي",
    ),
    "section": ("Section", "EML section", "Rubrique", "Sección", "Раздел", "章节", "القسم"),
    "atc": (
        "ATC codes",
        "ATC code",
        "ATC",
        "Codes ATC",
        "Code ATC",
        "Códigos ATC",
        "Código ATC",
        "Коды АТХ",
        "Код АТХ",
        "Коды ATC",
        "Код ATC",
        "ATC代码",
        "ATC 代码",
        "رموز ATC",
        "رمز ATC",
    ),
    "eml": ("EML", "LME", "ПОЛС"),
    "emlc": ("EMLc", "LMEe", "ПОЛСд"),
    "indication": ("Indication", "Indications", "Indicación", "Показание", "Показания", "适应症", "دواعي الاستعمال"),
    "icd11": (
        "ICD-11",
        "ICD11",
        "ICD-11 code",
        "ICD-11 codes",
        "ICD11 code",
        "ICD11 codes",
        "Code ICD11",
        "Codes ICD11",
        "Code CIM-11",
        "Codes CIM-11",
        "CIM-11",
        "Código CIE-11",
        "Códigos CIE-11",
        "CIE-11",
        "Код МКБ-11",
        "Коды МКБ-11",
        "МКБ-11",
        "ICD-11 编码",
        "ICD11编码",
        "رمز ICD-11",
        "رمز ICD11",
    ),
    "medicine": (
        "INN",
        "International nonproprietary name",
        "International nonproprietary name (INN)",
        "Medicine",
        "Medicine name",
        "DCI",
        "Dénomination commune internationale",
        "Dénomination commune internationale (DCI)",
        "Médicament",
        "Denominación común internacional",
        "Denominación común internacional (DCI)",
        "Medicamento",
        "МНН",
        "Международное непатентованное наименование",
        "Международное непатентованное наименование (МНН)",
        "国际非专利名称",
        "国际非专利名称 (INN)",
        "الاسم الدولي غير المسجل الملكية",
        "الاسم الدولي غير المسجل الملكية (INN)",
    ),
    "medicine_type": (
        "Medicine type",
        "Type of medicine",
        "Type de médicament",
        "Tipo de medicamento",
        "Тип лекарственного средства",
        "药物类型",
        "نوع الدواء",
    ),
    "list_type": (
        "List type",
        "Type of list",
        "List",
        "Lists",
        "Proposed list",
        "Proposed lists",
        "Type de liste",
        "Tipo de lista",
        "Тип перечня",
        "清单类型",
        "نوع القائمة",
    ),
    "formulations": (
        "Formulations",
        "Formulation",
        "Dose forms",
        "Dosage forms and strengths",
        "Dose forms and strengths",
        "Forms and strengths",
        "Formes pharmaceutiques et dosages",
        "Formes et dosages",
        "Formulaciones",
        "Formas farmacéuticas y concentraciones",
        "Лекарственные формы и дозировки",
        "Лекарственные формы",
        "剂型与规格",
        "剂型",
        "الأشكال الصيدلانية والتركيزات",
        "التركيبات",
    ),
    "history": (
        "Status history",
        "EML status history",
        "Historique du statut",
        "Historique des statuts",
        "Historique des statuts LME",
        "Historial del estado",
        "Historial de estado LME",
        "История статуса",
        "История статуса ПОЛС",
        "状态历史",
        "سجل الحالة",
    ),
    "sex": ("Sex", "Sexe", "Sexo", "Пол", "性别", "الجنس"),
    "age": ("Age", "Âge", "Edad", "Возраст", "年龄", "العمر"),
    "weight": ("Weight", "Poids", "Peso", "Вес", "Масса тела", "体重", "الوزن"),
    "alternatives": (
        "Therapeutic alternatives",
        "Therapeutic alternative",
        "Therapeutic equivalence",
        "Équivalence thérapeutique",
        "Alternatives thérapeutiques",
        "Alternativas terapéuticas",
        "Equivalencia terapéutica",
        "Терапевтические альтернативы",
        "Терапевтическая эквивалентность",
        "治疗替代药物",
        "治疗等效性",
        "البدائل العلاجية",
        "التكافؤ العلاجي",
    ),
    "patents": (
        "Patent information",
        "Patents",
        "Renseignements sur le brevet",
        "Renseignements sur les brevets",
        "Información sobre patentes",
        "Información de patentes",
        "Сведения о патентах",
        "专利信息",
        "معلومات براءات الاختراع",
    ),
    "wikipedia": ("Wikipedia", "Wikipédia", "Википедия", "维基百科", "ويكيبيديا"),
    "drugbank": ("DrugBank",),
    "partners": (
        "Combined with",
        "Given with",
        "Combiné avec",
        "Associé à",
        "Combinado con",
        "В сочетании с",
        "联合使用",
        "بالاشتراك مع",
    ),
    "aware": (
        "AWaRe",
        "AWaRe group",
        "Antibiotic group",
        "Antibiotic groups",
        "Groupe AWaRe",
        "Groupes d’antibiotiques",
        "Grupo AWaRe",
        "Группа AWaRe",
        "AWaRe 分组",
        "مجموعة AWaRe",
    ),
    "choice": ("Choice", "Line of treatment", "Choix", "Elección", "Выбор", "选择", "الاختيار"),
}

VALUES: dict[str, dict[str, tuple[str, ...]]] = {
    "status": {
        "essential": (
            "Essential",
            "Essential medicine",
            "Essentiel",
            "Médicament essentiel",
            "Esencial",
            "Medicamento esencial",
            "Основное лекарственное средство",
            "基本药物",
            "دواء أساسي",
        ),
    },
    "medicine_type": {
        "chemical": ("Chemical", "Chimique", "Síntesis química", "Químico", "Химическ", "化学", "كيميائي"),
        "biological": ("Biological", "Biologic", "Biologique", "Biológico", "Биологическ", "生物", "بيولوجي"),
    },
    "list_type": {
        "complementary": (
            "Complementary",
            "Complémentaire",
            "Complementaria",
            "Complementario",
            "Дополнительный",
            "补充清单",
            "补充",
            "التكميلية",
            "تكميلية",
        ),
        "core": (
            "Core",
            "Liste de base",
            "De base",
            "Lista básica",
            "Básica",
            "Основной перечень",
            "Основной",
            "核心清单",
            "核心",
            "القائمة الأساسية",
            "الأساسية",
        ),
    },
    "sex": {
        "female": (
            "Female",
            "Women",
            "Girls",
            "Femmes",
            "Féminin",
            "Mujeres",
            "Femenino",
            "Женский",
            "女性",
            "أنثى",
            "إناث",
        ),
        "male": ("Male", "Men", "Boys", "Hommes", "Masculin", "Hombres", "Masculino", "Мужской", "男性", "ذكر", "ذكور"),
        "all": (
            "All",
            "All sexes",
            "Both",
            "Tous",
            "Tous les sexes",
            "Todos",
            "Ambos",
            "Ambos sexos",
            "Любой",
            "Все",
            "不限",
            "所有",
            "全部",
            "كلا الجنسين",
            "الكل",
            "الجميع",
        ),
    },
    "age": {
        "also_children": (
            "Also recommended for children",
            "Aussi recommandé pour les enfants",
            "Également recommandé pour les enfants",
            "También recomendado para niños",
            "Также рекомендовано для детей",
            "亦推荐用于儿童",
            "也推荐用于儿童",
            "موصى به للأطفال أيضًا",
        ),
        "adolescents_adults": (
            "Adolescents and adults",
            "Adolescents et adultes",
            "Adolescentes y adultos",
            "Подростки и взрослые",
            "青少年和成人",
            "المراهقون والبالغون",
        ),
        "children": ("Children", "Enfants", "Niños", "Дети", "儿童", "الأطفال"),
        "adults": ("Adults", "Adultes", "Adultos", "Взрослые", "成人", "البالغون"),
        "all": ("All", "All ages", "Tous", "Tous les âges", "Todas", "Todas las edades", "Любой", "不限", "الكل"),
    },
    "alternatives": {
        "specific": (
            "The recommendation is for this specific medicine",
            "This specific medicine",
            "La recommandation concerne ce médicament précis",
            "La recommandation concerne ce médicament spécifique",
            "La recomendación se refiere a este medicamento específico",
            "La recomendación es para este medicamento específico",
            "Рекомендация относится именно к этому лекарственному средству",
            "该推荐仅针对此特定药物",
            "التوصية تخص هذا الدواء تحديدًا",
        ),
    },
    "patents": {
        "main_expired": (
            "Main patents have expired in most jurisdictions",
            "Main patents have expired",
            "Les principaux brevets ont expiré",
            "Las patentes principales han expirado",
            "Срок действия основных патентов истёк",
            "主要专利已到期",
            "انتهت صلاحية براءات الاختراع الرئيسية",
        ),
        "expired": (
            "Patents have expired in most jurisdictions",
            "Patents have expired",
            "Les brevets ont expiré dans la plupart des pays et territoires",
            "Les brevets ont expiré",
            "Las patentes han expirado",
            "Срок действия патентов истёк",
            "专利在大多数司法管辖区已到期",
            "انتهت صلاحية براءات الاختراع",
        ),
        "active_several": ("Main patents are active in several jurisdictions", "Main patent is active in several"),
        "active_one": ("Main patents are active in one jurisdiction", "Main patent is active in one"),
    },
    "history": {
        "first_added": (
            "First added",
            "Ajouté pour la première fois",
            "Añadido por primera vez",
            "Впервые включено",
            "首次列入",
            "أُضيف لأول مرة",
        ),
        "not_recommended": (
            "Not recommended",
            "Inscription non recommandée",
            "Non recommandé",
            "Inclusión no recomendada",
            "No recomendado",
            "Включение не рекомендовано",
            "不建议列入",
            "غير موصى بإدراجه",
        ),
        "removed": ("Removed", "Supprimé", "Retiré", "Suprimido", "Исключено", "移除", "حُذف"),
        "changed": ("Changed", "Modifié", "Modificado", "Изменено", "更改", "变更", "عُدّل"),
        "deferred": ("Deferred", "Différé", "Reporté", "Aplazado", "Отложено", "推迟", "أُرجئ"),
        "added": ("Added", "Ajouté", "Añadido", "Включено", "列入", "أُضيف"),
    },
    "aware": {
        "access": ("Access", "可及", "الإتاحة"),
        "watch": ("Watch", "慎用", "المراقبة"),
        "reserve": ("Reserve", "保留", "الاحتياط"),
    },
    "choice": {
        "first": ("First choice", "First", "Premier choix", "Première", "Primera", "Первый", "第一", "首选", "الأول"),
        "second": ("Second choice", "Second", "Deuxième", "Segunda", "Второй", "第二", "次选", "الثاني"),
    },
}

READ_MORE = (
    "Read more about patents",
    "Read more",
    "Lire la suite sur les brevets",
    "Leer más sobre patentes",
    "Leer más sobre las patentes",
    "Подробнее о патентах",
    "阅读更多专利信息",
    "اقرأ المزيد عن براءات الاختراع",
)
"""What a page puts under the patents to lead elsewhere."""

_LABELS: dict[str, Label] = {fold(name): label for label, names in LABELS.items() for name in names}
_VALUES = {
    field: sorted(
        ((fold(name), value) for value, names in values.items() for name in names), key=lambda pair: -len(pair[0])
    )
    for field, values in VALUES.items()
}
_READ_MORE = tuple(map(fold, READ_MORE))
LONGEST = 2 * max(map(len, _LABELS))

BADGES: frozenset[Label] = frozenset({"eml", "emlc"})


def match_label(line: str) -> tuple[Label, str] | None:
    """The label that a line is, or begins with before a colon, and the value behind it, which may be empty."""
    line = line.strip()
    if len(line) <= LONGEST and (label := _LABELS.get(fold(line))):
        return label, ""
    head, colon, value = re.sub(r"[：﹕]", ":", line, count=1).partition(":")
    if colon and len(head) <= LONGEST and (label := _LABELS.get(fold(head))):
        return label, value.strip()
    return None


def match_value(field: str, words: str) -> str | None:
    """The fixed value that the words state, or ``None``."""
    folded = f" {fold(words)} "
    for name, value in _VALUES[field]:
        # Chinese has no blanks between words, and the stems of Russian stand for their endings.
        if f" {name} " in folded or (not name.isascii() and name in folded):
            return value
    return None


def is_read_more(words: str) -> bool:
    return fold(words) in _READ_MORE
