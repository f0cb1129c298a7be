// A plain scan, which knows nothing of the index: what search has to agree with.
"use strict";
const fs = require("fs");
const path = require("path");

// NFKC, case folded, without white space.
const fold = (text) => text.normalize("NFKC").toLowerCase().replace(/\s/gu, "");

// Title, headings, paragraphs, list items and table cells of a report as the corpora and fixtures write them.
function unitsOf(markdown) {
  const [, front, ...rest] = markdown.split("+++\n");
  const units = [/^title = "(.*)"$/m.exec(front)[1]];
  let paragraph = [];
  const flush = () => {
    if (paragraph.length) units.push(paragraph.join(""));
    paragraph = [];
  };
  // Of links the words are text, and of emphasis.
  const plain = rest.join("+++\n").replace(/!?\[([^\]\n]*)\]\([^)\n]*\)/g, "$1").replace(/\*\*/g, "");
  for (const line of plain.split("\n")) {
    if (/^\|[-:|]+$/.test(line.trim())) continue;
    const item = /^(?:\d+\. |- )(.*)$/.exec(line);
    if (!line.trim()) flush();
    else if (line.startsWith("|")) units.push(...line.trim().replace(/^\||\|$/g, "").split("|"));
    else if (line.startsWith("#")) units.push(line.replace(/^#+ /, ""));
    else if (item) {
      flush();
      paragraph = [item[1]];
    } else paragraph.push(line);
  }
  flush();
  return units.map(fold).filter(Boolean);
}

// All texts of a folder of content, one after another: a line break between two texts, a form feed after a report.
function read(content, keep = () => true) {
  const reports = [], pieces = [];
  let length = 0;
  const walk = (folder) => {
    for (const entry of fs.readdirSync(path.join(content, folder), { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const inside = path.join(folder, entry.name);
      if (entry.isDirectory()) walk(inside);
      else if (/^\d{4}\.md$/.test(entry.name)) {
        const markdown = fs.readFileSync(path.join(content, inside), "utf8");
        if (!keep(markdown, inside)) continue;
        const text = unitsOf(markdown).join("\n") + "\f";
        length += text.length;
        pieces.push(text);
        reports.push({ name: inside.replace(/\.md$/, "").split(path.sep).join("/"), end: length });
      }
    }
  };
  walk("");
  return { reports, text: pieces.join("") };
}

// Names of all reports that hold a folded string.
function holders({ reports, text }, string) {
  const found = [];
  let low = 0;
  for (let at = text.indexOf(string); at >= 0;) {
    let high = reports.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (reports[middle].end > at) high = middle;
      else low = middle + 1;
    }
    found.push(reports[low].name);
    at = text.indexOf(string, reports[low].end);
    low++;
  }
  return found;
}

// Numbers from a seed, below a limit.
function random(seed) {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

// Strings of 1 to 8 characters from the texts, and strings made of their characters that stand nowhere.
function strings(corpus, count, nowhere, seed) {
  const below = random(seed), some = new Set(), none = new Set();
  const { reports, text } = corpus;
  const piece = () => {
    for (;;) {
      const report = below(reports.length), start = report ? reports[report - 1].end : 0;
      const at = start + below(reports[report].end - start);
      let cut = Array.from(text.slice(at, at + 16)).slice(0, 1 + below(8)).join("");
      if (/^[\udc00-\udfff]|[\n\f]/.test(cut) || !cut) continue;
      return cut;
    }
  };
  while (some.size < count) some.add(piece());
  while (none.size < nowhere) {
    const made = Array.from(piece() + piece()).slice(-1 - below(8)).join("");
    if (!text.includes(made)) none.add(made);
  }
  return [...some, ...none];
}

module.exports = { fold, unitsOf, read, holders, strings, random };
