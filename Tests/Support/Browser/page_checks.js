// Looks at the page that it runs in and returns what is wrong with it: [{rule, place, text}]. Tests give it to a browser;
// what each rule asks for is said in Tests/PortalTestKit/PageRule.swift. Sources: WCAG 2.2 (contrast 1.4.3 and 1.4.11,
// reflow 1.4.10, focus 2.4.7, target size 2.5.8), its formula of relative luminance.
const findings = [];
const root = document.documentElement;

const plain = text => (text ?? '').replace(/\s+/g, ' ').trim();
const all = (selector, below = document) => [...below.querySelectorAll(selector)];

/** A short name of a place, good enough to find it again. */
const place = element => {
  if (!element || element === document) return 'html';
  const parts = [];
  for (let e = element; e && e !== root && parts.length < 3; e = e.parentElement) {
    const kind = e.id ? '#' + e.id : (e.getAttribute('class') ?? '').trim().split(/\s+/).filter(Boolean).map(c => '.' + c).join('');
    parts.unshift(e.localName + kind);
    if (e.id) break;
  }
  const words = plain(element.textContent).slice(0, 40);
  return (parts.join(' > ') || 'html') + (words ? ` "${words}"` : '');
};
const find = (rule, element, text) => findings.push({rule, place: place(element), text});

/** Whether it takes room in the page; what is clipped away for screen readers does not. */
const isShown = element => {
  if (!element.checkVisibility({visibilityProperty: true, contentVisibilityAuto: true})) return false;
  const box = element.getBoundingClientRect();
  return box.width > 1 && box.height > 1 && box.right > 0 && box.bottom + scrollY > 0;
};

// Transitions would have us look at colours on their way.
const still = new CSSStyleSheet();
still.replaceSync('*, *::before, *::after { transition: none !important; animation: none !important; }');
document.adoptedStyleSheets = [...document.adoptedStyleSheets, still];

// What is folded is part of the page: it is open while it is looked at. Of those that share a name only one can be.
const named = all('details[name]').map(details => [details, details.getAttribute('name')]);
for (const [details] of named) details.removeAttribute('name');
const folded = all('details:not([open])');
for (const details of folded) details.open = true;

// --- Structure ------------------------------------------------------------------------------------------------------

if (!plain(root.lang)) find('language', root, 'html has no lang');
if (!plain(document.title)) find('title', root, 'the page has no title');

const headings = all('h1,h2,h3,h4,h5,h6').filter(e => e.checkVisibility());
const first = headings.filter(e => e.localName === 'h1');
if (first.length !== 1) find('headings', first[1] ?? root, `${first.length} headings of the first level`);
let level = 0;
for (const heading of headings) {
  const own = Number(heading.localName[1]);
  if (own > level + 1) find('headings', heading, `h${own} follows h${level}`);
  if (!plain(heading.textContent)) find('headings', heading, 'an empty heading');
  level = own;
}

const mains = all('main,[role=main]').filter(e => e.checkVisibility());
if (mains.length !== 1) find('landmarks', mains[1] ?? root, `${mains.length} main`);
const isTop = e => !e.parentElement.closest('article,aside,main,nav,section');
if (all('header').filter(isTop).length !== 1) find('landmarks', root, 'not one header of the page');
const navigations = all('nav,[role=navigation]').filter(e => e.checkVisibility());
if (navigations.length === 0 && all('a[href]').length > 3) find('landmarks', root, 'links, and no nav');
if (navigations.length > 1) {
  const names = navigations.map(nameOf);
  navigations.forEach((e, index) => {
    if (!names[index] || names.indexOf(names[index]) !== index) find('landmarks', e, 'one of many nav, without a name of its own');
  });
}

const focusable = all('a[href],area[href],button,input:not([type=hidden]),select,textarea,summary,iframe,[tabindex],[contenteditable=true],audio[controls],video[controls]')
  .filter(e => !e.disabled && e.tabIndex >= 0 && e.checkVisibility({visibilityProperty: true}) && !e.closest('[inert]'));
const skip = focusable[0];
const skipTo = skip?.matches('a[href^="#"]') ? document.getElementById(skip.getAttribute('href').slice(1)) : null;
if (!skipTo) find('skipLink', skip ?? root, 'the first thing that has the focus is no link to the content of the page');
else if (!mains.some(m => m.contains(skipTo))) find('skipLink', skip, 'it does not lead to main');
for (const element of focusable) if (element.tabIndex > 0) find('focusOrder', element, 'a tabindex above 0');

