/*
 * Citations: objects in the text that point at a reference of the page and show its number.
 *
 * Numbers are computed over all the editors of a form, in reading order; none is stored. Neighbours share
 * their brackets, as in print: (4, 5).
 */
import { tokenNode } from "richtext/schema"

const views = new Map() // editor → the views of its citations
const members = new Map() // editor → its textarea
let known = null // references given by a script, instead of those in the page

/** The references of the page, in the order of its rows: [{id, text}]. */
export function references() {
  if (known) return known
  const script = document.getElementById("richtext-references")
  return script ? JSON.parse(script.textContent) : []
}

/** Tell the editors that the references have changed. */
export function setReferences(list) {
  known = list
  scheduleNumbering()
}

const rowOf = (ref) => document.querySelector(`[data-reference="${CSS.escape(ref)}"]`)

/** Show the row of a reference and put the focus there. */
export function goToReference(ref) {
  const row = rowOf(ref)
  if (!row) return
  for (let outer = row.closest("details"); outer; outer = outer.parentElement.closest("details")) outer.open = true
  row.scrollIntoView({ block: "center" })
  const target = row.querySelector("input:not([type=hidden]), textarea:not([hidden]), select, a[href], button") ?? row
  if (target === row) row.tabIndex = -1
  target.focus({ preventScroll: true })
}

export function joinNumbering(editor, textarea) {
  members.set(editor, textarea)
  editor.on("update", scheduleNumbering)
  editor.on("destroy", () => {
    members.delete(editor)
    views.delete(editor)
    scheduleNumbering()
  })
  scheduleNumbering()
}

/** All editors of the same form as `textarea`, in reading order. */
export function editorsBeside(textarea) {
  const beside = [...members].filter(([, other]) => other.form === textarea.form)
  const follows = (first, second) => first.compareDocumentPosition(second) & Node.DOCUMENT_POSITION_FOLLOWING
  return beside.sort(([, first], [, second]) => (follows(first, second) ? -1 : 1)).map(([editor]) => editor)
}

/** The number of each cited reference in the form of `textarea`: a Map from id to number. */
export function numbers(textarea) {
  const found = new Map()
  for (const editor of editorsBeside(textarea)) {
    editor.state.doc.descendants((node) => {
      if (node.type.name === "citation" && !found.has(node.attrs.ref)) found.set(node.attrs.ref, found.size + 1)
    })
  }
  return found
}

let scheduled = false

function scheduleNumbering() {
  if (scheduled) return
  scheduled = true
  queueMicrotask(() => {
    scheduled = false
    const leaders = new Map([...members.values()].map((textarea) => [textarea.form, textarea]))
    for (const textarea of leaders.values()) showNumbers(textarea)
  })
}

function showNumbers(textarea) {
  const found = numbers(textarea)
  const texts = new Map(references().map(({ id, text }) => [id, text]))
  for (const editor of editorsBeside(textarea)) {
    for (const view of views.get(editor) ?? []) view.show(found, texts)
  }
  for (const row of document.querySelectorAll("[data-reference]")) {
    const place = row.querySelector("[data-reference-number]")
    if (place) place.textContent = found.get(row.dataset.reference) ?? "–"
  }
  textarea.dispatchEvent(
    new CustomEvent("richtext:numbers", { bubbles: true, detail: { numbers: Object.fromEntries(found) } }),
  )
}

class CitationView {
  constructor(editor, node, getPos, labels) {
    this.editor = editor
    this.node = node
    this.getPos = getPos
    this.labels = labels
    this.dom = document.createElement("cite")
    this.dom.className = "richtext-cite"
    if (!views.has(editor)) views.set(editor, new Set())
    views.get(editor).add(this)
    scheduleNumbering()
  }

  show(found, texts) {
    const pos = this.getPos()
    if (pos === undefined) return
    const { ref } = this.node.attrs
    const { nodeBefore } = this.editor.state.doc.resolve(pos)
    const nodeAfter = this.editor.state.doc.nodeAt(pos + 1)
    const isCitation = (node) => node?.type === this.node.type
    const number = texts.has(ref) ? found.get(ref) : "?"
    const text = `${isCitation(nodeBefore) ? "" : "("}${number}${isCitation(nodeAfter) ? ", " : ")"}`
    if (this.dom.textContent !== text) this.dom.textContent = text
    this.dom.classList.toggle("is-lost", !texts.has(ref))
    this.dom.title = texts.get(ref) ?? this.labels.lostReference
  }

  update(node) {
    if (node.type !== this.node.type) return false
    this.node = node
    scheduleNumbering()
    return true
  }

  ignoreMutation() {
    return true
  }

  destroy() {
    views.get(this.editor)?.delete(this)
  }
}

export const Citation = tokenNode("citation", "cite", "ref", {
  addOptions: () => ({ labels: {} }),
  addNodeView() {
    return ({ editor, node, getPos }) => new CitationView(editor, node, getPos, this.options.labels)
  },
})

/** A number shown from its row of findings: kept where it is, never edited here. */
export const Finding = tokenNode("finding", "data", "finding", {
  addOptions: () => ({ labels: {} }),
  addNodeView() {
    return ({ node }) => {
      const dom = document.createElement("data")
      dom.className = "richtext-finding"
      dom.textContent = this.options.labels.finding
      dom.title = node.attrs.finding
      return { dom, ignoreMutation: () => true }
    }
  },
})
