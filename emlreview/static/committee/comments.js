/* Comments and replies beside their paragraph. Without this script each has a page of its own; with it that page's
   form is put in place, and what the server makes of it comes back into this page. */

const FORMS = "#comment-form, #reply-form";

document.addEventListener("click", async (event) => {
  const link = event.target.closest(".beside a.talk, .note > .act a, .note > details > .act a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  const place = link.closest(".note") ?? link.closest(".beside");
  const open = [...place.querySelectorAll("form")].find((form) => form.action === link.href);
  const form = open ?? (await ask(link.href))?.querySelector(FORMS);
  if (!form) {
    location.assign(link.href);
  } else if (open) {
    open.querySelector("textarea").focus();
  } else {
    put(form, place, link);
  }
});

/* The page at an address, or nothing where the server cannot be reached. */
async function ask(address, body) {
  try {
    const answer = await fetch(address, { credentials: "same-origin", method: body ? "POST" : "GET", body });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    page.came_from = answer.url;
    return page;
  } catch {
    return null;
  }
}

function put(form, place, link) {
  form.action = link.href;
  form.dir = document.documentElement.dir;
  form.classList.remove("panel");
  form.removeAttribute("id");
  form.querySelector("blockquote")?.remove();
  form.querySelectorAll("[id]").forEach((part) => rename(form, part));
  form.querySelector(".cancel")?.addEventListener("click", (event) => {
    event.preventDefault();
    form.remove();
    link.focus();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(form, event.submitter, place, link);
  });
  (link.closest("details") ?? place).append(form);
  form.querySelector("textarea").focus();
}

/* Several forms can be open at once, and an id stands once in a page. */
let serial = 0;
function rename(form, part) {
  const [before, after] = [part.id, `${part.id}-${++serial}`];
  for (const name of ["for", "aria-describedby", "aria-labelledby"]) {
    for (const other of form.querySelectorAll(`[${name}~="${CSS.escape(before)}"]`)) {
      const words = other.getAttribute(name).split(" ");
      other.setAttribute(name, words.map((word) => (word === before ? after : word)).join(" "));
    }
  }
  part.id = after;
}

async function send(form, button, place, link) {
  button.disabled = true;
  const body = new FormData(form);
  if (button.name) body.append(button.name, button.value);
  const page = await ask(form.action, body);
  const again = page?.querySelector(FORMS);
  const said = page && !again && threadIn(page, place, link);
  if (again) {
    form.remove();
    put(again, place, link);
  } else if (said) {
    form.remove();
    take(said, place);
    refresh(page);
  } else if (page?.querySelector(".draft")) {
    // Said, and no longer beside this block: the newest text has moved on.
    form.remove();
    location.assign(page.came_from);
  } else {
    // No way to the server, or logged out meanwhile: the words stay where they are.
    button.disabled = false;
    form.querySelector("[role=alert]")?.remove();
    const alert = Object.assign(document.createElement("p"), { className: "errorlist", textContent: form.dataset.unsent });
    alert.setAttribute("role", "alert");
    form.append(alert);
  }
}

/* The thread that was answered; or, of a block, the one that was opened last. */
function threadIn(page, place, link) {
  if (place.matches(".note")) return page.getElementById(place.id);
  const same = [...page.querySelectorAll(".beside a.talk")].find((other) => new URL(other.href).pathname === new URL(link.href).pathname);
  return [...(same?.closest(".beside").querySelectorAll(".note") ?? [])].at(-1);
}

/* Only the thread in question is exchanged: words typed elsewhere in the page stay. */
function take(said, place) {
  const known = document.getElementById(said.id);
  if (known) known.replaceWith(said);
  else place.append(said);
  said.tabIndex = -1;
  said.focus();
}

function refresh(page) {
  const [mine, newer] = [document.querySelector(".draft .side"), page.querySelector(".draft .side")];
  if (mine && newer) mine.replaceWith(newer);
}

addEventListener("beforeunload", (event) => {
  const boxes = [...document.querySelectorAll(".note textarea, .beside textarea")];
  if (boxes.some((box) => box.value.trim())) event.preventDefault();
});