const seen = new Set();
for (const element of all('[id]')) {
  if (seen.has(element.id)) find('ids', element, `the id ${element.id} twice`);
  seen.add(element.id);
}
for (const attribute of ['for', 'aria-labelledby', 'aria-describedby', 'aria-controls', 'aria-owns', 'form', 'list', 'headers']) {
  for (const element of all(`[${attribute}]`)) {
    for (const id of element.getAttribute(attribute).split(/\s+/).filter(Boolean)) {
      if (!document.getElementById(id)) find('ids', element, `${attribute} names ${id}, which is not there`);
    }
  }
}

// --- Names ----------------------------------------------------------------------------------------------------------

function nameOf(element) {
  const by = element.getAttribute('aria-labelledby');
  if (by) return plain(by.split(/\s+/).map(id => document.getElementById(id)?.textContent ?? '').join(' '));
  return plain(element.getAttribute('aria-label'));
}
/** What is read of an element's content: texts, the alternatives of pictures. */
function contentOf(element) {
  let text = '';
  for (const node of element.childNodes) {
    if (node.nodeType === Node.TEXT_NODE) text += node.data;
    if (node.nodeType !== Node.ELEMENT_NODE || node.getAttribute('aria-hidden') === 'true') continue;
    text += ' ' + (nameOf(node) || node.getAttribute('alt') || (node.localName === 'svg' ? node.querySelector('title')?.textContent ?? '' : contentOf(node)));
  }
  return plain(text);
}
/** The words of its labels; a control that a label wraps, with its options, is none of them. */
function labelsOf(element) {
  const words = [...element.labels ?? []].map(label => {
    const copy = label.cloneNode(true);
    all('input,select,textarea,button,progress,meter', copy).forEach(e => e.remove());
    return contentOf(copy);
  });
  return plain(words.join(' '));
}

for (const control of all('input:not([type=hidden]),select,textarea')) {
  if (!control.checkVisibility()) continue;
  const isButton = control.matches('[type=submit],[type=reset],[type=button]');
  const labels = labelsOf(control);
  if (!(nameOf(control) || labels || (isButton && plain(control.value)) || (control.type === 'image' && plain(control.alt)))) {
    find('labels', control, 'a control without a label');
  }
}
for (const element of all('a[href],button,summary,[role=button],[role=link],[role=tab],[role=switch],[role=dialog],dialog,progress,meter')) {
  if (!element.checkVisibility()) continue;
  const isValue = element.matches('progress,meter,dialog,[role=dialog]');
  const labels = labelsOf(element);
  if (!(nameOf(element) || labels || (!isValue && contentOf(element)))) find('labels', element, `a ${element.localName} without a name`);
}
for (const group of all('fieldset,[role=radiogroup]')) {
  if (!(nameOf(group) || plain(group.querySelector(':scope > legend')?.textContent))) find('labels', group, 'a group without a legend');
}
for (const image of all('img')) if (!image.hasAttribute('alt')) find('images', image, 'an img without alt');
for (const drawing of all('svg')) {
  if (drawing.closest('[aria-hidden=true]') || drawing.parentElement.closest('svg')) continue;
  const title = plain(drawing.querySelector(':scope > title')?.textContent);
  if (drawing.getAttribute('role') !== 'img' || !(nameOf(drawing) || title)) find('images', drawing, 'an svg that is neither named nor hidden');
}

for (const table of all('table')) {
  if (!plain(table.caption?.textContent)) find('tables', table, 'a table without a caption');
  if (!table.querySelector('th')) find('tables', table, 'a table without headings');
  for (const cell of all('th', table)) {
    if (!['col', 'row', 'colgroup', 'rowgroup'].includes(cell.getAttribute('scope'))) find('tables', cell, 'a th without scope');
  }
}

// --- Colours --------------------------------------------------------------------------------------------------------

const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
canvas.canvas.width = canvas.canvas.height = 1;
const colours = new Map();
/** [red, green, blue, opacity], 0 to 255 and 0 to 1, of whatever the browser calls a colour. */
const colour = text => {
  if (!colours.has(text)) {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = '#000';
    canvas.fillStyle = text;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    colours.set(text, [r, g, b, a / 255]);
  }
  return colours.get(text);
};
const over = (top, ground) => [0, 1, 2].map(i => top[i] * top[3] + ground[i] * (1 - top[3])).concat(1);
const luminance = ([r, g, b]) => {
  const [x, y, z] = [r, g, b].map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  return 0.2126 * x + 0.7152 * y + 0.0722 * z;
};
const ratio = (one, other) => {
  const [a, b] = [luminance(one), luminance(other)].sort((x, y) => y - x);
  return (a + 0.05) / (b + 0.05);
};
const hex = c => '#' + c.slice(0, 3).map(v => Math.round(v).toString(16).padStart(2, '0')).join('');

