/*
 * The text of an editor to HTML and back.
 *
 * `serialise` writes the one form of rich text that medicines/content/richtext.py writes, by the same rules;
 * whoever changes a rule here changes it there too. It does not go through the browser's innerHTML, so what
 * is posted depends on no browser.
 */
import { pm } from "django-prose-editor/editor"

// As in Python: separators count as spaces, what cannot be read is left out.
const SPACES = /[ \t\n\f\r\v\x1c-\x1f\x85\u2028\u2029]+/g
const UNREADABLE = /[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ufeff]|\p{Surrogate}|\p{Noncharacter_Code_Point}/gu
const BREAK = "<br>"

/** The text as a document of the editor. */
export function toDocument(schema, html) {
  const { body } = new DOMParser().parseFromString(`<body>${html}`, "text/html")
  frameTables(body)
  return pm.model.DOMParser.fromSchema(schema).parse(body)
}

/**
 * Put every table into a frame with its caption beside it: an editor's table holds rows and nothing else.
 */
export function frameTables(root) {
  for (const table of root.querySelectorAll("table")) {
    if (table.closest("[data-table-frame]")) continue
    const frame = document.createElement("figure")
    frame.dataset.tableFrame = ""
    const caption = document.createElement("figcaption")
    for (const part of table.querySelectorAll(":scope > caption")) {
      caption.append(...part.childNodes)
      part.remove()
    }
    table.before(frame)
    frame.append(caption, table)
  }
}

/** The document of an editor as HTML, in the form in which it is stored. */
export function serialise(doc) {
  return writeNodes(doc).html
}

const escapeText = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")

const children = (node) => Array.from({ length: node.childCount }, (_, index) => node.child(index))

// --- Words

function openTags(marks) {
  const named = Object.fromEntries(marks.map((mark) => [mark.type.name, mark]))
  const tags = []
  if (named.link) tags.push([`<a href="${escapeText(named.link.attrs.href)}">`, "</a>"])
  if (named.bold) tags.push(["<strong>", "</strong>"])
  if (named.italic) tags.push(["<em>", "</em>"])
  if (named.subscript) tags.push(["<sub>", "</sub>"])
  else if (named.superscript) tags.push(["<sup>", "</sup>"])
  return tags
}

function words(leaf) {
  return children(leaf).map((child) => {
    if (child.isText) return { text: child.text.replace(UNREADABLE, ""), tags: openTags(child.marks) }
    if (child.type.name === "citation") return { object: `<cite data-ref="${child.attrs.ref}"></cite>` }
    if (child.type.name === "finding") return { object: `<data data-finding="${child.attrs.finding}"></data>` }
    return { object: BREAK }
  })
}

function tidy(words) {
  const tidied = []
  const dropTrailingSpace = () => {
    const last = tidied.at(-1)
    if (!last?.text?.endsWith(" ")) return
    tidied.pop()
    if (last.text !== " ") tidied.push({ ...last, text: last.text.slice(0, -1) })
  }
  for (const word of words) {
    if (word.object === BREAK) {
      dropTrailingSpace()
      if (tidied.length) tidied.push(word)
    } else if (word.object) {
      tidied.push(word)
    } else {
      let text = word.text.replace(SPACES, " ")
      const last = tidied.at(-1)
      if (!last || last.object === BREAK || last.text?.endsWith(" ")) text = text.replace(/^ /, "")
      if (text) tidied.push({ ...word, text })
    }
  }
  dropTrailingSpace()
  while (tidied.at(-1)?.object === BREAK) {
    tidied.pop()
    dropTrailingSpace()
  }
  const said = tidied.some((word) => (word.object ? word.object !== BREAK : word.text.trim()))
  return said ? tidied : []
}

