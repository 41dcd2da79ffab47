// Adds comfort to pages that work without it: live parts, sorting, copying, questions before what cannot be undone.
const say = (node, name) => node.dataset[name] || "";

// Parts of a page that changed take the place of the old ones; what the reader is typing in stays, and what was sorted is so again.
const renew = async () => {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" }, credentials: "same-origin" });
  if (!answer.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const id of ["as-of", "content"]) {
    const old = document.getElementById(id), fresh = page.getElementById(id);
    if (!old || !fresh || old.contains(document.activeElement) && document.activeElement.matches("input,select,textarea")) continue;
    if (id === "content" && old.innerHTML === fresh.innerHTML) continue;
    const open = [...old.querySelectorAll("details[open]")].map((d) => d.querySelector("summary")?.textContent);
    const sorted = [...old.querySelectorAll("th[aria-sort]")].map((h) => [caption(h), h.cellIndex, h.ariaSort === "ascending"]);
    const focused = old.contains(document.activeElement) ? document.activeElement.id : "";
    old.replaceWith(fresh);
    for (const d of fresh.querySelectorAll("details")) if (open.includes(d.querySelector("summary")?.textContent)) d.open = true;
    if (focused) document.getElementById(focused)?.focus();
    improve(fresh);
    for (const [name, at, up] of sorted)
      for (const head of fresh.querySelectorAll("table[data-sortable] thead th")) if (head.cellIndex === at && caption(head) === name) order(head, up);
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
document.addEventListener("visibilitychange", () => { if (stream && !document.hidden && !paused) renew(); });

const caption = (head) => head.closest("table").caption?.textContent;
const order = (head, up) => {
  const table = head.closest("table"), body = table.tBodies[0], at = head.cellIndex;
  const key = (row) => row.cells[at]?.dataset.key ?? row.cells[at]?.textContent.trim() ?? "";
  const numeric = (text) => (/^-?[\d,]*\.?\d+/.test(text) ? parseFloat(text.replaceAll(",", "")) : NaN);
  const rows = [...body.rows].sort((a, b) => {
    const [x, y] = [key(a), key(b)], [n, m] = [numeric(x), numeric(y)];
    return Number.isNaN(n) || Number.isNaN(m) ? x.localeCompare(y) : n - m;
  });
  for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", up ? "ascending" : "descending");
  body.append(...(up ? rows : rows.reverse()));
};

// What stands in the part of the page that came anew, or in all of it.
const improve = (part) => {
  for (const head of part.querySelectorAll("table[data-sortable] thead th")) {
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
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
      const words = button.textContent;
      button.textContent = say(button, "copied");
      setTimeout(() => { button.textContent = words; }, 1500);
    });
  }
  for (const button of part.querySelectorAll("[data-pause]")) {
    button.hidden = false;
    const words = [button.textContent, say(button, "paused")];
    button.textContent = words[paused ? 1 : 0];
    button.setAttribute("aria-pressed", paused);
    button.addEventListener("click", () => {
      paused = !paused;
      button.setAttribute("aria-pressed", paused);
      button.textContent = words[paused ? 1 : 0];
      if (!paused) renew();
    });
  }
};

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.confirm && !confirm(form.dataset.confirm)) event.preventDefault();
  else if (form.method === "post") {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  }
});
for (const form of document.querySelectorAll("[data-send-on-change]")) {
  form.querySelector("button").hidden = true;
  form.addEventListener("change", () => form.requestSubmit());
}
// The secret of the one-time link stands behind its #, which no browser sends: it is put into the form, and out of sight.
const secret = document.querySelector("[data-secret-form] [name=secret]");
if (secret && location.hash.length > 1) {
  secret.value = location.hash.slice(1);
  history.replaceState(null, "", location.pathname);
}
document.getElementById("problem")?.focus();
addEventListener("pageshow", () => { for (const form of document.forms) delete form.dataset.sent; });
const upload = document.querySelector("[data-upload]");
if (upload) import(upload.dataset.upload);
improve(document);
live();
