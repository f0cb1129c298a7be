// Each check is shown a page with the fault it looks for, and the same page without it: a check that cannot fail proves nothing.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { HtmlValidate } from "html-validate";
import { dress, launch, reader } from "./browser.mjs";
import { accessible, fits, focused, still, words } from "./checks.mjs";
import config from "./htmlvalidate.mjs";
import { kinds } from "./portal.mjs";
import { none } from "./report.mjs";
import { resident } from "./resident.mjs";
import { serve } from "./server.mjs";

const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'";
const page = (main, head = "") => `<!doctype html>
<html lang="zh-Hans"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>试</title>
<meta http-equiv="Content-Security-Policy" content="${POLICY}"><link rel="stylesheet" href="s.css">${head}</head>
<body class="page-prose"><main><h1>试页</h1>${main}</main></body></html>`;

const folder = mkdtempSync(join(tmpdir(), "gongkai-harness-"));
const files = {
  "s.css": `a:focus { outline: 3px solid #000 } .bare:focus { outline: none } .wide { width: 900px } .pale { color: #ccc; background: #fff }
    .scroll { overflow-x: auto } .veil { position: fixed; inset: 0; background: #fff } .away { position: absolute; left: -999px }
    @media (prefers-color-scheme: dark) { .night { color: #111; background: #000 } }
    :root:has(#elder:checked) .wide-when-elder { width: 900px }`,
  "move.js": "setTimeout(() => { const p = document.createElement('p'); p.textContent = '后来的'; p.style.height = '200px'; document.querySelector('h1').before(p); document.body.dataset.done = 1; }, 50)",
  "add.js": "document.querySelector('main').append('只有脚本说的话')",
  "index.html": page('<p><a href="two/">第二页</a></p>'),
  "two/index.html": page("<p>到了</p>").replace("s.css", "../s.css"),
  "pale.html": page('<p class="pale">看不清</p>'),
  "night.html": page('<p class="night">夜里看不清</p>'),
  "wide.html": page('<p class="wide">太宽</p>'),
  "held.html": page('<div class="scroll"><p class="wide">在自己的框里</p></div>'),
  "elder.html": page('<details class="settings"><summary>设置</summary><label><input type="checkbox" id="elder"> 长辈版</label></details><p class="wide-when-elder">放大后太宽</p>'),
  "moves.html": page("<p>会动</p>", '<script src="move.js" defer></script>'),
  "adds.html": page("<p>话</p>", '<script src="add.js" defer></script>'),
  "bare.html": page('<p><a class="bare" href="two/">没有框</a></p>'),
  "veiled.html": page('<p><a href="two/">被盖住</a></p><div class="veil"></div>'),
  "away.html": page('<p><a class="away" href="two/">在窗外</a></p>'),
  "inline.html": page('<p style="color: red">行内样式</p>'),
  "elsewhere.html": page('<img alt="" src="http://example.invalid/x.png">').replace("img-src 'self'", "img-src *"),
  "lost.html": page('<img alt="图" src="lost.png">'),
  "throws.html": page("<p>错</p>", '<script src="throw.js" defer></script>'),
  "throw.js": "throw new Error('坏了')",
  "404.html": page("<p>没有这一页</p>"),
};

let browser, server;
before(async () => {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  server = await serve(folder);
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.close();
  rmSync(folder, { recursive: true });
});

/** Opens one of the pages above and gives what `check` says of it. */
async function of(name, check, { settle, ...screen } = {}) {
  const one = await reader(browser, server.url, { width: 360, ...screen });
  await one.open(name);
  if (settle) await one.page.waitForSelector(settle);
  const found = await check(one.page, one);
  await one.close();
  return found;
}
const fault = (found, element, what) => assert.ok(found.some((line) => line.includes(element) && line.includes(what)), `wanted ${element} … ${what}, found ${JSON.stringify(found)}`);
const tab = async (page) => {
  await page.keyboard.press("Tab");
  return focused(page);
};