function writeWords(leaf) {
  let html = ""
  let active = []
  for (const word of tidy(words(leaf))) {
    const wanted = word.tags ?? []
    let shared = 0
    while (shared < Math.min(active.length, wanted.length) && active[shared][0] === wanted[shared][0]) shared += 1
    for (const [, closing] of active.slice(shared).reverse()) html += closing
    for (const [opening] of wanted.slice(shared)) html += opening
    active = wanted
    html += word.object ?? escapeText(word.text)
  }
  for (const [, closing] of active.slice().reverse()) html += closing
  return html
}

// --- Structure

const blockAttribute = (node, inCell) => (node.attrs.block && !inCell ? ` data-block="${node.attrs.block}"` : "")

/** The children of a container; `firstIsList` and `emptyBlock` tell a list item what it lacks. */
function writeNodes(container, inCell = false) {
  let html = ""
  let firstIsList = false
  let emptyBlock = ""
  for (const node of children(container)) {
    const written = writeNode(node, inCell)
    if (!html && written) firstIsList = isList(node)
    if (!html && !written) emptyBlock ||= blockAttribute(node, inCell)
    html += written
  }
  return { html, firstIsList, emptyBlock }
}

const isList = (node) => node.type.name === "bulletList" || node.type.name === "orderedList"

function writeNode(node, inCell) {
  switch (node.type.name) {
    case "bulletList":
      return writeList("ul", node, inCell)
    case "orderedList":
      return writeList("ol", node, inCell)
    case "blockquote": {
      const { html } = writeNodes(node)
      return html && `<blockquote>${html}</blockquote>`
    }
    case "tableFrame":
      return writeTable(node.child(0), node.child(1))
    default: {
      const tag = node.type.name === "heading" ? `h${node.attrs.level}` : "p"
      const html = writeWords(node)
      return html && `<${tag}${blockAttribute(node, inCell)}>${html}</${tag}>`
    }
  }
}

function writeList(tag, list, inCell) {
  const items = children(list).map((item) => {
    const { html, firstIsList, emptyBlock } = writeNodes(item, inCell)
    return html && `<li>${firstIsList ? `<p${emptyBlock}></p>` : ""}${html}</li>`
  })
  const html = items.join("")
  return html && `<${tag}>${html}</${tag}>`
}

// --- Tables

function writeTable(captionNode, table) {
  const rows = children(table).map((row) =>
    children(row).map((cell) => {
      const { html } = writeNodes(cell, true)
      return { ...cell.attrs, heading: cell.type.name === "tableHeader", empty: !html, html: html || "<p></p>" }
    }),
  )
  if (!rows.flat().length) return ""
  const head = headRows(rows)
  const caption = writeWords(captionNode)
  const part = (tag, rows) => {
    const inHead = tag === "thead"
    return rows.length ? `<${tag}>${rows.map((row) => writeRow(row, inHead)).join("")}</${tag}>` : ""
  }
  return (
    `<table${blockAttribute(table)}>${caption && `<caption>${caption}</caption>`}` +
    `${part("thead", rows.slice(0, head))}${part("tbody", rows.slice(head))}</table>`
  )
}

function headRows(rows) {
  let head = 0
  for (const row of rows) {
    const headings = row.every((cell) => cell.heading || cell.empty) && row.some((cell) => cell.heading)
    if (!headings || (head && row.length === 1)) break
    head += 1
  }
  const reachesOut = () => rows.slice(0, head).some((row, number) => row.some((cell) => cell.rowspan > head - number))
  while (reachesOut()) head -= 1
  return head === rows.length ? 0 : head
}

function writeRow(row, inHead) {
  const cells = row.map((cell) => {
    const tag = cell.heading ? "th" : "td"
    const computed = inHead ? "col" : row.length === 1 ? "rowgroup" : "row"
    const scope = cell.heading ? ` scope="${cell.scope || computed}"` : ""
    const colspan = cell.colspan > 1 ? ` colspan="${cell.colspan}"` : ""
    const rowspan = cell.rowspan > 1 ? ` rowspan="${cell.rowspan}"` : ""
    return `<${tag}${scope}${colspan}${rowspan}>${cell.html}</${tag}>`
  })
  return `<tr>${cells.join("")}</tr>`
}
