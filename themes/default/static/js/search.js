// Search in the browser. The first half finds, and knows nothing of the page: tests load it alone. The second half is the page.
// What the files hold is said in src/render/search/ of the program.
(function () {
"use strict";

const DEPTH = 8;
const EXACT = 200;
const PAGE = 20;
const WINDOWS = 4;
const BLOCKS = 24;
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const SPACE = /[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/g;
const STOP = /[。！？；]/;

// Text as it is compared: NFKC, case folded, without white space.
function fold(text) {
  if (/^[0-9a-z\u3001\u3002\u4e00-\u9fff]*$/.test(text)) return text;
  let folded = "";
  for (const c of text.normalize("NFKC").replace(SPACE, "").replace(/\0/g, "")) folded += c.toUpperCase().toLowerCase();
  return folded;
}

// What went wrong with a file: `failed`, `damaged` or `changed`.
class Trouble extends Error {
  constructor(kind) {
    super(kind);
    this.kind = kind;
  }
}

// Unpacks zlib data, which browsers of old telephones cannot.
function unpack(bytes) {
  let out = new Uint8Array(65536), length = 0, at = 2, hold = 0, held = 0;
  const bad = () => { throw new Trouble("damaged"); };
  const bits = (count) => {
    for (; held < count; held += 8) {
      if (at >= bytes.length) bad();
      hold |= bytes[at++] << held;
    }
    const value = hold & ((1 << count) - 1);
    hold >>>= count;
    held -= count;
    return value;
  };
  const put = (byte) => {
    if (length === out.length) {
      const larger = new Uint8Array(length * 2);
      larger.set(out);
      out = larger;
    }
    out[length++] = byte;
  };
  // How many codes have each length, and the symbols in order of their codes.
  const table = (lengths) => {
    const counts = new Uint16Array(16), starts = new Uint16Array(16), symbols = new Uint16Array(lengths.length);
    for (const l of lengths) if (l) counts[l]++;
    for (let l = 1; l < 16; l++) starts[l] = starts[l - 1] + counts[l - 1];
    lengths.forEach((l, symbol) => { if (l) symbols[starts[l]++] = symbol; });
    return { counts, symbols };
  };
  const symbol = ({ counts, symbols }) => {
    let code = 0, first = 0, index = 0;
    for (let l = 1; l < 16; l++) {
      code |= bits(1);
      const count = counts[l];
      if (code - count < first) return symbols[index + code - first];
      index += count;
      first = (first + count) << 1;
      code <<= 1;
    }
    return bad();
  };
  const fixed = () => [table([].concat(Array(144).fill(8), Array(112).fill(9), Array(24).fill(7), Array(8).fill(8))), table(Array(30).fill(5))];
  const dynamic = () => {
    const literals = bits(5) + 257, distances = bits(5) + 1, codes = bits(4) + 4;
    const lengths = Array(19).fill(0), all = [];
    [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15].slice(0, codes).forEach((place) => { lengths[place] = bits(3); });
    const meta = table(lengths);
    while (all.length < literals + distances) {
      const s = symbol(meta);
      const value = s < 16 ? s : s === 16 ? all[all.length - 1] : 0;
      for (let n = s < 16 ? 1 : s === 16 ? 3 + bits(2) : s === 17 ? 3 + bits(3) : 11 + bits(7); n > 0; n--) all.push(value);
    }
    return [table(all.slice(0, literals)), table(all.slice(literals, literals + distances))];
  };
  if (bytes.length < 7 || bytes[0] !== 0x78) bad();
  for (let last = 0; !last;) {
    last = bits(1);
    const kind = bits(2);
    if (kind === 0) {
      hold = held = 0;
      const end = at + 4 + (bytes[at] | bytes[at + 1] << 8);
      if (!(end <= bytes.length)) bad();
      for (at += 4; at < end; at++) put(bytes[at]);
      continue;
    }
    if (kind === 3) bad();
    const [literal, distance] = kind === 1 ? fixed() : dynamic();
    for (let s = symbol(literal); s !== 256; s = symbol(literal)) {
      if (s < 256) {
        put(s);
        continue;
      }
      s -= 257;
      if (s > 28) bad();
      const extra = s < 8 || s === 28 ? 0 : (s >> 2) - 1;
      let n = s === 28 ? 258 : s < 8 ? s + 3 : ((4 + (s & 3)) << extra) + 3 + bits(extra);
      const d = symbol(distance);
      if (d > 29) bad();
      const more = d < 4 ? 0 : (d >> 1) - 1;
      const back = d < 4 ? d + 1 : ((2 + (d & 1)) << more) + 1 + bits(more);
      if (back > length) bad();
      for (; n > 0; n--) put(out[length - back]);
    }
  }
  let a = 1, b = 0;
  for (let i = 0; i < length;) {
    for (const end = Math.min(length, i + 3800); i < end; i++) b += a += out[i];
    a %= 65521;
    b %= 65521;
  }
  if (at + 4 !== bytes.length || new DataView(bytes.buffer, bytes.byteOffset + at).getUint32(0) !== b * 65536 + a) bad();
  return out.subarray(0, length);
}

// A tree of cuts: a pair of trees, a file (1) or nothing (0).
function tree(text) {
  let at = 0;
  const bit = () => LETTERS.indexOf(text[at / 6 | 0]) >> (5 - at++ % 6) & 1;
  const grow = () => (bit() ? [grow(), grow()] : bit());
  return grow();
}

// The file of a key, given as 16-bit units: its name, and whether it is but the first of several files of the key.
function find(tree, units) {
  let node = tree, path = "";
  const down = (bit) => {
    node = node[bit];
    path += bit;
  };
  for (let d = 0; node instanceof Array && d < units.length * 16; d++) down(units[d >> 4] >> (15 - d % 16) & 1);
  if (node === 0) return null;
  const parent = node instanceof Array;
  while (node instanceof Array) down(node[0] === 0 ? 1 : 0);
  let digits = "";
  for (let d = 0; d < path.length; d += 4) digits += parseInt((path.slice(d, d + 4) + "000").slice(0, 4), 2).toString(16);
  return { name: path.length + "-" + digits, parent };
}

// Reads a file of the index: the reports that hold `query`, each with its sections as bits; `sure` if all of them do.
function lookUp(bytes, name, query, parent) {
  let at = 0;
  const number = () => {
    let value = 0, shift = 0, byte;
    do {
      byte = bytes[at++];
      value |= (byte & 127) << shift;
      shift += 7;
    } while (byte > 127);
    return value;
  };
  const length = number();
  if (String.fromCharCode.apply(null, bytes.subarray(at, at + length)) !== name) throw new Trouble("changed");
  at += length;
  const lists = [];
  for (let n = number(); n > 0; n--) {
    const depth = bytes[at++];
    lists.push({ count: number(), hit: parent && depth === query.length });
  }
  if (parent && !lists.some((list) => list.hit)) throw new Trouble("changed");
  const entries = number(), added = number();
  const shapes = bytes.subarray(at, at += entries), high = bytes.subarray(at, at += added), low = bytes.subarray(at, at += added);
  let key = "", unit = 0, sure = true;
  for (const shape of shapes) {
    key = key.slice(0, shape >> 4);
    for (let n = shape & 15; n > 0; n--, unit++) key += String.fromCharCode(high[unit] << 8 | low[unit]);
    const hit = !parent && (key.startsWith(query) || query.startsWith(key));
    if (hit && key.length < query.length) sure = false;
    lists.push({ count: number(), hit });
  }
  const cells = [], found = new Map();
  for (const list of lists) {
    let cell = 0;
    for (let n = list.count; n > 0; n--) {
      cell += number();
      if (list.hit) cells.push(cell);
    }
  }
  // Sections stand behind all reports, in the same order.
  let next = 0;
  for (const list of lists) {
    for (let n = list.count; n > 0; n--, at++) {
      if (list.hit) found.set(cells[next], found.get(cells[next++]) | bytes[at]);
    }
  }
  if (at !== bytes.length) throw new Trouble("damaged");
  return { found, sure };
}

// Reads a block of texts: reports by number, each with its body and lines.
function readBlock(text, name, first, years) {
  const literals = [], reports = new Map();
  let body, report, slot, anchor;
  text.split("\n").forEach((line, i) => {
    if (!i && line !== "~" + name) throw new Trouble("changed");
    if (line[0] === "=") line = literals[line.slice(1)];
    else if (line[0] === "#" || line[0] === " ") literals.push(line);
    const rest = line.slice(1);
    if (line[0] === "@") {
      const [place, path, title] = rest.split("\t");
      body = { place: +place, path, title };
    } else if (line[0] === "%") {
      report = { body, year: +rest, lines: [] };
      slot = 0;
      anchor = "";
      reports.set(body.place * years + report.year - first, report);
    } else if (line[0] === "!") {
      slot = +rest;
    } else if (line[0] === "#") {
      const tab = rest.indexOf("\t");
      anchor = rest.slice(0, tab);
      report.lines.push({ slot, anchor, heading: true, text: rest.slice(tab + 1) });
    } else if (line[0] === " ") report.lines.push({ slot, anchor, text: rest });
  });
  return reports;
}

// The first line of a report that holds the query, with the heading it stands under.
function sentence(report, query, slots) {
  let heading = "";
  for (const line of report.lines) {
    if (line.heading) heading = line.text || heading;
    if (slots >> line.slot & 1 && fold(line.text).includes(query)) return Object.assign({ anchor: line.anchor, heading }, mark(line.text, query));
  }
  return null;
}

// Where the folded query stands in a text as written, cut to its sentence: what stands before it, the hit, what follows.
function mark(text, query) {
  const pieces = text.match(/[^\p{M}\u1160-\u11ff\uff9e\uff9f][\p{M}\u1160-\u11ff\uff9e\uff9f]*|[\p{M}\u1160-\u11ff\uff9e\uff9f]+/gu) || [];
  const folded = pieces.map(fold);
  const at = folded.join("").indexOf(query);
  if (at < 0) return { before: "", hit: text, after: "" };
  let from = 0, length = 0;
  while (length + folded[from].length <= at) length += folded[from++].length;
  let to = from;
  while (length < at + query.length) length += folded[to++].length;
  let start = from, end = to;
  while (start > 0 && from - start < 60 && !STOP.test(pieces[start - 1])) start--;
  while (end < pieces.length && end - to < 80 && !(end > to && STOP.test(pieces[end - 1])) && !(end === to && STOP.test(pieces[to - 1]))) end++;
  const cut = (i) => i > 0 && i < pieces.length && !STOP.test(pieces[i - 1]) ? "…" : "";
  return {
    before: cut(start) + pieces.slice(start, from).join("").trimStart(),
    hit: pieces.slice(from, to).join(""),
    after: pieces.slice(to, end).join("").trimEnd() + cut(end),
  };
}

// All that finds, from the value of the first file and a way to fetch others: `load(path)` gives a promise of bytes.
function engine(value, load) {
  const index = tree(value.index), texts = tree(value.texts), years = value.years, files = new Map();
  const file = (path, read) => {
    if (!files.has(path)) {
      const loaded = load(path).then((bytes) => read(unpack(bytes)));
      loaded.catch(() => files.delete(path));
      files.set(path, loaded);
    }
    return files.get(path);
  };
  const text = (bytes) => new TextDecoder().decode(bytes);
  const table = (text) => text.split("\n").filter(Boolean).map((line) => line.split("\t"));
  const lines = (path) => file(path, (bytes) => table(text(bytes)));
  const known = table(value.bodies), indicators = table(value.indicators);

  const one = async (query) => {
    const way = find(index, Array.from(query.split(""), (c) => c.charCodeAt(0)));
    if (!way) return { found: new Map(), sure: true };
    return lookUp(await file("i/" + way.name + ".bin", (bytes) => bytes), way.name, query, way.parent);
  };

  // Reports that may hold a folded query, each with its sections, and whether all of them do.
  const reports = async (query) => {
    if (query.length <= DEPTH) return one(query);
    const last = query.length - DEPTH, count = Math.min(WINDOWS, Math.ceil(query.length / DEPTH));
    const starts = Array.from({ length: count }, (_, i) => Math.round(i * last / (count - 1)));
    const parts = await Promise.all(starts.map((start) => one(query.substr(start, DEPTH))));
    const found = new Map();
    for (const [cell, slots] of parts[0].found) {
      const common = parts.reduce((slots, part) => slots & part.found.get(cell), slots);
      if (common) found.set(cell, common);
    }
    return { found, sure: false };
  };

  // First report and name of each block, in order.
  const starts = [];
  (function walk(node, start, depth) {
    if (node === 1) starts.push({ start, name: find(texts, [start >>> 16, start & 65535]).name });
    else if (node) node.forEach((half, i) => walk(half, start + i * Math.pow(2, 31 - depth), depth + 1));
  })(texts, 0, 0);
  const blockOf = (cell) => {
    let low = 0, high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle].start > cell) high = middle - 1;
      else low = middle;
    }
    return low;
  };
  const block = (place) => {
    if (!starts[place]) throw new Trouble("changed");
    const { name } = starts[place];
    return file("t/" + name + ".bin", (bytes) => readBlock(text(bytes), name, value.first, years));
  };

  // Reports whose text holds a folded query. `only`: bodies `from` a place `to` another, `year`, `slot`. The list of results grows as
  // `more(count)` looks at further texts.
  const search = async (query, only) => {
    const { found, sure } = await reports(query);
    const bodies = new Map(), blocks = new Map();
    const add = (map, key) => map.set(key, (map.get(key) || 0) + 1);
    const waiting = [];
    for (const [cell, slots] of found) {
      const place = Math.floor(cell / years);
      if (only.from !== undefined && (place < only.from || place >= only.to)) continue;
      if (only.year && value.first + cell % years !== only.year) continue;
      const wanted = only.slot === undefined ? slots : slots & 1 << only.slot;
      if (!wanted) continue;
      const candidate = { cell, place, slots: wanted, block: blockOf(cell) };
      add(bodies, place);
      add(blocks, candidate.block);
      waiting.push(candidate);
    }
    // Neighbors who say it most often come first, so that few texts have to be fetched; then the body that says it in most years; of
    // each, the newest year.
    const rank = (map, a, b) => map.get(b) - map.get(a);
    waiting.sort((a, b) => rank(blocks, a.block, b.block) || a.block - b.block || rank(bodies, a.place, b.place) || a.place - b.place || b.cell - a.cell);
    const list = { results: [], looked: 0, candidates: waiting.length };
    const look = async (some) => {
      const blocks = await Promise.all(some.map((candidate) => block(candidate.block)));
      some.forEach(({ cell, slots }, i) => {
        const report = blocks[i].get(cell);
        const hit = report && sentence(report, query, slots);
        if (hit) list.results.push(Object.assign(hit, { cell, body: report.body, year: report.year, title: report.lines[0].text }));
        else if (sure || !report) throw new Trouble("changed");
      });
      list.looked += some.length;
    };
    const grow = async (count) => {
      while (list.results.length < count && list.looked < waiting.length) {
        const names = new Set(), some = [];
        for (const candidate of waiting.slice(list.looked, list.looked + count - list.results.length)) {
          if (names.add(candidate.block).size > BLOCKS) break;
          some.push(candidate);
        }
        await look(some);
      }
    };
    // One at a time: both the reader and the count ask for more.
    let turn = Promise.resolve();
    list.more = (count) => (turn = turn.catch(() => {}).then(() => grow(count)));
    // How many there are, up to 200; Infinity beyond; undefined as long as it has not been looked at.
    list.count = () => {
      if (sure) return waiting.length > EXACT ? Infinity : waiting.length;
      return list.results.length > EXACT ? Infinity : list.looked < waiting.length ? undefined : list.results.length;
    };
    return list;
  };

  // Bodies by name, former name or initials: names that begin with the query first.
  const named = (list, query) => {
    const hits = [];
    for (const [place, size, title, path, initials, former] of list) {
      const name = fold(title);
      const rank = name.startsWith(query) ? 0 : initials === query ? 1 : name.includes(query) ? 2 : query.length > 1 && initials.startsWith(query) ? 3 : 9;
      const hit = { kind: "body", rank, place: +place, size: +size, title, path };
      const names = (former || "").split("|");
      for (let i = 0; rank > 3 && i + 1 < names.length; i += 2) {
        if (fold(names[i]).includes(query) || names[i + 1] === query) Object.assign(hit, { kind: "former", rank: 4, title: names[i], now: title });
      }
      if (hit.rank < 9) hits.push(hit);
    }
    return hits.sort((a, b) => a.rank - b.rank || a.place - b.place);
  };

  // Years and indicators.
  const pages = (query) => {
    const year = value.year.filter((year) => [year, year + "年", year + "年度"].some((name) => String(name) === query));
    return year.map((year) => ({ kind: "year", title: String(year), path: "years/" + year }))
      .concat(indicators.filter(([key, name]) => key === query || fold(name).includes(query)).map(([key, title]) => ({ kind: "indicator", title, path: "indicators/" + key })));
  };

  // Numbers of documents and reports, with brackets of any shape.
  const numbers = async (query) => {
    const plain = (text) => fold(text).replace(/[()[\]〔〕﹝﹞【】]/g, "");
    const wanted = plain(query), year = (query.match(/(?:19|20)\d\d/) || [])[0];
    const part = ["all", year].find((part) => value.numbers.includes(part));
    if (!part || wanted.length < 3 || !/[\d〔号]/.test(query)) return [];
    return (await lines("n/" + part + ".bin")).filter(([number]) => plain(number).includes(wanted))
      .map(([number, kind, path, title]) => ({ kind: "document", number, title, path: kind === "d" ? "documents/" + path : path.replace(/\/$/, "") }));
  };

  const bodies = () => (value.more ? lines("names.bin") : Promise.resolve(known));
  return { search, pages, numbers, bodies, known, named };
}

