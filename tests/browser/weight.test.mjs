// What a first visit costs: every file a page asks for, as it travels, packed with gzip. Limits are those of an old phone on a slow line.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { launch, reader } from "./browser.mjs";
import { build, kinds, pages, PORTAL, ROOT, WORK } from "./portal.mjs";
import { none } from "./report.mjs";
import { serve } from "./server.mjs";

const LIMITS = { report: 15_000, css: 10_000, search: 10_000, script: 5_000 };

let browser, server;
before(async () => {
  server = await serve(PORTAL, { gzip: true });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.close();
});

/** Bytes by sort of file, and the number of requests, of a page that was just opened. */
const cost = (page) =>
  page.evaluate(() => {
    const sum = { requests: 0, html: 0, css: 0, search: 0, script: 0, other: 0 };
    for (const entry of [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]) {
      const path = new URL(entry.name).pathname;
      const sort = entry.entryType === "navigation" ? "html" : path.endsWith(".css") ? "css" : !path.endsWith(".js") ? "other" : /\/assets\/search/.test(path) ? "search" : /\/search\//.test(path) ? "other" : "script";
      sum.requests += 1;
      sum[sort] += entry.encodedBodySize;
    }
    return sum;
  });

test("a first visit to one page of each kind", async (t) => {
  const faults = [];
  for (const { kind, name, address } of kinds()) {
    const one = await reader(browser, server.url, { width: 360 });
    await one.open(address);
    const sum = await cost(one.page);
    await one.close();
    t.diagnostic(`${kind}: ${Object.entries(sum).map(([sort, size]) => `${sort} ${size}`).join(", ")}`);
    for (const [sort, limit] of Object.entries(LIMITS)) {
      const size = sort === "report" ? (name === "report" ? sum.html : 0) : sum[sort];
      if (size > limit) faults.push(`/${address} 360px: ${sort} ${size} bytes, over ${limit}`);
    }
  }
  none(faults);
});

/** A township with eighteen years of all four editions, from the corpus beside the project; nothing without it. */
function eighteen(t) {
  const maker = join(ROOT, "..", "shared", "bench", "gen_corpus.py");
  if (!existsSync(maker)) {
    t.diagnostic("skipped: no corpus of eighteen years here; the demonstration's series stand for it");
    return null;
  }
  const site = join(WORK, "eighteen");
  rmSync(site, { recursive: true, force: true });
  mkdirSync(site, { recursive: true });
  execFileSync("python3", [maker, "--format", "gongkai", "--townships", "1", "--years", "2008..2025", "--out", join(site, "content")], { stdio: "ignore" });
  writeFileSync(join(site, "config.toml"), "today = 2026-03-01\n");
  build(site, join(site, "portal"));
  return join(site, "portal");
}

test("every page of all years has fewer than 3,000 elements", async (t) => {
  const faults = [];
  for (const folder of [PORTAL, eighteen(t)].filter(Boolean)) {
    const own = folder === PORTAL ? server : await serve(folder);
    const one = await reader(browser, own.url, { width: 360 });
    const all = pages(folder).filter((page) => /(^|\/)compare\/$/.test(page.address));
    assert.ok(all.length > 0, "there are pages of all years");
    for (const { address } of all) {
      await one.open(address);
      const elements = await one.page.evaluate(() => document.querySelectorAll("*").length);
      t.diagnostic(`/${address}: ${elements} elements`);
      if (elements >= 3000) faults.push(`/${address} 360px: ${elements} elements`);
    }
    await one.close();
    if (own !== server) await own.close();
  }
  none(faults);
});
