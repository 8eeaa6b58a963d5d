// The List follows each choice without a click on "Apply", and stays where it is. Without this script it is a form
// and links; whenever something fails here, the browser goes the plain way.

const form = document.getElementById("list-form");
const wide = matchMedia("(min-width: 60rem)");

let asking;

function filters() {
  return document.getElementById("filters");
}

// Beside the list the filters are always open; above it they are folded away.
function fold() {
  filters().open = wide.matches;
}

function chosen() {
  const pairs = [...new FormData(form)].filter(([, value]) => value !== "");
  return `${location.pathname}?${new URLSearchParams(pairs)}`;
}

async function follow(address) {
  asking?.abort();
  asking = new AbortController();
  const { signal } = asking;
  try {
    const answer = await fetch(address, { signal });
    if (!answer.ok) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (signal.aborted) return;
    replace(page);
    history.pushState({ list: true }, "", address);
  } catch {
    if (!signal.aborted) location.assign(address);
  }
}

// Takes over what another choice changes. What was unfolded stays so, and the focus stays where it was.
function replace(page) {
  const focused = document.activeElement;
  const again = focused?.id ? `#${CSS.escape(focused.id)}` : focused?.name && `[name="${focused.name}"][value="${CSS.escape(focused.value)}"]`;
  const unfolded = new Map([...document.querySelectorAll(".facet")].map((facet) => [facet.id, facet.open]));
  const isOpen = filters().open;
  for (const id of ["filters", "found"]) document.getElementById(id).replaceWith(page.getElementById(id));
  const carried = [...page.querySelectorAll("#list-form > input[type=hidden]")];
  for (const input of form.querySelectorAll(":scope > input[type=hidden]")) input.remove();
  form.append(...carried);
  for (const [id, open] of unfolded) document.getElementById(id)?.toggleAttribute("open", open);
  filters().open = isOpen;
  document.title = page.title;
  document.querySelector(".tongues").replaceWith(page.querySelector(".tongues"));
  if (again) document.querySelector(`.the-list ${again}`)?.focus();
}

document.querySelector(".the-list").classList.add("follows");
fold();
wide.addEventListener("change", fold);
addEventListener("popstate", () => location.reload());
document.addEventListener("change", (event) => {
  if (event.target.form === form && event.target.type === "checkbox") follow(chosen());
});
document.addEventListener("click", (event) => {
  const link = event.target.closest(".tree a, .chips a, .sorts a");
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  follow(link.href);
});
