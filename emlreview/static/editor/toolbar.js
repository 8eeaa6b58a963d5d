/*
 * The toolbar of one editor: what can always be done, and below it what can be done where the cursor stands.
 *
 * One stop of the Tab key, arrows inside, as a toolbar should be; Alt+F10 leads to it from the text.
 */
import { pm } from "django-prose-editor/editor"
import { setLeafType } from "richtext/blocks"
import { goToReference, numbers, references } from "richtext/citations"
import { askForLink, chooseReference, make } from "richtext/dialogs"

const ICONS = {
  bulletList: "M9 6h11M9 12h11M9 18h11M4.5 6h.01M4.5 12h.01M4.5 18h.01",
  orderedList: "M10 6h10M10 12h10M10 18h10M4 4.5 5.5 4v4M4 8h3M4 14.2c.3-1.6 2.8-1.5 2.8.1 0 1.1-1.4 1.6-2.8 3.2h3",
  quotation: "M5 6v12M9 7h11M9 12h11M9 17h7",
  table: "M4 5h16v14H4zM4 10h16M4 14.5h16M10 5v14",
  link: "M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.7-5.7L12 7M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.7 5.7L12 17",
  undo: "M8 5 4 9l4 4M4 9h10a5.5 5.5 0 0 1 0 11h-3",
  redo: "m16 5 4 4-4 4M20 9H10a5.5 5.5 0 0 0 0 11h3",
}

function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg")
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path")
  svg.setAttribute("viewBox", "0 0 24 24")
  svg.setAttribute("aria-hidden", "true")
  path.setAttribute("d", ICONS[name])
  svg.append(path)
  return svg
}

const markButton = (name, face, command) => ({
  name,
  face: () => face,
  active: (editor) => editor.isActive(name),
  run: (editor) => editor.chain().focus()[command]().run(),
})

const levelButton = (name, face, level) => ({
  name,
  face: () => face,
  active: (editor) => editor.isActive("heading", { level }),
  run(editor) {
    const isHeading = editor.isActive("heading", { level })
    editor.view.focus()
    setLeafType(editor.state, editor.view.dispatch, isHeading ? "paragraph" : "heading", level)
  },
})

const nodeButton = (name, command, node = name) => ({
  name,
  face: () => icon(name),
  active: (editor) => editor.isActive(node),
  run: (editor) => editor.chain().focus()[command]().run(),
})

const BUTTONS = [
  [
    levelButton("heading", "H1", 3),
    levelButton("subheading", "H2", 4),
  ],
  [
    markButton("bold", make("b", {}, "B"), "toggleBold"),
    markButton("italic", make("i", {}, "I"), "toggleItalic"),
    markButton("subscript", "x₂", "toggleSubscript"),
    markButton("superscript", "x²", "toggleSuperscript"),
  ],
  [
    nodeButton("bulletList", "toggleBulletList"),
    nodeButton("orderedList", "toggleOrderedList"),
    nodeButton("quotation", "toggleBlockquote", "blockquote"),
    { name: "table", face: () => icon("table"), active: (editor) => editor.isActive("table"), run: insertTable },
  ],
  [
    {
      name: "link",
      face: () => icon("link"),
      active: (editor) => editor.isActive("link"),
      able: (editor) => editor.isActive("link") || !editor.state.selection.empty,
      run: editLink,
    },
    { name: "insertCitation", face: () => "(1)", wide: true, run: insertCitation },
  ],
  [
    {
      name: "undo",
      face: () => icon("undo"),
      able: (editor) => pm.history.undoDepth(editor.state) > 0,
      run: (editor) => editor.chain().focus().undo().run(),
    },
    {
      name: "redo",
      face: () => icon("redo"),
      able: (editor) => pm.history.redoDepth(editor.state) > 0,
      run: (editor) => editor.chain().focus().redo().run(),
    },
  ],
]

const TABLE_COMMANDS = [
  "addRowBefore",
  "addRowAfter",
  "deleteRow",
  "addColumnBefore",
  "addColumnAfter",
  "deleteColumn",
  "toggleHeaderRow",
  "toggleHeaderColumn",
  "mergeOrSplit",
]

function insertTable(editor) {
  if (editor.isActive("table")) return
  const { schema, selection } = editor.state
  const { tableFrame, tableCaption, table, tableRow, tableHeader, tableCell } = schema.nodes
  const row = (cell) => tableRow.create(null, Array.from({ length: 3 }, () => cell.createAndFill()))
  const rows = [row(tableHeader), row(tableCell), row(tableCell)]
  const frame = tableFrame.create(null, [tableCaption.create(), table.create(null, rows)])
  // After the top-level block at the cursor: a table stands in no list and no quotation.
  const place = selection.$from.depth ? selection.$from.after(1) : selection.to
  const tr = editor.state.tr.insert(place, frame)
  tr.setSelection(pm.state.TextSelection.near(tr.doc.resolve(place + 2)))
  editor.view.dispatch(tr.scrollIntoView())
  editor.view.focus()
}

function deleteTable(editor) {
  const { $from } = editor.state.selection
  for (let depth = $from.depth; depth > 0; depth -= 1) {
    if ($from.node(depth).type.name !== "tableFrame") continue
    const tr = editor.state.tr.delete($from.before(depth), $from.after(depth))
    editor.view.dispatch(tr.scrollIntoView())
    break
  }
  editor.view.focus()
}

