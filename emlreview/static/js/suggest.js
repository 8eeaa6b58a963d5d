// Suggestions under the search box, as WAI-ARIA describes a combobox with a list. Without this script, or while no
// answer comes, the box is a plain search. Every input with `data-suggest`, the address that answers, takes part.

const PATIENCE = 120; // Milliseconds without a key before the server is asked.

let boxes = 0;

class Suggestions {
  constructor(input) {
    this.input = input;
    this.list = document.createElement("ul");
    this.list.id = `suggestions-${++boxes}`;
    this.list.className = "suggestions";
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", input.getAttribute("aria-label") || input.labels[0]?.textContent || "");
    this.list.hidden = true;
    this.told = document.createElement("p");
    this.told.className = "aside-heard";
    this.told.setAttribute("role", "status");
    input.form.append(this.list, this.told);
    for (const [name, value] of Object.entries({
      role: "combobox",
      autocomplete: "off",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": this.list.id,
    }))
      input.setAttribute(name, value);
    input.addEventListener("input", () => this.wait());
    input.addEventListener("keydown", (event) => this.key(event));
    input.addEventListener("blur", () => this.close());
    // A pressed mouse would take the focus away, and the list would close before it is clicked.
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => this.go(event.target.closest("[role=option]")));
  }

  wait() {
    clearTimeout(this.timer);
    this.asking?.abort();
    if (!this.input.value.trim()) return this.close();
    this.timer = setTimeout(() => this.ask(), PATIENCE);
  }

  async ask() {
    this.asking = new AbortController();
    const { signal } = this.asking;
    try {
      const address = `${this.input.dataset.suggest}?${new URLSearchParams({ q: this.input.value })}`;
      const answer = await fetch(address, { signal });
      if (!answer.ok) return this.close();
      const found = await answer.json();
      if (!signal.aborted && document.activeElement === this.input) this.show(found);
    } catch {
      if (!signal.aborted) this.close(); // No network: the box is a plain search.
    }
  }

  show({ suggestions, told, language }) {
    this.list.replaceChildren(...suggestions.map((each, number) => this.option(each, number, language)));
    this.activate(null);
    this.open(suggestions.length > 0);
    this.told.textContent = told;
  }

  option({ kind, words, code, also, address }, number, language) {
    const option = document.createElement("li");
    option.id = `${this.list.id}-${number}`;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    option.dataset.address = address;
    const name = document.createElement("bdi");
    name.className = "name";
    if (language) name.lang = language;
    name.textContent = (also ? `${also} → ` : "") + (code ? `${code} ` : "") + words;
    name.dir = "ltr";
    const type = document.createElement("span");
    type.className = "kind";
    type.textContent = kind;
    option.append(name, " ", type);
    return option;
  }

  key(event) {
    const options = [...this.list.children];
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault(); // A search box would empty itself.
      this.close();
    } else if (event.key in steps && options.length && !event.altKey) {
      event.preventDefault();
      const at = options.indexOf(this.active) + (this.active || event.key === "ArrowDown" ? steps[event.key] : 0);
      this.open(true);
      // Before the first and behind the last is the box itself.
      this.activate(options[at] ?? (at < -1 || (at === -1 && !this.active) ? options.at(-1) : null));
    } else if (event.key === "Enter" && this.active && !this.list.hidden) {
      event.preventDefault();
      this.go(this.active);
    }
  }

  activate(option) {
    this.active?.setAttribute("aria-selected", "false");
    this.active = option;
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) this.input.setAttribute("aria-activedescendant", option.id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  open(isOpen) {
    this.list.hidden = !isOpen;
    this.input.setAttribute("aria-expanded", String(isOpen));
  }

  close() {
    clearTimeout(this.timer);
    this.asking?.abort();
    this.activate(null);
    this.open(false);
    this.told.textContent = "";
  }

  go(option) {
    if (option) location.assign(option.dataset.address);
  }
}

for (const input of document.querySelectorAll("input[data-suggest]")) new Suggestions(input);
