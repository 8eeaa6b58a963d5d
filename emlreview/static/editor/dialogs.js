/*
 * Two questions that the editor asks: which reference, and which address. Each returns a promise of the answer,
 * or of null when the question is dismissed.
 */
import { safeHref } from "richtext/schema"

let serial = 0

/** A DOM element with properties and children; attributes with a dash are set as such. */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes("-") || name === "role" || name === "for") element.setAttribute(name, value)
    else element[name] = value
  }
  element.append(...children)
  return element
}

function ask(title, closeLabel, build) {
  return new Promise((resolve) => {
    serial += 1
    const id = `richtext-dialog-${serial}`
    const dialog = make("dialog", { className: "richtext-dialog", "aria-labelledby": `${id}-title` })
    let answer = null
    const finish = (value) => {
      answer = value
      dialog.close()
    }
    const close = make("button", { type: "button", className: "richtext-close", "aria-label": closeLabel }, "×")
    close.addEventListener("click", () => finish(null))
    dialog.append(
      make("header", {}, make("h2", { id: `${id}-title` }, title), close),
      build(id, finish),
    )
    dialog.addEventListener("close", () => {
      dialog.remove()
      resolve(answer)
    })
    document.body.append(dialog)
    dialog.showModal()
    dialog.querySelector("input")?.focus()
  })
}

const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase()

/** Choose one of the references of the page by typing a few letters of it. */
export function chooseReference(labels, references, numbers) {
  return ask(labels.insertCitation, labels.close, (id, finish) => {
    if (!references.length) return make("p", { className: "richtext-none" }, labels.noReferences)
    const search = make("input", {
      type: "search",
      id: `${id}-search`,
      autocomplete: "off",
      role: "combobox",
      "aria-expanded": "true",
      "aria-autocomplete": "list",
      "aria-controls": `${id}-list`,
    })
    const list = make("ul", { id: `${id}-list`, role: "listbox", "aria-label": labels.references })
    const none = make("p", { className: "richtext-none", role: "status" })
    const options = references.map((reference, index) => {
      const number = make("span", { className: "richtext-number" }, String(numbers.get(reference.id) ?? "–"))
      const option = make("li", { id: `${id}-${index}`, role: "option" }, number, make("span", {}, reference.text))
      option.addEventListener("click", () => finish(reference.id))
      return { option, reference, folded: fold(`${numbers.get(reference.id) ?? ""} ${reference.text}`) }
    })
    list.append(...options.map(({ option }) => option))
    let current = 0
    const shown = () => options.filter(({ option }) => !option.hidden)
    const mark = (index) => {
      const visible = shown()
      current = Math.max(0, Math.min(index, visible.length - 1))
      for (const { option } of options) option.setAttribute("aria-selected", "false")
      const chosen = visible[current]?.option
      chosen?.setAttribute("aria-selected", "true")
      chosen?.scrollIntoView({ block: "nearest" })
      search.setAttribute("aria-activedescendant", chosen?.id ?? "")
      none.textContent = chosen ? "" : labels.noneFound
    }
    search.addEventListener("input", () => {
      const wanted = fold(search.value).split(/\s+/)
      for (const { option, folded } of options) option.hidden = !wanted.every((word) => folded.includes(word))
      mark(0)
    })
    search.addEventListener("keydown", (event) => {
      const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }
      if (event.key in steps) mark(current + steps[event.key])
      else if (event.key === "Enter") {
        const chosen = shown()[current]
        if (chosen) finish(chosen.reference.id)
      } else return
      event.preventDefault()
    })
    mark(0)
    return make("div", {}, make("label", { for: `${id}-search` }, labels.findReference), search, list, none)
  })
}

/** Ask for the address of a link. The answer "" means that the link is to go. */
export function askForLink(labels, current) {
  return ask(labels.link, labels.close, (id, finish) => {
    const input = make("input", {
      type: "text",
      inputMode: "url",
      dir: "ltr",
      id: `${id}-address`,
      value: current,
      "aria-describedby": `${id}-error`,
    })
    const error = make("p", { id: `${id}-error`, className: "richtext-error", role: "alert" })
    const save = make("button", { type: "submit", className: "richtext-main" }, labels.saveLink)
    const actions = make("p", { className: "richtext-actions" }, save)
    if (current) {
      const remove = make("button", { type: "button" }, labels.removeLink)
      remove.addEventListener("click", () => finish(""))
      actions.append(remove)
    }
    const form = make("form", {}, make("label", { for: input.id }, labels.address), input, error, actions)
    form.addEventListener("submit", (event) => {
      event.preventDefault()
      const typed = input.value.trim()
      const href = safeHref(typed) || safeHref(/^[^\s:/]+\.[^\s:]+/.test(typed) ? `https://${typed}` : "")
      if (href) return finish(href)
      error.textContent = labels.badAddress
      input.setAttribute("aria-invalid", "true")
      input.focus()
    })
    return form
  })
}