/** A heading's scope is said by its new place, once headings have been switched on or off. */
function forgetScopes(editor) {
  const { $from } = editor.state.selection
  const { tr } = editor.state
  for (let depth = $from.depth; depth > 0; depth -= 1) {
    if ($from.node(depth).type.name !== "table") continue
    const start = $from.start(depth)
    $from.node(depth).descendants((node, pos) => {
      if (node.attrs.scope) tr.setNodeAttribute(start + pos, "scope", null)
    })
  }
  if (tr.docChanged) editor.view.dispatch(tr)
}

async function editLink(editor, { labels }) {
  const current = editor.getAttributes("link").href ?? ""
  const href = await askForLink(labels, current)
  const chain = editor.chain().focus()
  if (href) chain.extendMarkRange("link").setMark("link", { href }).run()
  else if (href === "") chain.extendMarkRange("link").unsetMark("link").run()
  else chain.run()
}

async function insertCitation(editor, { labels, textarea }) {
  const ref = await chooseReference(labels, references(), numbers(textarea))
  const { state } = editor
  if (ref && !state.selection.$from.parent.inlineContent) return
  if (ref) {
    // Beside the selection, never in its place: choosing a reference deletes no words.
    const node = state.schema.nodes.citation.create({ ref })
    const place = state.selection.to
    const tr = state.tr.insert(place, node)
    editor.view.dispatch(tr.setSelection(pm.state.TextSelection.create(tr.doc, place + 1)).scrollIntoView())
  }
  editor.view.focus()
}

function button(label, face, onClick) {
  const element = make("button", { type: "button", title: label, "aria-label": label, tabIndex: -1 }, face)
  // The text keeps its selection while a button is pressed.
  element.addEventListener("mousedown", (event) => event.preventDefault())
  element.addEventListener("click", onClick)
  return element
}

function wordButton(label, onClick) {
  const element = button(label, label, onClick)
  element.removeAttribute("aria-label")
  element.removeAttribute("title")
  element.className = "richtext-word"
  return element
}

function roving(bar) {
  const usable = () => [...bar.querySelectorAll("button")].filter((item) => !item.disabled && item.offsetParent)
  const settle = (target) => {
    for (const item of bar.querySelectorAll("button")) item.tabIndex = item === target ? 0 : -1
  }
  bar.addEventListener("focusin", (event) => settle(event.target))
  bar.addEventListener("keydown", (event) => {
    const forward = getComputedStyle(bar).direction === "rtl" ? "ArrowLeft" : "ArrowRight"
    const backward = forward === "ArrowLeft" ? "ArrowRight" : "ArrowLeft"
    const items = usable()
    const index = items.indexOf(document.activeElement)
    const target = {
      [forward]: items[(index + 1) % items.length],
      [backward]: items.at(index - 1),
      Home: items[0],
      End: items.at(-1),
    }[event.key]
    if (!target) return
    event.preventDefault()
    target.focus()
  })
  settle(bar.querySelector("button"))
}

/** Build the toolbar of an editor; returns its element and a function that brings it up to date. */
export function buildToolbar(editor, textarea, labels) {
  const scene = { labels, textarea }
  const bar = make("div", { className: "richtext-toolbar", role: "toolbar", "aria-label": labels.toolbar })
  const refreshers = []

  for (const group of BUTTONS) {
    const box = make("span", { className: "richtext-group" })
    for (const { name, face, active, able, run, wide } of group) {
      const shown = face()
      const item = button(labels[name], shown.cloneNode ? shown.cloneNode(true) : shown, () => run(editor, scene))
      if (wide) item.classList.add("is-wide")
      refreshers.push(() => {
        if (active) item.setAttribute("aria-pressed", String(active(editor)))
        if (able) item.disabled = !able(editor)
      })
      box.append(item)
    }
    bar.append(box)
  }

  const tableBox = make("span", { className: "richtext-here", hidden: true })
  for (const name of TABLE_COMMANDS) {
    tableBox.append(
      wordButton(labels[name], () => {
        editor.chain().focus()[name]().run()
        if (name.startsWith("toggle")) forgetScopes(editor)
      }),
    )
  }
  tableBox.append(wordButton(labels.deleteTable, () => deleteTable(editor)))

  const citeText = make("span", { className: "richtext-reference", role: "status" })
  const jump = wordButton(labels.goToReference, () => goToReference(editor.state.selection.node.attrs.ref))
  const remove = wordButton(labels.removeCitation, () => editor.chain().focus().deleteSelection().run())
  const citeBox = make("span", { className: "richtext-here", hidden: true }, citeText, jump, remove)

  refreshers.push(() => {
    const { node } = editor.state.selection
    const ref = node?.type.name === "citation" ? node.attrs.ref : null
    citeBox.hidden = ref === null
    tableBox.hidden = ref !== null || !editor.isActive("table")
    if (ref === null) return
    const reference = references().find(({ id }) => id === ref)
    const text = reference ? `${numbers(textarea).get(ref)}. ${reference.text}` : labels.lostReference
    if (citeText.textContent !== text) citeText.textContent = text
    jump.disabled = !reference
  })

  bar.append(tableBox, citeBox)
  roving(bar)
  const refresh = () => {
    for (const each of refreshers) each()
  }
  refresh()
  return { bar, refresh }
}
