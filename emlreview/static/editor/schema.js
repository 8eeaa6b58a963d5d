/*
 * What a text may hold, in the editor's words. The same grammar as medicines/content/richtext.py.
 */
import {
  Blockquote,
  Bold,
  BulletList,
  Document,
  Extension,
  HardBreak,
  Heading,
  Italic,
  ListItem,
  Mark,
  Node,
  OrderedList,
  Paragraph,
  Subscript,
  Superscript,
  Table,
  TableCell,
  TableHeader,
  TableRow,
  Text,
} from "django-prose-editor/editor"

const PARAGRAPHS_AND_LISTS = "(paragraph | bulletList | orderedList)"
const SCOPES = ["col", "row", "colgroup", "rowgroup"]
const TOKEN = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$/

/** The address of a link in the form in which it is stored, or "" for one that is not allowed. */
export function safeHref(value) {
  const href = value
    .trim()
    .replace(/\s+/g, "%20")
    .replace(/["<>`]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
  return /^(https?:\/\/[^/?#]|mailto:[^@]+@)/i.test(href) ? href : ""
}

// Headings of pasted text come down to the two levels that a section has.
const PlainHeading = Heading.extend({
  parseHTML() {
    const level = (tag) => (tag < "h4" ? 3 : 4)
    return ["h1", "h2", "h3", "h4", "h5", "h6"].map((tag) => ({ tag, attrs: { level: level(tag) } }))
  },
  addKeyboardShortcuts() {
    return {}
  },
}).configure({ levels: [3, 4] })

const Link = Mark.create({
  name: "link",
  inclusive: false,
  priority: 1000,
  addAttributes() {
    return { href: { default: "" } }
  },
  parseHTML() {
    return [
      {
        tag: "a[href]",
        getAttrs: (element) => {
          const href = safeHref(element.getAttribute("href"))
          return href ? { href } : false
        },
      },
    ]
  },
  renderHTML({ HTMLAttributes }) {
    return ["a", { ...HTMLAttributes, rel: "noopener noreferrer" }, 0]
  },
})

/** An object in the text that only carries the id of what it stands for. */
export const tokenNode = (name, tag, attribute, extra = {}) =>
  Node.create({
    name,
    group: "inline",
    inline: true,
    atom: true,
    selectable: true,
    marks: "",
    addAttributes() {
      return { [attribute]: { default: "" } }
    },
    parseHTML() {
      return [
        {
          tag: `${tag}[data-${attribute}]`,
          getAttrs: (element) => {
            const id = element.getAttribute(`data-${attribute}`)
            return TOKEN.test(id) ? { [attribute]: id } : false
          },
        },
      ]
    },
    renderHTML({ node }) {
      return [tag, { [`data-${attribute}`]: node.attrs[attribute] }]
    },
    ...extra,
  })

const TableFrame = Node.create({
  name: "tableFrame",
  group: "block",
  content: "tableCaption table",
  isolating: true,
  parseHTML() {
    return [{ tag: "figure[data-table-frame]" }]
  },
  renderHTML() {
    return ["figure", { "data-table-frame": "" }, 0]
  },
})

const TableCaption = Node.create({
  name: "tableCaption",
  content: "inline*",
  isolating: true,
  defining: true,
  parseHTML() {
    return [{ tag: "figcaption", context: "tableFrame/" }]
  },
  renderHTML() {
    return ["figcaption", 0]
  },
})

const FramedTable = Table.extend({
  group: "",
  addNodeView: () => null,
  renderHTML() {
    return ["table", ["tbody", 0]]
  },
})

const spanAttribute = (name) => ({
  default: 1,
  parseHTML: (element) => Number.parseInt(element.getAttribute(name), 10) || 1,
  renderHTML: (attributes) => (attributes[name] > 1 ? { [name]: attributes[name] } : {}),
})

const cell = (base, tag) =>
  base.extend({
    content: `${PARAGRAPHS_AND_LISTS}+`,
    addAttributes() {
      return {
        colspan: spanAttribute("colspan"),
        rowspan: spanAttribute("rowspan"),
        colwidth: { default: null, rendered: false, parseHTML: () => null },
        // A cell keeps its scope while it is a plain one, so that a heading undone and redone is the same.
        scope: {
          default: null,
          parseHTML: (element) => SCOPES.find((scope) => scope === element.getAttribute("scope")) ?? null,
        },
      }
    },
    parseHTML() {
      return [{ tag }]
    },
  })

/** The id of a block stays with its first half when the block is split. */
const BlockIds = Extension.create({
  name: "blockIds",
  addGlobalAttributes() {
    return [
      {
        types: ["paragraph", "heading", "table"],
        attributes: {
          block: {
            default: null,
            keepOnSplit: false,
            parseHTML: (element) => element.getAttribute("data-block"),
            renderHTML: ({ block }) => (block ? { "data-block": block } : {}),
          },
        },
      },
    ]
  },
})

export const textExtensions = [
  Document,
  Text,
  Paragraph,
  PlainHeading,
  BulletList,
  OrderedList.extend({
    addAttributes: () => ({}),
  }),
  ListItem.extend({ content: `paragraph ${PARAGRAPHS_AND_LISTS}*` }),
  Blockquote.extend({ content: `${PARAGRAPHS_AND_LISTS}+` }),
  HardBreak,
  Link,
  Bold,
  Italic,
  Subscript.extend({ excludes: "superscript subscript" }),
  Superscript.extend({ excludes: "subscript superscript" }),
  TableFrame,
  TableCaption,
  FramedTable,
  TableRow,
  cell(TableHeader, "th"),
  cell(TableCell, "td"),
  BlockIds,
]
