/*
 * Ids of blocks stay with the words they were given to. Comments hang on them.
 *
 * The editor itself keeps an id with the place: splitting a paragraph copies its id, so that Enter before the first
 * word would leave the id with the new empty one, and joining a paragraph to an empty one gives it the id of the
 * empty one. Both are put right here.
 */
import { Extension, pm } from "django-prose-editor/editor"

const { Plugin } = pm.state
const { Fragment, Slice } = pm.model

/** The leaves of a document by their ids; those of a split paragraph share one for a moment. */
function leavesById(doc) {
  const leaves = new Map()
  doc.descendants((node, pos) => {
    const { block } = node.attrs
    if (node.isTextblock && block) leaves.set(block, [...(leaves.get(block) ?? []), { node, pos }])
    return !node.isTextblock
  })
  return leaves
}

const REPAIR = "richtext:ids"

function keepIdsWithWords(transactions, oldState, newState) {
  // Its own repair is asked about again, and must not be repaired in turn.
  if (!transactions.some((transaction) => transaction.docChanged && !transaction.getMeta(REPAIR))) return null
  const before = leavesById(oldState.doc)
  const fix = newState.tr.setMeta(REPAIR, true)

  // Of several with one id it stays with the one that has the old words, else with the first.
  for (const [block, leaves] of leavesById(newState.doc)) {
    const words = before.get(block)?.[0].node.content
    const keeper = leaves.find(({ node }) => words?.size && node.content.eq(words)) ?? leaves[0]
    for (const leaf of leaves) if (leaf !== keeper) fix.setNodeAttribute(leaf.pos, "block", null)
  }

  // Words that stand unchanged where they stood, but under the id of others, get their own back.
  const mapping = new pm.transform.Mapping(transactions.flatMap((transaction) => transaction.mapping.maps))
  for (const [block, [{ node, pos }]] of before) {
    if (!node.content.size) continue
    const place = fix.doc.resolve(mapping.map(pos + 1, 1))
    const leaf = place.parent
    const holder = leaf.attrs.block
    if (!leaf.isTextblock || holder === block || !leaf.content.eq(node.content)) continue
    const ofHolder = before.get(holder)?.[0].node.content
    if (!ofHolder?.eq(leaf.content)) fix.setNodeAttribute(place.before(), "block", block)
  }
  return fix.docChanged ? fix : null
}

function withoutIds(fragment, taken) {
  const nodes = []
  fragment.forEach((node) => {
    const content = withoutIds(node.content, taken)
    const block = taken.has(node.attrs.block) ? null : node.attrs.block
    nodes.push(node.isText ? node : node.type.create({ ...node.attrs, block }, content, node.marks))
  })
  return Fragment.from(nodes)
}

/** `takenIds` tells the ids in all the editors of the form: a copy gets new ones, what was cut keeps its own. */
export const KeepBlockIds = Extension.create({
  name: "keepBlockIds",
  addOptions: () => ({ takenIds: () => new Set() }),
  addProseMirrorPlugins() {
    const { takenIds } = this.options
    return [
      new Plugin({
        appendTransaction: keepIdsWithWords,
        props: {
          transformPasted(slice, view) {
            if (view.dragging?.move) return slice
            return new Slice(withoutIds(slice.content, takenIds()), slice.openStart, slice.openEnd)
          },
        },
      }),
    ]
  },
})

/** Make the selected paragraphs headings of a level, or paragraphs again, each with its id. */
export function setLeafType(state, dispatch, name, level) {
  const type = state.schema.nodes[name]
  const { tr } = state
  for (const { $from, $to } of state.selection.ranges) {
    tr.doc.nodesBetween($from.pos, $to.pos, (node, pos) => {
      if (!node.isTextblock) return true
      const resolved = tr.doc.resolve(pos)
      if (resolved.parent.canReplaceWith(resolved.index(), resolved.index() + 1, type)) {
        tr.setNodeMarkup(pos, type, { block: node.attrs.block, level })
      }
      return false
    })
  }
  if (!tr.docChanged) return false
  dispatch?.(tr.scrollIntoView())
  return true
}
