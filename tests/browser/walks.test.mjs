// A resident walks through the portal: by pointer on a wide screen, by finger on a phone, by keyboard alone, and without script.
import { execFileSync } from "node:child_process";
import { after, before, describe, test } from "node:test";
import assert from "node:assert/strict";
import { launch, reader } from "./browser.mjs";
import { HOME, pages, PORTAL } from "./portal.mjs";
import { none } from "./report.mjs";
import { resident } from "./resident.mjs";
import { serve } from "./server.mjs";

const WAYS = {
  "by pointer": { width: 1200, by: "pointer" },
  "at 360 px": { width: 360, by: "pointer" },
  "by keyboard": { width: 1200, by: "keyboard" },
  "by keyboard at 360 px": { width: 360, by: "keyboard" },
  "without script": { width: 1200, by: "pointer", script: false },
  "without script, at 360 px, by keyboard": { width: 360, by: "keyboard", script: false },
};

let browser, server;
before(async () => {
  server = await serve(PORTAL);
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.close();
});

function walk(name, steps) {
  describe(name, () => {
    for (const [way, { by, ...screen }] of Object.entries(WAYS)) {
      test(way, async () => {
        const one = await reader(browser, server.url, { ...screen, height: 800 });
        await one.open("");
        await steps(resident(one, server.url, by), screen);
        await one.close();
        none(one.faults);
      });
    }
  });
}

/** What stands on the paper, without the spaces between. */
const printed = (pdf) => execFileSync("pdftotext", ["-", "-"], { input: pdf, encoding: "utf8" }).replace(/\s+/g, "");
const html = (address) => pages().find((page) => page.address === address).html;

walk("finds the township and reads this year's report", async (go) => {
  await go.follow("yunxi/");
  assert.match(await go.text("h1"), /云溪镇/);
  await go.follow("yunxi/2025/");
  assert.match(await go.text("h1"), /云溪镇.*2025年/);
  assert.match(await go.text(".answer"), /\d/, "the first sentence says a number");
});

walk("compares this year with the last, and all years", async (go) => {
  await go.follow("yunxi/");
  await go.follow("yunxi/2025/");
  await go.follow("yunxi/2024-2025/");
  assert.ok((await go.page.locator("ins, del").count()) > 0, "what is new and what is gone is marked");
  await go.follow("yunxi/", "nav.crumbs");
  await go.follow("yunxi/compare/");
  assert.ok((await go.page.locator("main table tbody th[scope=row]").count()) > 10);
});

walk("follows a document to the reports that cite it", async (go) => {
  await go.follow("yunxi/");
  await go.follow("yunxi/2025/");
  const cited = html("yunxi/2025/").match(/documents\/([\w-]+)\//)[1];
  await go.follow(`documents/${cited}/`);
  await go.follow("yunxi/2025/");
});

/** Four characters from the middle of the longest paragraph of a report. */
function fourOf(address) {
  const paragraphs = [...html(address).matchAll(/<p>([^<]{20,})<\/p>/g)].map((match) => match[1]);
  const longest = paragraphs.sort((one, two) => two.length - one.length)[0];
  const runs = [...longest.matchAll(/\p{Script=Han}{4,}/gu)].map((match) => match[0]);
  return runs[Math.floor(runs.length / 2)].slice(0, 4);
}

walk("finds a sentence by four of its characters", async (go, { script }) => {
  const four = fourOf("yunxi/2025/");
  await go.type("main input[name=q]", four);
  await go.page.waitForURL((url) => url.searchParams.get("q") === four && url.pathname.endsWith("/search/"));
  if (script === false) {
    // Nothing answers then; the page leads on by its lists.
    assert.match(await go.text("main"), /脚本/, "the page says that searching needs a script");
    await go.follow("yunxi/");
    await go.follow("yunxi/2025/");
  } else {
    await go.page.waitForSelector("main mark");
    const hits = await go.page.locator("main .hits > li").allInnerTexts();
    assert.ok(hits.length > 0 && hits.every((hit) => hit.replace(/\s/g, "").includes(four)), `each result shows ${four}: ${JSON.stringify(hits)}`);
    assert.match(await go.text("main [role=status]"), /\d/, "the number of reports is said");
    await go.follow("yunxi/2025/");
    const place = decodeURIComponent(new URL(go.page.url()).hash.slice(1));
    assert.ok(place && (await go.page.locator(`[id="${place}"]`).count()) === 1, "the result leads to the section");
  }
  assert.ok((await go.text()).replace(/\s/g, "").includes(four));
});

const letters = (go) => go.page.evaluate(() => parseFloat(getComputedStyle(document.querySelector("main p")).fontSize));

walk("switches to 长辈版", async (go, { script }) => {
  const before = await letters(go);
  await go.check("#elder");
  assert.ok((await letters(go)) > before * 1.3, "the letters are larger at once");
  await go.follow("yunxi/");
  // Without script nothing can be remembered; the switch then works page by page.
  if (script === false) await go.check("#elder");
  assert.ok((await letters(go)) > before * 1.3, "and on the next page");
});

walk("prints the report", async (go) => {
  await go.follow("yunxi/");
  await go.follow("yunxi/2025/");
  const published = await go.page.locator("main time").first().getAttribute("datetime");
  const paper = printed(await go.page.pdf({ preferCSSPageSize: true }));
  assert.match(paper, /云溪镇/);
  assert.ok(paper.includes(published) || paper.includes(published.replace(/^(\d+)-0?(\d+)-0?(\d+)$/, "$1年$2月$3日")), `the paper says when it was published, ${published}`);
  assert.ok(paper.includes(`${HOME}yunxi/2025/`), "the paper says where it stands");
  assert.ok(!paper.includes("显示设置"), "no controls on paper");
});
