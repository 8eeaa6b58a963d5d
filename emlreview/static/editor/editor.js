/*
 * Rich text in place of every textarea[data-richtext].
 *
 * The textarea stays the field: it holds the text, is posted, and without this script can be edited as HTML.
 * It fires `richtext:ready` once, and after each change `input` and `richtext:change` with detail {html}. While
 * the editor lives, textarea.richtext is {editor, html(), setHtml(html), showBlock(id)}.
 *
 * The references of the page stand in <script type="application/json" id="richtext-references">, as a list of
 * {id, text}, or come with a `richtext:references` event on the document (detail: the same list) when they
 * change. The row of a reference is marked data-reference="<id>"; an element inside it marked
 * data-reference-number shows the number.
 */
import { Dropcursor, Editor, Extension, Gapcursor, UndoRedo, getSchema, pm } from "django-prose-editor/editor"
import { KeepBlockIds } from "richtext/blocks"
import { Citation, Finding, editorsBeside, joinNumbering, setReferences } from "richtext/citations"
import { make } from "richtext/dialogs"
import { frameTables, serialise, toDocument } from "richtext/html"
import { textExtensions } from "richtext/schema"
import { buildToolbar } from "richtext/toolbar"

let serial = 0

const Keys = Extension.create({
  name: "richtextKeys",
  addOptions: () => ({ toToolbar: () => {} }),
  addKeyboardShortcuts() {
    return {
      "Alt-F10": () => {
        this.options.toToolbar()
        return true
      },
    }
  },
})

function idsInForm(textarea) {
  const ids = new Set()
  for (const editor of editorsBeside(textarea)) {
    editor.state.doc.descendants((node) => {
      if (node.attrs.block) ids.add(node.attrs.block)
    })
  }
  return ids
}

/** What the textarea says of itself to those who cannot see it, for the editable text in its place. */
function spokenAttributes(textarea) {
  const attributes = { role: "textbox", "aria-multiline": "true", class: "richtext-text" }
  for (const name of ["lang", "dir", "aria-label", "aria-labelledby", "aria-describedby", "aria-invalid"]) {
    if (textarea.hasAttribute(name)) attributes[name] = textarea.getAttribute(name)
  }
  const label = textarea.labels[0]
  if (label && !attributes["aria-label"] && !attributes["aria-labelledby"]) {
    serial += 1
    label.id ||= `richtext-label-${serial}`
    attributes["aria-labelledby"] = label.id
  }
  if (textarea.readOnly || textarea.disabled) attributes["aria-readonly"] = "true"
  return attributes
}

const withoutRefused = (html) =>
  html.replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/\s(?:style|on[a-z]+)\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)/gi, ""))

function pastedHtml(editor, pasted) {
  // The page's policy refuses inline styles and handlers, and would complain of each.
  const html = withoutRefused(pasted)
  // What another editor of ours copied is framed already; cells pasted into a table are only cells.
  if (html.includes("data-pm-slice") || editor.isActive("table")) return html
  const { body } = new DOMParser().parseFromString(html, "text/html")
  frameTables(body)
  return body.innerHTML
}

function edit(textarea) {
  if (textarea.richtext || textarea.name.includes("__prefix__")) return
  const { labels } = JSON.parse(textarea.dataset.richtext)
  const editable = !(textarea.readOnly || textarea.disabled)
  const frame = make("div", { className: "richtext" })
  textarea.before(frame)

  let toolbar = null
  const extensions = [
    ...textExtensions,
    Citation.configure({ labels }),
    Finding.configure({ labels }),
    UndoRedo,
    Gapcursor,
    Dropcursor.configure({ color: false, class: "richtext-dropcursor" }),
    KeepBlockIds.configure({ takenIds: () => idsInForm(textarea) }),
    Keys.configure({ toToolbar: () => toolbar?.bar.querySelector('button[tabindex="0"]').focus() }),
  ]
  const schema = getSchema(extensions)
  const editor = new Editor({
    element: frame,
    editable,
    extensions,
    content: toDocument(schema, textarea.value).toJSON(),
    // The style sheet is a file of ours: the page's policy allows no other.
    injectCSS: false,
    // Two spaces, asterisks or "1." stay what was typed.
    enableInputRules: false,
    enablePasteRules: false,
    editorProps: {
      attributes: spokenAttributes(textarea),
      transformPastedHTML: (html) => pastedHtml(editor, html),
    },
    onUpdate({ editor }) {
      textarea.value = serialise(editor.state.doc)
      textarea.dispatchEvent(new Event("input", { bubbles: true }))
      textarea.dispatchEvent(new CustomEvent("richtext:change", { bubbles: true, detail: { html: textarea.value } }))
    },
  })
  joinNumbering(editor, textarea)
  if (editable) {
    toolbar = buildToolbar(editor, textarea, labels)
    frame.prepend(toolbar.bar)
    editor.on("transaction", toolbar.refresh)
  }
  textarea.hidden = true
  for (const label of textarea.labels) label.addEventListener("click", () => editor.view.focus())

  textarea.richtext = {
    editor,
    html: () => serialise(editor.state.doc),
    setHtml(html) {
      const { doc, tr } = editor.state
      editor.view.dispatch(tr.replaceWith(0, doc.content.size, toDocument(editor.schema, html).content))
    },
    showBlock(id) {
      editor.state.doc.descendants((node, pos) => {
        if (node.attrs.block !== id) return true
        const { tr } = editor.state
        editor.view.dispatch(tr.setSelection(pm.state.TextSelection.near(tr.doc.resolve(pos + 1))).scrollIntoView())
        editor.view.focus()
        return false
      })
    },
  }
  textarea.dispatchEvent(new CustomEvent("richtext:ready", { bubbles: true }))
}

function editAll(root) {
  for (const textarea of root.querySelectorAll("textarea[data-richtext]")) edit(textarea)
}

document.addEventListener("richtext:references", (event) => setReferences(event.detail))
document.addEventListener("formset:added", (event) => editAll(event.target))
editAll(document)
