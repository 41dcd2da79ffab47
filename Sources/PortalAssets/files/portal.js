// Adds comfort to pages that work without it: live parts, sorting, copying, questions.
const heads = (part) => part.querySelectorAll("table[data-sortable] thead th");

// What an answer says, but for what is new in each.
const text = (node) => {
  const copy = node.cloneNode(true);
  for (const field of copy.querySelectorAll("[name=form-token],[name=form-key]")) field.removeAttribute("value");
  return copy.innerHTML;
};
const reached = (part) => [...part.querySelectorAll("a,button,input,summary,[tabindex]")];
let shown;

// Parts that changed take the place of the old ones. What was typed and not sent, opened or sorted stays.
const renew = async () => {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" }, credentials: "same-origin" });
  if (!answer.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const id of ["as-of", "content"]) {
    const old = document.getElementById(id), fresh = page.getElementById(id), active = document.activeElement;
    if (!old || !fresh || old.contains(active) && active.matches("input,select,textarea")) continue;
    if (id === "content") {
      const now = text(fresh);
      if (now === shown || old.querySelector("form[data-touched]")) continue;
      shown = now;
    }
    const open = [...old.querySelectorAll("details")].map((d) => d.open);
    const sorted = [...old.querySelectorAll("th[aria-sort]")].map((h) => [caption(h), h.cellIndex, h.ariaSort === "ascending"]);
    const at = reached(old).indexOf(active);
    old.replaceWith(fresh);
    fresh.querySelectorAll("details").forEach((d, i) => { d.open = open[i] ?? d.open; });
    improve(fresh);
    for (const [name, at, up] of sorted)
      for (const head of heads(fresh)) if (head.cellIndex === at && caption(head) === name) order(head, up);
    const next = reached(fresh)[at];
    if (next && next.textContent === active.textContent) next.focus();
  }
};

let stream, paused = false;
const live = () => {
  const main = document.querySelector("main[data-live]");
  if (!main) return;
  stream = new EventSource(main.dataset.live);
  stream.addEventListener("changed", () => { if (!paused && !document.hidden) renew(); });
};
addEventListener("pagehide", () => stream?.close());
addEventListener("pageshow", (event) => { if (event.persisted) live(); });
addEventListener("visibilitychange", () => { if (stream && !document.hidden && !paused) renew(); });

const caption = (head) => head.closest("table").caption?.textContent;
const order = (head, up) => {
  const table = head.closest("table"), body = table.tBodies[0], at = head.cellIndex;
  const key = (row) => row.cells[at]?.dataset.key ?? row.cells[at]?.textContent.trim() ?? "";
  const numeric = (text) => (/^[-−]?\d[\d,]*(\.\d+)?(e[-+]?\d+)?( ?%)?$/.test(text) ? parseFloat(text.replace("−", "-").replaceAll(",", "")) : NaN);
  const rows = [...body.rows].sort((a, b) => {
    const [x, y] = [key(a), key(b)], [n, m] = [numeric(x), numeric(y)];
    return isNaN(n + m) ? x.localeCompare(y, undefined, { numeric: true }) : n - m;
  });
  for (const other of table.tHead.rows[0].cells) other.ariaSort = null;
  head.ariaSort = up ? "ascending" : "descending";
  body.append(...(up ? rows : rows.reverse()));
};

// For a part that came anew, or the whole page.
const improve = (part) => {
  for (const head of heads(part)) {
    if (!head.textContent.trim() || head.querySelector("button")) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort";
    button.append(...head.childNodes);
    button.addEventListener("click", () => order(head, head.ariaSort !== "ascending"));
    head.append(button);
  }
  for (const button of part.querySelectorAll("[data-copy]")) {
    if (!navigator.clipboard) break;
    button.hidden = false;
    const words = button.textContent;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
      button.textContent = button.dataset.copied;
      setTimeout(() => { button.textContent = words; }, 1500);
    });
  }
  for (const button of part.querySelectorAll("[data-pause]")) {
    button.hidden = false;
    const words = [button.textContent, button.dataset.paused];
    const tell = () => { button.ariaPressed = paused; button.textContent = words[+paused]; };
    tell();
    button.addEventListener("click", () => {
      paused = !paused;
      tell();
      if (!paused) renew();
    });
  }
};

// A field named "method" hides the form's own.
const isPost = (form) => form.getAttribute("method") === "post";
addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.confirm && !confirm(form.dataset.confirm)) event.preventDefault();
  else if (isPost(form)) {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
    form.removeAttribute("data-touched");
  }
});
for (const kind of ["input", "change"]) addEventListener(kind, ({ target: { form, type } }) => {
  if (form && (isPost(form) || type === "checkbox")) form.setAttribute("data-touched", "");
});
for (const form of document.querySelectorAll("[data-send-on-change]")) {
  form.querySelector("button").hidden = true;
  form.addEventListener("change", () => form.requestSubmit());
}
// The secret of the one-time link is behind its #, which no browser sends: it goes into the form.
const secret = document.querySelector("[data-secret-form] [name=secret]");
if (secret && location.hash.length > 1) {
  secret.value = location.hash.slice(1);
  history.replaceState(null, "", location.pathname);
}
document.getElementById("problem")?.focus();
addEventListener("pageshow", () => { for (const form of document.forms) delete form.dataset.sent; });
const upload = document.querySelector("[data-upload]");
if (upload) import(upload.dataset.upload);
shown = text(document.getElementById("content"));
improve(document);
live();
