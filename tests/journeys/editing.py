"""The text editor in a real browser, which hears of some things a moment later than the browser does."""

from __future__ import annotations

from playwright.sync_api import Page


def until_the_editor_has_heard(page: Page) -> None:
    """Wait until an editor has the focus and its selection is the browser's: it hears of a moved one a moment later.

    After a button it takes the focus back with the next frame. And 20 ms after it was given the focus, it puts the
    cursor back to where it was then. Timers keep their order on a busy machine too.
    """
    page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50)))")
    page.wait_for_function(
        """() => {
            const { editor } = document.activeElement
            if (!editor) return false
            const { view, state } = editor
            const { anchorNode, anchorOffset, focusNode, focusOffset } = document.getSelection()
            return view.posAtDOM(anchorNode, anchorOffset) === state.selection.anchor &&
                view.posAtDOM(focusNode, focusOffset) === state.selection.head
        }"""
    )