if (typeof document === "undefined") {
  module.exports = { fold, unpack, tree, find, lookUp, readBlock, sentence, mark, engine, Trouble };
  return;
}

// The page.
const form = document.getElementById("search");
if (!form || !form.dataset.first) return;
const at = (id) => document.getElementById(id);
const status = at("search-status"), trouble = at("search-trouble"), namesBox = at("search-names"), reportsBox = at("search-reports"), more = at("search-more");
const words = {};
for (const word of at("search-words").children) words[word.dataset.key] = word.textContent;
const say = (key, values) => words[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
const first = new URL(form.dataset.first, location.href), root = new URL(form.dataset.root || "./", location.href);
const FILTERS = ["body", "year", "section", "kind"];
const title = document.title;
let found = null, shown = 0, asked = 0, again = () => {};

// Elements are made one by one: nothing that was written by others can become markup.
function element(name, text, children) {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  for (const child of children || []) made.append(child);
  return made;
}
const link = (path, text, anchor) => {
  const made = element("a", text);
  made.href = root.href + (path ? path + "/" : "") + (form.dataset.folder ? "index.html" : "") + (anchor ? "#" + anchor : "");
  return made;
};

const within = (promise) => Promise.race([promise, new Promise((_, late) => setTimeout(() => late(new Trouble("failed")), 30000))]);
const load = (path) => within(fetch(new URL(path, first).href, { cache: fresh ? "reload" : "default" }).then((answer) => {
  if (!answer.ok) throw new Trouble("failed");
  return answer.arrayBuffer();
})).then((buffer) => new Uint8Array(buffer), () => { throw new Trouble("failed"); });
let fresh = false, ready = null;

// The first file is a script, since pages opened from a folder may load no other.
function start() {
  ready = ready || within(new Promise((done, failed) => {
    const script = element("script");
    if (form.dataset.integrity) script.integrity = form.dataset.integrity;
    script.src = first.href;
    script.onload = () => (window.gongkai_search ? done(engine(window.gongkai_search, load)) : failed(new Trouble("damaged")));
    script.onerror = () => failed(new Trouble("failed"));
    document.head.append(script);
  }));
  ready.catch(() => { ready = null; });
  return ready;
}

function complain(error) {
  const known = words[error.kind] ? error.kind : "damaged";
  const kind = location.protocol === "file:" && known === "failed" ? "folder" : known === "failed" && navigator.onLine === false ? "offline" : known;
  trouble.textContent = words[kind] + (words[kind + "_next"] || "") + " ";
  if (kind !== "folder") {
    const button = element("button", words.retry);
    button.type = "button";
    button.onclick = () => again();
    trouble.append(button);
  }
  trouble.hidden = false;
}

function showNames(hits) {
  const list = namesBox.querySelector("ul");
  list.textContent = "";
  for (const hit of hits) {
    const small = hit.kind === "former" ? say("kind_former", {}) + " · " + hit.now : hit.kind === "document" ? [words.kind_document, hit.number && hit.title].filter(Boolean).join(" · ") : words["kind_" + hit.kind];
    const text = hit.kind === "document" ? hit.number || hit.title : hit.kind === "year" ? say("year", { year: hit.title }) : hit.title;
    list.append(element("li", "", [link(hit.path, text), " ", element("small", small)]));
  }
  namesBox.hidden = !hits.length;
}

// Shows so many results more.
function showReports() {
  const list = reportsBox.querySelector("ol"), next = found.results.slice(shown, shown + PAGE);
  for (const hit of next) {
    const head = link((hit.body.path ? hit.body.path + "/" : "") + hit.year, hit.body.title + " " + say("year", { year: hit.year }) + " · " + (hit.heading || words.section_lead), hit.anchor);
    list.append(element("li", "", [head, element("p", "", [hit.before, element("mark", hit.hit), hit.after])]));
  }
  shown += next.length;
  reportsBox.hidden = !shown;
  more.hidden = shown >= found.results.length && found.looked >= found.candidates;
}

function count(query) {
  const n = found.count();
  if (n === undefined) return say("found_checking", { n: found.results.length, m: found.candidates - found.looked });
  if (n === 0) return say("none", { q: query }) + words.none_next;
  return n === Infinity ? say("found_many", { q: query }) : say("found", { n });
}

// Names as they are typed; the texts when they are asked for.
async function names(query, kind, all) {
  if (!query || kind === "report") return [];
  const tool = await start();
  const bodies = kind && kind !== "body" ? [] : tool.named(all ? await tool.bodies() : tool.known, query);
  const pages = kind && kind !== "year" && kind !== "indicator" ? [] : tool.pages(query).filter((hit) => !kind || hit.kind === kind);
  const numbers = all && (!kind || kind === "document") ? await tool.numbers(query) : [];
  return bodies.slice(0, PAGE).concat(pages.slice(0, PAGE), numbers.slice(0, PAGE));
}

async function only(state, tool) {
  const only = { year: +state.year || 0 };
  if (state.body) {
    const body = (await tool.bodies()).find((body) => body[3] === state.body);
    if (body) Object.assign(only, { from: +body[0], to: +body[0] + +body[1] });
  }
  if (state.section) {
    const options = Array.from(form.elements.section.options, (option) => option.value).slice(1);
    only.slot = Math.min(Math.max(options.indexOf(state.section), 0), 7);
  }
  return only;
}

async function run(state) {
  const turn = ++asked, query = fold(state.q || "");
  const late = () => turn !== asked;
  again = () => {
    fresh = true;
    run(state);
  };
  trouble.hidden = more.hidden = namesBox.hidden = reportsBox.hidden = true;
  reportsBox.querySelector("ol").textContent = "";
  at("search-filters").hidden = !query;
  status.textContent = query ? say("looking", { q: state.q }) : "";
  document.title = query ? say("page_title", { q: state.q }) + " · " + title : title;
  if (!query) return;
  const seen = (hits) => { if (!late()) showNames(hits); };
  try {
    const tool = await start();
    if (late()) return;
    seen(await names(query, state.kind, false));
    const texts = !state.kind || state.kind === "report";
    const all = texts ? null : names(query, state.kind, true).then(seen);
    if (texts) {
      const list = await tool.search(query, await only(state, tool));
      if (late()) return;
      found = list;
      await list.more(PAGE);
      if (late()) return;
      shown = 0;
      showReports();
      status.textContent = count(state.q);
      // What no file of the index could decide is looked at in the texts, up to the number that is told exactly.
      while (found === list && !late() && list.count() === undefined) {
        await list.more(Math.min(list.results.length + PAGE, EXACT + 1));
        if (!late()) status.textContent = count(state.q);
      }
    } else status.textContent = "";
    // What was found in the texts stays, whatever becomes of the names.
    await (all || names(query, state.kind, true).then(seen)).catch((error) => { if (!late()) complain(error); });
    fresh = false;
  } catch (error) {
    if (late()) return;
    // A file that changed under way, or came broken, is asked for once more before anything is said.
    if (error.kind && error.kind !== "failed" && !fresh) return again();
    status.textContent = "";
    fresh = false;
    complain(error);
  }
}

const stateOf = (search) => {
  const asked = new URLSearchParams(search), state = { q: asked.get("q") || "" };
  for (const name of FILTERS) state[name] = asked.get(name) || "";
  return state;
};
function show(state) {
  form.elements.q.value = state.q;
  for (const name of FILTERS) {
    const select = form.elements[name];
    if (state[name] && !Array.from(select.options).some((option) => option.value === state[name])) select.append(new Option(state[name], state[name]));
    select.value = state[name];
  }
  run(state);
}
function ask() {
  const asked = new URLSearchParams();
  for (const name of ["q"].concat(FILTERS)) if (form.elements[name].value) asked.set(name, form.elements[name].value);
  const search = asked.toString() ? "?" + asked : location.pathname;
  if (search !== location.search) history.pushState(null, "", search);
  run(stateOf(asked));
}
let typing = 0;
form.elements.q.addEventListener("focus", () => start().catch(() => {}), { once: true });
form.addEventListener("submit", (event) => {
  event.preventDefault();
  ask();
});
form.addEventListener("change", (event) => { if (event.target.name !== "q") ask(); });
form.elements.q.addEventListener("input", (event) => {
  clearTimeout(typing);
  if (event.isComposing) return;
  typing = setTimeout(() => {
    const query = fold(form.elements.q.value);
    names(query, form.elements.kind.value, false).then((hits) => { if (query === fold(form.elements.q.value)) showNames(hits); }, () => {});
  }, 150);
});
more.addEventListener("click", async () => {
  const list = found, from = shown;
  more.disabled = true;
  try {
    await list.more(from + PAGE);
    if (list === found) showReports();
    const next = reportsBox.querySelectorAll("ol a")[from];
    if (next) next.focus();
  } catch (error) {
    complain(error);
  }
  more.disabled = false;
});
window.addEventListener("popstate", () => show(stateOf(location.search)));
show(stateOf(location.search));
})();
