// The contents list shows where the reader is. Without this script it is a plain list of links.
const links = new Map([...document.querySelectorAll(".toc a")].map((link) => [link.hash.slice(1), link]));
const headings = [...links.keys()].map((id) => document.getElementById(id)).filter(Boolean);

// The heading that was passed last; at the very end, where headings cannot reach the top any more, the last one.
function current() {
  const page = document.documentElement;
  if (scrollY > 0 && scrollY + innerHeight >= page.scrollHeight - 2) return headings.at(-1);
  return headings.filter((heading) => heading.getBoundingClientRect().top < 120).at(-1) ?? headings[0];
}

function follow() {
  const here = current()?.id;
  for (const [id, link] of links) {
    if (id === here) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

let waiting = false;
addEventListener(
  "scroll",
  () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      follow();
    });
  },
  { passive: true },
);
follow();
