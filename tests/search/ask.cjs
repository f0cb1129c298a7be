// Asks a portal's search, as its page would, and prints what it answers: one JSON object a question.
//
//   node ask.cjs PORTAL '[{"q":"…","only":{"year":2024}}, …]'
"use strict";
const fs = require("fs");
const path = require("path");

const [portal, questions] = process.argv.slice(2);
const folder = path.join(portal, "search");
const script = fs.readdirSync(path.join(portal, "assets")).find((name) => /^search\.[0-9a-f]+\.js$/.test(name));
const search = require(path.resolve(portal, "assets", script));
const first = fs.readdirSync(folder).find((name) => name.startsWith("first."));
const value = new Function(fs.readFileSync(path.join(folder, first), "utf8") + "return gongkai_search;")();
const load = async (name) => {
  if (!fs.existsSync(path.join(folder, name))) throw new search.Trouble("failed");
  return new Uint8Array(fs.readFileSync(path.join(folder, name)));
};

(async () => {
  for (const { q, only } of JSON.parse(questions)) {
    const query = search.fold(q), tool = search.engine(value, load);
    const answer = { q, hits: [], names: [] };
    try {
      const list = await tool.search(query, only || {});
      await list.more(201);
      answer.count = String(list.count());
      answer.hits = list.results.map((hit) => `${hit.body.path}/${hit.year}#${hit.anchor} ${hit.before}[${hit.hit}]${hit.after}`).sort();
      const names = [...tool.named(await tool.bodies(), query), ...tool.pages(query), ...(await tool.numbers(query))];
      answer.names = names.map((name) => `${name.kind} ${name.number || name.title} ${name.path}`);
    } catch (error) {
      answer.trouble = error.kind || String(error.stack);
    }
    console.log(JSON.stringify(answer));
  }
})();
