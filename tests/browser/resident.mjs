// How a resident gets from page to page: by pointer or finger, or by the keyboard alone, looking at each stop whether the focus can be seen.
import assert from "node:assert/strict";
import { focused } from "./checks.mjs";

// A page has fewer stops than this; whoever needs more of them will not arrive.
const STOPS = 600;

const shut = (element) => {
  const folds = [];
  for (let fold = element.closest("details:not([open])"); fold; fold = fold.parentElement?.closest("details:not([open])")) folds.unshift(fold);
  return folds;
};

/** Presses Tab until `element` has the focus. Every stop on the way has to be visible; `note` is told where it is not. */
async function tabTo(page, element, note) {
  for (let stop = 0; stop < STOPS; stop += 1) {
    await page.keyboard.press("Tab");
    if (await page.evaluate(() => document.activeElement === document.body)) continue;
    for (const fault of await focused(page)) note(fault);
    if (await element.evaluate((wanted) => document.activeElement === wanted)) return;
  }
  assert.fail(`${page.url()}: ${STOPS} times Tab do not reach ${await element.evaluate((e) => e.outerHTML.slice(0, 120))}`);
}

/** One who walks: `by` is `pointer` or `keyboard`; faults of focus go to the reader's list. */
export function resident(reader, base, by) {
  const { page, faults } = reader;
  const note = (fault) => {
    const line = `${page.url().replace(base, "/")} ${page.viewportSize().width}px: ${fault}`;
    if (!faults.includes(line)) faults.push(line);
  };
  const press = async (element, key = "Enter") => {
    if (by === "keyboard") {
      await tabTo(page, element, note);
      await page.keyboard.press(key);
    } else await element.click();
  };

  /** Opens the folds around an element, as a reader would, from the outside in. */
  const unfold = async (element) => {
    const folds = await element.evaluateHandle(shut);
    for (const fold of (await folds.getProperties()).values()) await press(await (await fold.asElement()).$("summary"));
  };

  const go = {
    page,
    /** Follows a link that stands in `within` and leads to `address` (below the portal, anchor or not). */
    async follow(address, within = "main") {
      const links = await page.$$(`${within} a[href]`);
      for (const link of links) {
        const to = await link.evaluate((a) => a.href.split("#")[0]);
        // Some links stand twice, one for the wide and one for the narrow page; folded ones are not visible either.
        const drawn = await link.evaluate((a) => Boolean(a.closest("details:not([open])")) || a.getClientRects().length > 0);
        if (to !== base + address || !drawn) continue;
        await unfold(link);
        await Promise.all([page.waitForURL((url) => url.href.split("#")[0] === base + address), press(link)]);
        return;
      }
      assert.fail(`/${page.url().replace(base, "")}: no link to /${address} in ${within}`);
    },
    async check(selector) {
      const box = await page.$(selector);
      assert.ok(box, `${page.url()}: no ${selector}`);
      await unfold(box);
      await press(box, "Space");
      assert.ok(await box.isChecked(), `${page.url()}: ${selector} is not checked`);
    },
    async type(selector, text) {
      const field = await page.$(selector);
      assert.ok(field, `${page.url()}: no ${selector}`);
      if (by === "keyboard") await tabTo(page, field, note);
      else await field.click();
      await page.keyboard.type(text);
      await page.keyboard.press("Enter");
    },
    address: () => page.url().replace(base, "").split("#")[0],
    text: (selector = "main") => page.locator(selector).first().innerText(),
  };
  return go;
}