const grounds = new Map();
/** What lies behind an element's content; null where a picture does. */
const ground = element => {
  if (!element) return colour(getComputedStyle(root).colorScheme.includes('dark') && matchMedia('(prefers-color-scheme: dark)').matches ? 'Canvas' : 'white');
  if (!grounds.has(element)) {
    const style = getComputedStyle(element);
    const own = colour(style.backgroundColor);
    const below = own[3] === 1 ? null : ground(element.parentElement);
    grounds.set(element, style.backgroundImage !== 'none' ? null : own[3] === 1 ? own : below && over(own, below));
  }
  return grounds.get(element);
};
/** The share with which an element and those around it let themselves be seen. */
const opacity = element => {
  let share = 1;
  for (let e = element; e; e = e.parentElement) share *= Number(getComputedStyle(e).opacity);
  return share;
};
const isOff = element => !!element.closest('[disabled],[aria-disabled=true]') || !!element.closest('label')?.control?.disabled;

/** Drawn text lies on what the drawing painted before it; only shapes that hold its middle are looked at. */
const drawnGround = element => {
  const box = element.getBoundingClientRect();
  const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
  let found = ground(element.closest('svg'));
  for (const shape of all('rect,path,circle,polygon', element.ownerSVGElement)) {
    if (!(shape.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING) || !found) continue;
    const around = shape.getBoundingClientRect();
    if (shape.closest('defs,clipPath,mask,marker') || x < around.left || x > around.right || y < around.top || y > around.bottom) continue;
    const style = getComputedStyle(shape);
    if (style.fill === 'none' || style.visibility !== 'visible') continue;
    if (style.fill.startsWith('url')) { found = null; continue; }
    if (shape.localName !== 'rect') {
      const point = new DOMPoint(x, y).matrixTransform(shape.getScreenCTM().inverse());
      if (!shape.isPointInFill(point)) continue;
    }
    const [r, g, b, a] = colour(style.fill);
    found = over([r, g, b, a * Number(style.fillOpacity) * opacity(shape)], found);
  }
  return found;
};

const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
const looked = new Set();
while (texts.nextNode()) {
  const element = texts.currentNode.parentElement;
  if (!plain(texts.currentNode.data) || looked.has(element)) continue;
  looked.add(element);
  if (element.closest('script,style,noscript,template,option,title,desc') || !isShown(element) || isOff(element)) continue;
  const style = getComputedStyle(element);
  const isDrawn = element instanceof SVGElement;
  const behind = isDrawn ? drawnGround(element) : ground(element);
  if (!behind) {
    find('contrast', element, 'text on a picture, whose contrast cannot be told');
    continue;
  }
  const [r, g, b, a] = colour(isDrawn ? style.fill : style.color);
  const found = ratio(over([r, g, b, a * opacity(element)], behind), behind);
  const size = parseFloat(style.fontSize);
  const wanted = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
  if (found < wanted) find('contrast', element, `${found.toFixed(2)}:1 of ${hex([r, g, b])} on ${hex(behind)}, wanted ${wanted}:1`);
}

for (const control of all('input:not([type=hidden],[type=submit],[type=reset],[type=button],[type=checkbox],[type=radio],[type=range],[type=file],[type=image]),select,textarea')) {
  if (!isShown(control) || isOff(control)) continue;
  const around = ground(control.parentElement);
  const own = ground(control);
  const style = getComputedStyle(control);
  if (around && !own) find('contrast', control, 'text on a picture, whose contrast cannot be told');
  if (!around || !own) continue;
  const [r, g, b, a] = colour(style.color);
  const written = ratio(over([r, g, b, a * opacity(control)], own), own);
  if (written < 4.5) find('contrast', control, `the text of a control at ${written.toFixed(2)}:1, wanted 4.5:1`);
  const sides = ['Top', 'Right', 'Bottom', 'Left'].filter(side => parseFloat(style[`border${side}Width`]) > 0);
  const edge = Math.max(1, ...sides.map(side => ratio(over(colour(style[`border${side}Color`]), around), around)));
  if (Math.max(edge, ratio(own, around)) < 3) find('contrast', control, `the border of a control at ${edge.toFixed(2)}:1, wanted 3:1`);
  if (control.placeholder && !control.value) {
    const hint = getComputedStyle(control, '::placeholder').color;
    const seenAs = ratio(over(colour(hint), own), own);
    if (seenAs < 4.5) find('contrast', control, `the placeholder at ${seenAs.toFixed(2)}:1, wanted 4.5:1`);
  }
}

// --- Targets and room -----------------------------------------------------------------------------------------------

if (root.scrollWidth > root.clientWidth) {
  const wide = all('body *').filter(e => e.getBoundingClientRect().right > root.clientWidth + 1 && isShown(e) && !isInScroller(e));
  find('overflow', wide.at(-1) ?? root, `the page is ${root.scrollWidth} px wide in a window of ${root.clientWidth}`);
}
function isInScroller(element) {
  for (let e = element.parentElement; e && e !== document.body; e = e.parentElement) {
    if (getComputedStyle(e).overflowX !== 'visible') return true;
  }
  return false;
}

