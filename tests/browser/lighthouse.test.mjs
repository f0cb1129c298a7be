// Lighthouse on the five pages residents open most. Three categories do not depend on the machine and have to be perfect; performance does, so it is
// printed, and asserted (median of three runs) only where LIGHTHOUSE_RUNS=3 is set, as .ci/nightly does.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { launch as launchChrome } from "chrome-launcher";
import lighthouse from "lighthouse";
import { executable } from "./browser.mjs";
import { PORTAL } from "./portal.mjs";
import { none } from "./report.mjs";
import { serve } from "./server.mjs";

const PAGES = ["", "yunxi/2025/", "yunxi/compare/", "years/2025/", "search/"];
const PERFECT = ["accessibility", "best-practices", "seo"];
const RUNS = Number(process.env.LIGHTHOUSE_RUNS ?? 1);

const ATTEMPTS = 4;

let server;
before(async () => {
  server = await serve(PORTAL, { gzip: true });
});
after(() => server?.close());

// A run whose trace the browser lost (NO_NAVSTART and the like, seen on busy machines) says nothing about the page: it is done again in a new browser.
// What Lighthouse has measured is never measured again.
async function measure(t, address) {
  for (let attempt = 1; ; attempt += 1) {
    const chrome = await launchChrome({ chromePath: executable(), chromeFlags: ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--lang=zh-CN"] });
    try {
      const { lhr } = await lighthouse(server.url + address, { port: chrome.port, output: "json", logLevel: "error", locale: "zh" });
      if (lhr.runtimeError) throw new Error(`${lhr.runtimeError.code}: ${lhr.runtimeError.message}`);
      return lhr;
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
      t.diagnostic(`/${address}: no measurement, attempt ${attempt} of ${ATTEMPTS}: ${error.message}`);
    } finally {
      await chrome.kill();
    }
  }
}

const median = (numbers) => numbers.sort((one, two) => one - two)[Math.floor(numbers.length / 2)];

for (const address of PAGES) {
  test(`/${address}`, async (t) => {
    const faults = [];
    const speed = [];
    for (let run = 0; run < RUNS; run += 1) {
      const lhr = await measure(t, address);
      speed.push(Math.round(lhr.categories.performance.score * 100));
      for (const id of run === 0 ? PERFECT : []) {
        const { score, auditRefs } = lhr.categories[id];
        const failed = auditRefs.map((ref) => lhr.audits[ref.id]).filter((audit) => audit.score !== null && audit.score < 1);
        if (score < 1) faults.push(`/${address} phone light: ${id} ${Math.round(score * 100)}: ${failed.map((audit) => `${audit.id} (${(audit.details?.items ?? []).slice(0, 3).map((item) => item.node?.selector ?? item.url ?? item.description ?? "").join(", ")})`).join("; ")}`);
      }
    }
    t.diagnostic(`/${address}: performance ${median(speed)} of ${RUNS} runs (${speed.join(", ")})`);
    none(faults);
    if (RUNS >= 3) assert.ok(median(speed) >= 98, `/${address} phone light: performance ${median(speed)}, wanted 98`);
  });
}
