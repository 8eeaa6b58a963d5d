// The contents list shows where the reader is. Without this script it is a plain list of links.
const links = new Map(
  [...document.querySelectorAll(".toc a")].map((link) => [link.hash.slice(1), link]),
);
const headings = [...links.keys()].map((id) => document.getElementById(id)).filter(Boolean);

function follow() {
  const passed = headings.filter((heading) => heading.getBoundingClientRect().top < innerHeight / 3);
  const here = passed.at(-1) ?? headings[0];
  for (const [id, link] of links) {
    if (id === here?.id) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

let waiting = false;
addEventListener("scroll", () => {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => { waiting = false; follow(); });
}, { passive: true });
follow();