const targets = all('a[href],button,input:not([type=hidden]),select,textarea,summary,[role=button],[role=tab],[role=switch]')
  .filter(e => isShown(e) && !isOff(e) && opacity(e) > 0)
  .map(element => {
    // Whoever clicks a label has clicked its control.
    const boxes = [element, ...(element.labels ?? [])].filter(isShown).map(e => e.getBoundingClientRect());
    const [left, top] = [Math.min(...boxes.map(b => b.left)), Math.min(...boxes.map(b => b.top))];
    const [right, bottom] = [Math.max(...boxes.map(b => b.right)), Math.max(...boxes.map(b => b.bottom))];
    const box = {left, top, right, bottom, x: (left + right) / 2, y: (top + bottom) / 2};
    return {element, box, isSmall: right - left < 23.5 || bottom - top < 23.5};
  });
/** Whether there are words beside it; other targets are no sentence. */
const isAmongWords = element => {
  const copy = element.parentElement.cloneNode(true);
  all('a[href],button,input,select,textarea,summary', copy).forEach(e => e.remove());
  return /\p{L}/u.test(copy.textContent);
};
for (const {element, box, isSmall} of targets) {
  if (!isSmall) continue;
  // A link among the words of a sentence has the height of its line.
  if (getComputedStyle(element).display === 'inline' && isAmongWords(element)) continue;
  // It may be small where a circle of 24 px round its middle touches no other target, nor the circle of a small one.
  const near = targets.find(({element: other, box: its, isSmall: also}) => {
    if (other === element || other.contains(element) || element.contains(other)) return false;
    const [dx, dy] = [Math.max(its.left - box.x, box.x - its.right, 0), Math.max(its.top - box.y, box.y - its.bottom, 0)];
    return Math.hypot(dx, dy) < 12 || (also && Math.hypot(its.x - box.x, its.y - box.y) < 24);
  });
  if (near) find('targetSize', element, `${Math.round(box.right - box.left)} x ${Math.round(box.bottom - box.top)} px, too near to ${place(near.element)}`);
}

// --- What a strict content-security policy refuses --------------------------------------------------------------------

for (const element of all('[style]')) find('inline', element, 'a style attribute');
for (const element of all('style')) find('inline', element, 'a style element');
for (const element of all('script:not([src]):not([type="application/json"])')) find('inline', element, 'a script in the page');
for (const element of all('*')) {
  for (const {name, value} of element.attributes) {
    if (name.startsWith('on')) find('inline', element, `the attribute ${name}`);
    if (['href', 'src', 'action', 'formaction'].includes(name) && /^\s*javascript:/i.test(value)) find('inline', element, `a script in ${name}`);
  }
}

// --- Focus ----------------------------------------------------------------------------------------------------------

const before = document.activeElement;
const [scrolledX, scrolledY] = [scrollX, scrollY];
const signs = ['outlineStyle', 'outlineWidth', 'outlineColor', 'boxShadow', 'borderTopColor', 'borderBottomColor', 'borderBottomWidth', 'backgroundColor', 'textDecorationLine', 'textDecorationThickness'];
for (const element of focusable) {
  if (element.type === 'radio' && !element.checked) continue;
  document.activeElement?.blur();
  const style = getComputedStyle(element);
  const off = signs.map(sign => style[sign]);
  element.focus({preventScroll: true, focusVisible: true});
  if (document.activeElement !== element) continue;
  const box = element.getBoundingClientRect();
  if (box.width <= 1 || box.height <= 1 || box.right <= 0 || box.bottom + scrollY <= 0) {
    find('focus', element, 'it has the focus and is not seen');
    continue;
  }
  const isRing = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
  const on = signs.map(sign => style[sign]);
  const isSeen = isRing || signs.some((sign, index) => !sign.startsWith('outline') && off[index] !== on[index]);
  if (!isSeen) find('focus', element, 'nothing shows that it has the focus');
  const around = ground(element.parentElement);
  if (isRing && style.outlineStyle !== 'auto' && around) {
    const found = ratio(over(colour(style.outlineColor), around), around);
    if (found < 3) find('focus', element, `the ring round it at ${found.toFixed(2)}:1, wanted 3:1`);
  }
}
document.activeElement?.blur();
for (const details of folded) details.open = false;
for (const [details, name] of named) details.setAttribute('name', name);
if (before && before !== document.body) before.focus({preventScroll: true});
scrollTo(scrolledX, scrolledY);
document.adoptedStyleSheets = document.adoptedStyleSheets.filter(sheet => sheet !== still);

return findings;
