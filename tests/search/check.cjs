// Asks the portal's own search for many strings and compares each answer with a plain scan of the content.
//
//   node check.cjs CONTENT PORTAL [STRINGS] [NOWHERE] [SEED] [STRING ...]
//
// Prints one line of JSON: how many reports were missed or shown wrongly, how many counts were wrong, and what the answers cost.
"use strict";
const fs = require("fs");
const path = require("path");
const plain = require("./plain.cjs");

const [content, portal, count = "500", nowhere = "100", seed = "1", ...own] = process.argv.slice(2);
const folder = path.join(portal, "search");
const script = fs.readdirSync(path.join(portal, "assets")).find((name) => /^search\.[0-9a-f]+\.js$/.test(name));
const search = require(path.resolve(portal, "assets", script));
const first = fs.readdirSync(folder).find((name) => name.startsWith("first."));
const value = new Function(fs.readFileSync(path.join(folder, first), "utf8") + "return gongkai_search;").call(null) || globalThis.gongkai_search;

// What one question loads, in a browser that has nothing yet but the first file.
function meter() {
  const cost = { bytes: 0, requests: 0, rounds: 0 };
  let open = 0;
  const load = (name) => {
    if (!open) cost.rounds++;
    open++;
    cost.requests++;
    return new Promise((done, failed) => {
      fs.readFile(path.join(folder, name), (error, bytes) => {
        open--;
        if (error) return failed(error);
        cost.bytes += bytes.length;
        done(new Uint8Array(bytes));
      });
    });
  };
  return { cost, load };
}

const at = (list, share) => list.slice().sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * share))] || 0;

(async () => {
  const corpus = plain.read(content, (markdown) => !/^draft = true$/m.test(markdown));
  const asked = own.length ? own : plain.strings(corpus, +count, +nowhere, +seed);
  const sum = { strings: asked.length, missed: 0, wrong: 0, counts: 0, many: 0, none: 0 }, costs = [], times = [];
  for (const string of asked) {
    const query = search.fold(string), truth = new Set(plain.holders(corpus, plain.fold(string)));
    const { cost, load } = meter();
    const started = process.hrtime.bigint();
    const list = await search.engine(value, load).search(query, {});
    await list.more(20);
    times.push(Number(process.hrtime.bigint() - started) / 1e6);
    costs.push(Object.assign({ string }, cost));
    // All of it, as far as a reader can go on.
    if (list.count() === undefined || truth.size <= 200) await list.more(201);
    const shown = list.results.map((hit) => (hit.body.path ? hit.body.path + "/" : "") + hit.year);
    const wrong = shown.filter((name) => !truth.has(name)).length + (new Set(shown).size - shown.length);
    const marks = list.results.filter((hit) => search.fold(hit.hit) !== query).length;
    const missed = truth.size <= 200 ? [...truth].filter((name) => !shown.includes(name)).length : Math.max(0, 20 - shown.length);
    const told = list.count();
    const right = truth.size > 200 ? told === Infinity : told === truth.size;
    if (wrong || missed || marks || !right) console.error(JSON.stringify({ string, truth: truth.size, told: String(told), wrong, missed, marks }));
    sum.wrong += wrong + marks;
    sum.missed += missed;
    sum.counts += right ? 0 : 1;
    sum.many += truth.size > 200 ? 1 : 0;
    sum.none += truth.size === 0 ? 1 : 0;
  }
  for (const [name, share] of [["median", 0.5], ["p95", 0.95], ["worst", 1]]) {
    sum[name] = { bytes: at(costs.map((c) => c.bytes), share), requests: at(costs.map((c) => c.requests), share), rounds: at(costs.map((c) => c.rounds), share), ms: Math.round(at(times, share)) };
  }
  sum.first = fs.statSync(path.join(folder, first)).size;
  console.log(JSON.stringify(sum));
  process.exitCode = sum.missed || sum.wrong || sum.counts ? 1 : 0;
})();