test("a good page has no fault", async () => {
  const all = async (page, one) => [...(await accessible(page)), ...(await fits(page)), ...(await still(page)), ...(await tab(page)), ...one.faults];
  assert.deepEqual(await of("", all), []);
  assert.deepEqual(await of("held.html", fits), [], "what scrolls in a region of its own may be wide");
});

test("pale text is found, in the theme where it is pale", async () => {
  fault(await of("pale.html", accessible), "p: ", "contrast of 1.6");
  assert.deepEqual((await of("night.html", accessible)).filter((line) => line.includes("contrast")), []);
  const night = async (page) => {
    await dress(page, "dark");
    return accessible(page);
  };
  fault(await of("night.html", night), "p: ", "contrast");
});

test("a page wider than its window is found, in 长辈版 too", async () => {
  fault(await of("wide.html", fits), "p.wide", "sideways");
  assert.deepEqual(await of("elder.html", fits), []);
  const larger = async (page) => {
    await dress(page, "elder");
    return fits(page);
  };
  fault(await of("elder.html", larger), "p.wide-when-elder", "sideways");
});

test("what moves is found", async () => fault(await of("moves.html", still, { settle: "body[data-done]" }), "", "moved by"));

test("words that only a script says are found", async () => {
  assert.match(await of("adds.html", words), /只有脚本/);
  assert.doesNotMatch(await of("adds.html", words, { script: false }), /只有脚本/);
});

test("focus that cannot be seen is found", async () => {
  fault(await of("bare.html", tab), "没有框", "no ring");
  fault(await of("veiled.html", tab), "被盖住", "covered");
  fault(await of("away.html", tab), "在窗外", "outside the window");
});

test("a broken policy, a foreign host, a lost file and a script's error are found", async () => {
  const faults = (_, one) => one.page.waitForLoadState("networkidle").then(() => one.faults);
  fault(await of("inline.html", faults), "/inline.html", "Content Security Policy");
  fault(await of("elsewhere.html", faults), "/elsewhere.html", "asks http://example.invalid/");
  fault(await of("lost.html", faults), "/lost.html", "404 for");
  fault(await of("throws.html", faults), "/throws.html", "坏了");
});

test("a resident who finds no way says where", async () => {
  const lost = (page, one) => resident(one, server.url, "pointer").follow("three/");
  await assert.rejects(of("", lost), /no link to \/three\//);
});

test("invalid HTML is found", async () => {
  const { results } = await new HtmlValidate(config).validateString(page("<p><div>块</div></p><table><tr><th>无范围</th></tr></table>"));
  const rules = new Set(results.flatMap((result) => result.messages.map((message) => message.ruleId)));
  assert.ok(rules.size > 0 && [...rules].some((rule) => /close-order|permitted|implicit-close/.test(rule)), [...rules].join(" "));
});

test("a kind that nobody listed is a kind", () => {
  const one = (address, name, html = "x") => ({ address, name, html });
  const all = [one("", "body"), one("yunxi/", "body", "xx"), one("yunxi/2024/", "report"), one("baita/2024/", "report", "longer"), one("yunxi/notice/", "notice"), one("yunxi/2024/r0/", "report"), one("404.html", "prose")];
  const found = kinds([...all, one("baita/", "body")]).map((page) => `${page.kind} ${page.address}`);
  assert.deepEqual(found.sort(), [
    "body / ",
    "body /<body>/ yunxi/",
    "notice /notice/ yunxi/notice/",
    "prose /404.html 404.html",
    "report2021 /<year>/ baita/2024/",
    "report2021 /<year>/<revision>/ yunxi/2024/r0/",
  ]);
});

test("a report of faults names each, and the same fault three times at most", () => {
  assert.throws(() => none(["/a 1px light: p: bad", "/b 1px light: p: bad", "/c 1px light: p: bad", "/d 1px light: p: bad"]), (error) => {
    assert.match(error.message, /4 faults/);
    assert.match(error.message, /\/c 1px/);
    assert.doesNotMatch(error.message, /\/d 1px/);
    return true;
  });
  none([]);
});
