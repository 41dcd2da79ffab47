#!/usr/bin/env python3
"""Opens a page in headless Chromium and says what happened there; needs nothing but Python and Chromium.

    look_at_page.py CHROMIUM ORDER.json

The order: {"page": file, "looks": [{"width", "height", "language", "dark", "print", "scripts", "press", "screenshot"}]}; each
look opens the page anew. Prints a list with one object per look: console messages that are errors or warnings, exceptions,
addresses of requests, and what the page's own numbers are. Speaks the DevTools protocol over two pipes.
"""

import base64
import json
import os
import select
import shutil
import subprocess
import sys
import tempfile
import time

LIMIT = 120  # seconds for everything: a guard against hanging

MEASURE = """(() => {
  const root = document.documentElement;
  const text = e => (e ? e.textContent.trim() : '');
  const charts = [...document.querySelectorAll('svg.chart')];
  const overflowing = [];
  for (const chart of charts) {
    const box = chart.getBoundingClientRect();
    if (box.width === 0) continue;
    for (const t of chart.querySelectorAll('text')) {
      const r = t.getBoundingClientRect();
      if (r.left < box.left - 1 || r.right > box.right + 1 || r.top < box.top - 1 || r.bottom > box.bottom + 1)
        overflowing.push(chart.id + ': ' + t.textContent);
    }
  }
  return {
    language: root.lang, title: document.title, heading: text(document.querySelector('.sentence')),
    charts: charts.length,
    named: charts.filter(c => text(c.querySelector('title')) && text(c.querySelector('desc'))
      && c.getAttribute('role') === 'img' && c.closest('figure').querySelector('table tbody tr')).length,
    overflowing, scrollWidth: root.scrollWidth, width: window.innerWidth, text: document.body.innerText.length,
    ground: getComputedStyle(document.body).backgroundColor, ids: document.querySelectorAll('[id]').length,
    distinctIds: new Set([...document.querySelectorAll('[id]')].map(e => e.id)).size,
    switchShown: !document.querySelector('.languages').hidden, injected: typeof window.injected
  };
})()"""


class Browser:
    def __init__(self, program, folder):
        to_read, to_write = os.pipe()
        from_read, from_write = os.pipe()
        flags = [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--remote-debugging-pipe",
            "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--disable-extensions", "--hide-scrollbars", "--force-color-profile=srgb", "--user-data-dir=" + folder,
        ]
        # Chromium reads commands from 3 and writes answers to 4.
        shell = 'exec "$@" 3<&%d 4>&%d' % (to_read, from_write)
        self.process = subprocess.Popen(
            ["bash", "-c", shell, "bash", program] + flags, pass_fds=(to_read, from_write),
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_read)
        os.close(from_write)
        self.out, self.source = to_write, from_read
        self.buffer, self.number, self.events = b"", 0, []
        self.deadline = time.monotonic() + LIMIT

    def receive(self):
        while b"\0" not in self.buffer:
            left = self.deadline - time.monotonic()
            if left <= 0 or not select.select([self.source], [], [], left)[0]:
                raise TimeoutError("the browser did not answer")
            piece = os.read(self.source, 1 << 20)
            if not piece:
                raise EOFError("the browser ended")
            self.buffer += piece
        message, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, session=None, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self.out, data):]
        while True:
            answer = self.receive()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError("%s: %s" % (method, answer["error"]))
                return answer["result"]
            self.events.append(answer)

    def wait(self, session, method):
        while not any(e.get("method") == method and e.get("sessionId") == session for e in self.events):
            self.events.append(self.receive())


def look(browser, page, order):
    target = browser.call("Target.createTarget", url="about:blank")["targetId"]
    session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
    browser.events = []

    def call(method, **parameters):
        return browser.call(method, session, **parameters)

    width, height = order.get("width", 1280), order.get("height", 900)
    for domain in ("Page", "Runtime", "Network", "Log"):
        call(domain + ".enable")
    call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600)
    features = [{"name": "prefers-color-scheme", "value": "dark" if order.get("dark") else "light"}]
    call("Emulation.setEmulatedMedia", media="print" if order.get("print") else "", features=features)
    agent = browser.call("Browser.getVersion")["userAgent"]
    call("Emulation.setUserAgentOverride", userAgent=agent, acceptLanguage=order.get("language", "en-US"))
    call("Emulation.setScriptExecutionDisabled", value=not order.get("scripts", True))
    browser.events = []
    call("Page.navigate", url="file://" + page)
    browser.wait(session, "Page.loadEventFired")
    if order.get("press"):
        expression = "document.querySelector(%s).click()" % json.dumps(order["press"])
        call("Runtime.evaluate", expression=expression)
    found = call("Runtime.evaluate", expression=MEASURE, returnByValue=True)
    if "exceptionDetails" in found:
        raise RuntimeError(json.dumps(found["exceptionDetails"]))
    if order.get("screenshot"):
        picture = call("Page.captureScreenshot", captureBeyondViewport=order.get("whole", True), format="png",
                       **({"clip": clip(call)} if order.get("whole", True) else {}))
        with open(order["screenshot"], "wb") as file:
            file.write(base64.b64decode(picture["data"]))
    if order.get("pdf"):
        with open(order["pdf"], "wb") as file:
            file.write(base64.b64decode(call("Page.printToPDF", printBackground=True)["data"]))
    said = {"console": [], "exceptions": [], "requests": [], "page": found["result"]["value"]}
    for event in browser.events:
        if event.get("sessionId") != session:
            continue
        values = event.get("params", {})
        if event["method"] == "Runtime.consoleAPICalled" and values["type"] in ("error", "warning", "assert"):
            said["console"].append(json.dumps(values["args"]))
        elif event["method"] == "Log.entryAdded" and values["entry"]["level"] in ("error", "warning"):
            said["console"].append(values["entry"]["text"])
        elif event["method"] == "Runtime.exceptionThrown":
            said["exceptions"].append(json.dumps(values["exceptionDetails"]))
        elif event["method"] == "Network.requestWillBeSent":
            said["requests"].append(values["request"]["url"])
    browser.call("Target.closeTarget", targetId=target)
    return said


def clip(call):
    size = call("Page.getLayoutMetrics")["cssContentSize"]
    return {"x": 0, "y": 0, "width": size["width"], "height": min(size["height"], 16000), "scale": 1}


def main(arguments):
    program, path = arguments
    with open(path, encoding="utf-8") as file:
        order = json.load(file)
    folder = tempfile.mkdtemp(prefix="atoll-browser-")
    browser = Browser(program, folder)
    try:
        print(json.dumps([look(browser, order["page"], one) for one in order["looks"]]))
    finally:
        browser.process.kill()
        browser.process.wait()
        shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
