// Sends a file in checked chunks, goes on with what is here already, and then sends the form without the file.
const form = document.querySelector("[data-upload]"), words = form.dataset, $ = (name) => form.elements[name];
const part = (name) => form.querySelector(`[data-${name}]`);
const box = part("progress"), said = part("said"), pause = part("pause-upload"), failed = part("failed");
const bar = box.querySelector("progress"), title = pause.textContent;
let paused;
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
const hex = (bytes) => [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("");
const show = (text, share) => {
  said.textContent = `${text} ${Math.floor(share * 100)} %`;
  bar.value = share;
};

// One request to the API; a site that does not answer, or has enough to do, is asked again.
const ask = async (method, path, body, type = "application/json", more = {}) => {
  for (;;) {
    if (paused) { said.textContent = words.paused; await paused.over; }
    try {
      const headers = body ? { "Content-Type": type, ...more } : {};
      const answer = await fetch(`/api/v1/uploads${path}${words.query}`, { method, body, headers });
      if (![429, 502, 503].includes(answer.status)) {
        const value = answer.status === 204 ? {} : await answer.json();
        if (!answer.ok) throw value;
        return value;
      }
    } catch (problem) {
      if (problem.code) throw problem;
      said.textContent = words.lost;
    }
    await wait(1000);
  }
};

const send = async (file) => {
  const upload = await ask("POST", "", JSON.stringify({
    name: $("name").value.trim(), bytes: file.size, hasHeader: $("header").value !== "absent",
  }));
  const path = `/${upload.id}`, size = upload.chunkBytes, all = new Uint8Array(32 * upload.chunks);
  const known = Object.fromEntries((await ask("GET", `${path}/chunks`)).items.map((c) => [c.chunk, c.digest]));
  for (let i = 0; i < upload.chunks; i++) {
    show(words.sending, (i * size) / file.size);
    const bytes = await file.slice(i * size, (i + 1) * size).arrayBuffer(), digest = await sha256(bytes);
    all.set(digest, 32 * i);
    if (known[i] !== hex(digest)) await ask("PUT", `${path}/chunks/${i}`, bytes, "application/octet-stream", {
      "Content-Digest": `sha-256=:${btoa(String.fromCharCode(...digest))}:`,
    });
  }
  show(words.checking, 1);
  await ask("POST", `${path}/complete`, JSON.stringify({ digest: hex(await sha256(all)) }));
  for (;;) {
    const now = await ask("GET", path);
    if (now.state === "failed") throw now.fault;
    if (now.state === "done") return;
    await wait(300);
  }
};

pause.addEventListener("click", () => {
  if (paused) paused.end();
  else {
    let end;
    paused = { over: new Promise((done) => { end = done; }), end: () => { paused = undefined; end(); } };
    said.textContent = words.paused;
  }
  pause.textContent = paused ? words.resume : title;
});

// Names of columns come out of the file's first line, to choose from.
$("file").addEventListener("change", async () => {
  const file = $("file").files[0], list = part("columns");
  if (!file) return;
  const name = file.name.toLowerCase().replace(/\.[^.]*$/, "").replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
  $("name").value ||= name.slice(0, 63);
  const line = (await file.slice(0, 65536).text()).split(/\r?\n/)[0];
  list.replaceChildren(...line.split(/[,;\t|]/).slice(0, 500).map((c) => new Option("", c.replace(/^\uFEFF?\s*"?|"?\s*$/g, ""))));
});

// Without digests, as on a page without TLS, the plain form is sent.
if (crypto.subtle) form.addEventListener("submit", async (event) => {
  event.preventDefault();
  box.hidden = false;
  failed.hidden = true;
  try {
    await send($("file").files[0]);
    form.enctype = "application/x-www-form-urlencoded";
    form.action = words.make;
    $("file").disabled = true;
    form.submit();
  } catch (problem) {
    box.hidden = true;
    failed.hidden = false;
    delete words.sent;
    failed.textContent = [problem.code, problem.detail || problem.message, problem.fix].filter(Boolean).join(" ");
    failed.focus();
  }
});
