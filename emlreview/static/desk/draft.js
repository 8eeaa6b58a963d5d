/*
 * The drafting desk: rows that are added, removed and moved, references that the editors know of at once, and
 * autosave. Without this script the same buttons ask the server for a row, and places and removals are fields.
 */
const form = document.getElementById("draft-form")

// What a link leads to is open: browsers open what is around it, not the part itself.

const openTarget = () => {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)))
  if (target instanceof HTMLDetailsElement) target.open = true
}
addEventListener("hashchange", openTarget)
openTarget()

// Rows. Names keep their numbers; the order stands in the fields for the place.

const itemsOf = (rows) => [...rows.querySelector("[data-in]").children].filter((item) => item.matches("[data-item]"))
const field = (item, name) => [...item.querySelectorAll(`[name$="-${name}"]`)].find((input) => input.closest("[data-item]") === item)

function numberPlaces(rows) {
  itemsOf(rows).forEach((item, index) => {
    field(item, "ORDER").value = index + 1
  })
}

function addRow(rows) {
  const total = document.getElementById(`id_${rows.dataset.rows}-TOTAL_FORMS`)
  const template = rows.querySelector(":scope > template")
  const made = document.createElement("template")
  made.innerHTML = template.innerHTML.replaceAll(`${rows.dataset.rows}-__prefix__`, `${rows.dataset.rows}-${total.value}`)
  const item = made.content.querySelector("[data-item]")
  total.value = Number(total.value) + 1
  rows.querySelector("[data-in]").append(item)
  prepare(item)
  if (item.hasAttribute("data-reference")) {
    const id = field(item, "id")
    id.value = `r${crypto.getRandomValues(new Uint32Array(2)).reduce((text, number) => text + number.toString(36), "")}`
    item.dataset.reference = id.value
    item.open = true
  }
  numberPlaces(rows)
  item.querySelector("input:not([type=hidden]), textarea, select")?.focus()
  changed()
}

function remove(item, gone) {
  field(item, "DELETE").checked = gone
  item.classList.toggle("gone", gone)
  tool(item, "remove").hidden = gone
  tool(item, "bring-back").hidden = !gone
  changed()
}

function move(item, step) {
  const rows = item.closest("[data-rows]")
  const beside = step < 0 ? item.previousElementSibling : item.nextElementSibling
  if (!beside) return
  if (step < 0) beside.before(item)
  else beside.after(item)
  numberPlaces(rows)
  tool(item, step < 0 ? "up" : "down").focus()
  changed()
}

const tool = (item, name) =>
  [...item.querySelectorAll(`[data-${name}]`)].find((button) => button.closest("[data-item]") === item)

function prepare(root) {
  const items = root.matches?.("[data-item]") ? [root, ...root.querySelectorAll("[data-item]")] : root.querySelectorAll("[data-item]")
  for (const item of items) {
    const tools = [...item.querySelectorAll(".row-tools")].find((found) => found.closest("[data-item]") === item)
    tools.querySelector(".by-hand").hidden = true
    tools.querySelector(".by-script").hidden = false
    if (field(item, "DELETE").checked) {
      item.classList.add("gone")
      tool(item, "remove").hidden = true
      tool(item, "bring-back").hidden = false
    }
  }
}

form.addEventListener("click", (event) => {
  const button = event.target.closest("button")
  if (!button) return
  const item = button.closest("[data-item]")
  if (button.matches("[data-add]")) {
    event.preventDefault()
    addRow(button.closest("[data-rows]"))
  } else if (button.matches("[data-remove]")) remove(item, true)
  else if (button.matches("[data-bring-back]")) remove(item, false)
  else if (button.matches("[data-up]")) move(item, -1)
  else if (button.matches("[data-down]")) move(item, 1)
})

prepare(form)

// References: what stands in the rows is what can be cited.

const references = form.querySelector('[data-rows="references"]')

function tellReferences() {
  const known = new Map(JSON.parse(document.getElementById("richtext-references").textContent).map((ref) => [ref.id, ref.text]))
  const list = itemsOf(references)
    .filter((item) => !item.classList.contains("gone"))
    .map((item) => {
      const title = field(item, "title").value.trim()
      const old = known.get(item.dataset.reference)
      const text = old && field(item, "title").defaultValue.trim() === title ? old : title
      return { id: item.dataset.reference, text }
    })
    .filter((ref) => ref.id && ref.text)
  document.dispatchEvent(new CustomEvent("richtext:references", { detail: list }))
  for (const select of form.querySelectorAll("select[data-references]")) {
    for (const { id, text } of list) {
      if (![...select.options].some((option) => option.value === id)) select.add(new Option(text.slice(0, 90), id))
    }
  }
}

references.addEventListener("change", (event) => {
  const item = event.target.closest("[data-item]")
  if (item && event.target === field(item, "title")) item.querySelector("[data-title]").textContent = event.target.value
  tellReferences()
})
references.addEventListener("click", () => queueMicrotask(tellReferences))

// A row whose place is named by the address or by an error is opened.
for (const wrong of form.querySelectorAll(".wrong")) {
  for (let outer = wrong.closest("details"); outer; outer = outer.parentElement.closest("details")) outer.open = true
}
form.querySelector(".wrong")?.scrollIntoView({ block: "center" })

// Autosave: a few seconds after the last change, what stands in the form is kept, as a working copy.

const PAUSE = 3000
const kept = form.querySelector("[data-kept]")
let waiting = 0
let unkept = form.hasAttribute("data-dirty")
let leaving = false

function changed() {
  unkept = true
  if (!form.dataset.autosave) return
  clearTimeout(waiting)
  waiting = setTimeout(keep, PAUSE)
}

async function keep() {
  unkept = false
  try {
    const answer = await fetch(form.dataset.autosave, { method: "POST", body: new FormData(form), credentials: "same-origin" })
    const said = await answer.json()
    kept.textContent = answer.ok ? said.words : said.refused
    unkept ||= !answer.ok
  } catch {
    unkept = true
    kept.textContent = kept.dataset.failed
    waiting = setTimeout(keep, PAUSE * 5)
  }
}

form.addEventListener("input", changed)
form.addEventListener("change", changed)
form.addEventListener("submit", () => {
  leaving = true
  clearTimeout(waiting)
})
window.addEventListener("pagehide", () => {
  if (!leaving && unkept && form.dataset.autosave) navigator.sendBeacon(form.dataset.autosave, new FormData(form))
})
window.addEventListener("beforeunload", (event) => {
  if (!leaving && unkept && !form.dataset.autosave) event.preventDefault()
})
