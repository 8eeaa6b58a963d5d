"""Drafts and random edits of them, for the tests of merging and comparing."""

import itertools

from hypothesis import strategies as st

from medicines.content import richtext
from medicines.content.schema import DraftContent, Facts, Narrative, NarrativeSection, ProposalFacts


def p(block_id, words):
    return f'<p data-block="{block_id}">{words}</p>'


def draft(html="", facts=None, sections=None, **narrative):
    sections = sections or {"background": html}
    return DraftContent(
        proposals=(ProposalFacts(key="1", facts=facts or Facts(medicine="examplafen", indication="a condition")),),
        narrative=Narrative(
            sections=tuple(NarrativeSection(key=key, html=text) for key, text in sections.items()), **narrative
        ),
    )


SECTIONS = ["background", "harms"]
WORD = st.text(alphabet="abcdeé字ب", min_size=1, max_size=4)
WORDS = st.lists(WORD, min_size=1, max_size=4).map(" ".join)
EDIT = st.tuples(
    st.sampled_from(["edit", "insert", "delete", "move", "split", "list", "table"]),
    st.integers(0, 50),
    st.integers(0, 50),
    WORDS,
)
EDITS = st.lists(EDIT, max_size=8)
START = st.lists(st.tuples(st.sampled_from(SECTIONS), st.sampled_from(["p", "li", "h3"]), WORDS), max_size=8)


def written(rows):
    """Rows of (section, kind, id, words) as sections of rich text."""
    sections = {}
    for key in SECTIONS:
        html = ""
        for is_list, group in itertools.groupby((row for row in rows if row[0] == key), lambda row: row[1] == "li"):
            parts = []
            for _, kind, block_id, words in group:
                if kind == "li":
                    parts.append(f"<li>{p(block_id, words)}</li>")
                elif kind == "table":
                    parts.append(f'<table data-block="{block_id}"><tbody><tr><td>{words}</td></tr></tbody></table>')
                else:
                    parts.append(f'<{kind} data-block="{block_id}">{words}</{kind}>')
            html += f"<ul>{''.join(parts)}</ul>" if is_list else "".join(parts)
        sections[key] = richtext.sanitise(html)
    return sections


def edited(rows, edits, who):
    """The rows after random edits, each new block with an id of its own."""
    rows = list(rows)
    minted = itertools.count()
    for kind, first, second, words in edits:
        if kind == "insert" or not rows:
            key = SECTIONS[second % 2]
            rows.insert(first % (len(rows) + 1), (key, "p", f"{who}{next(minted)}", f"{who}{words}"))
            continue
        at = first % len(rows)
        key, tag, block_id, old = rows[at]
        if kind == "edit":
            rows[at] = (key, tag, block_id, f"{old} {who}{words}" if second % 2 else f"{who}{words}")
        elif kind == "delete":
            del rows[at]
        elif kind == "move":
            row = rows.pop(at)
            rows.insert(second % (len(rows) + 1), (SECTIONS[second % 2], *row[1:]))
        elif kind == "split":
            # As the editor does it: both halves carry the id, and storing them gives the second a new one.
            halves = old.split(" ")
            half = len(halves) // 2
            rows[at] = (key, tag, block_id, " ".join(halves[: half or 1]))
            if half:
                rows.insert(at + 1, (key, tag, f"{who}{next(minted)}", " ".join(halves[half:])))
        else:
            rows[at] = (key, {"list": "li", "table": "table"}[kind], block_id, old)
    return rows
