// What holds on every page, whatever its kind: nothing scrolls sideways at 400 % zoom (320 px), nothing moves after it was drawn, the console
// stays empty, nothing is asked of anybody else. And on one page of each kind: the same words without script, and a size that an old phone bears.
import { after, before, describe, test } from "node:test";
import assert from "node:assert/strict";
import { dress, launch, reader } from "./browser.mjs";
import { fits, still, words } from "./checks.mjs";
import { kinds, pages, PORTAL } from "./portal.mjs";
import { none } from "./report.mjs";
import { serve } from "./server.mjs";

let browser, server;
before(async () => {
  server = await serve(PORTAL);
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.close();
});

for (const width of [320, 1200]) {
  test(`every page at ${width} px`, async () => {
    const { page, faults, open, close } = await reader(browser, server.url, { width, height: 256 * (width / 320) });
    for (const { address, name } of pages()) {
      if (name === "alias") continue;
      await open(address);
      const found = await fits(page);
      // On a busy machine half a page arrives first; what moves then and not again is the line's, not the page's.
      if ((await still(page)).length > 0) {
        await page.reload();
        found.push(...(await still(page)));
      }
      faults.push(...found.map((fault) => `/${address} ${width}px light: ${fault}`));
    }
    await close();
    none(faults);
  });
}

test("长辈版 on one page of each kind at 320 px, on the page and remembered", async () => {
  const { page, faults, open, close } = await reader(browser, server.url, { width: 320, height: 256 });
  for (const { address } of kinds()) {
    await open(address);
    await dress(page, "elder");
    const found = await fits(page);
    await page.reload();
    assert.ok(await page.locator("#elder").isChecked(), `/${address}: 长辈版 is forgotten when the page is loaded again`);
    found.push(...(await still(page)));
    faults.push(...found.map((fault) => `/${address} 320px elder: ${fault}`));
  }
  await close();
  none(faults);
});

describe("the same words without script", () => {
  for (const { kind, address } of kinds()) {
    test(kind, async () => {
      const [with_, without] = await Promise.all(
        [true, false].map(async (script) => {
          const one = await reader(browser, server.url, { script });
          await one.open(address);
          const text = await words(one.page);
          await one.close();
          none(one.faults);
          return text;
        }),
      );
      assert.equal(without, with_);
    });
  }
});
