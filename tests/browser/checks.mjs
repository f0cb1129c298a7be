// What a page must be, asked of the page as it stands in the browser. Each check gives the faults it found, element first; none is no fault.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

const COLORS = ["color-contrast", "link-in-text-block"];

/** WCAG 2.2 AA and good practice, by axe-core. It runs from the debugger, so that the page's own policy stays in force. */
export async function accessible(page, { colors = false } = {}) {
  await page.evaluate(`window.axe || (() => { ${AXE} })()`);
  const { violations } = await page.evaluate(
    (runOnly) => window.axe.run(document, { runOnly, resultTypes: ["violations"] }),
    colors ? { type: "rule", values: COLORS } : { type: "tag", values: RULES },
  );
  return violations.flatMap((rule) =>
    rule.nodes.map((node) => `${node.target.join(" ")}: ${rule.id}, ${node.any.concat(node.all, node.none)[0]?.message ?? rule.help}`),
  );
}

/** Nothing wider than the window, but what scrolls in a region of its own. */
export const fits = (page) =>
  page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    if (document.scrollingElement.scrollWidth <= width) return [];
    // What is placed absolutely escapes a region that is not placed itself: its next ancestor is the one it is placed by.
    const holder = (element) => (getComputedStyle(element).position === "absolute" ? element.offsetParent : element.parentElement);
    const held = (element) => element && element !== document.body && (getComputedStyle(element).overflowX !== "visible" || held(holder(element)));
    const wide = [...document.body.querySelectorAll("*")].filter((element) => {
      const box = element.getBoundingClientRect();
      return box.width > 0 && box.right > width + 1 && !held(holder(element));
    });
    const name = (element) => element.tagName.toLowerCase() + (element.id ? `#${element.id}` : "") + [...element.classList].map((c) => `.${c}`).join("");
    return [`${wide.slice(-3).map(name).join(", ") || "body"}: the page scrolls sideways, ${document.scrollingElement.scrollWidth} px in ${width}`];
  });

/** Nothing moved after it was first drawn: 0.000, as browsers print it; a hair's breadth while the page arrives is less. */
export const still = (page) =>
  page.evaluate(
    () =>
      new Promise((done) => {
        new PerformanceObserver((list) => {
          const named = (node) => (node?.nodeType === 1 ? node.tagName.toLowerCase() + (node.className ? `.${node.className}` : "") : "text");
          done(list.getEntries().filter((entry) => entry.value >= 0.0005).map((entry) => `${entry.sources.map((s) => named(s.node)).join(", ")}: moved by ${entry.value.toFixed(4)}`));
        }).observe({ type: "layout-shift", buffered: true });
        // An observer without entries is never called; two frames later everything drawn has been reported.
        requestAnimationFrame(() => requestAnimationFrame(() => done([])));
      }),
  );

/** The element with the focus can be seen: it has a ring, stands in the window, and nothing covers it. */
export const focused = (page) =>
  page.evaluate(() => {
    const element = document.activeElement;
    const name = `${element.tagName.toLowerCase()} “${(element.innerText || element.getAttribute("aria-label") || element.id || "").trim().slice(0, 20)}”`;
    const style = getComputedStyle(element);
    const ring = (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== "none";
    const boxes = [...element.getClientRects()].filter((box) => box.width > 0 && box.height > 0);
    const seen = boxes
      .map((box) => ({ left: Math.max(box.left, 0), right: Math.min(box.right, innerWidth), top: Math.max(box.top, 0), bottom: Math.min(box.bottom, innerHeight) }))
      .filter((box) => box.right - box.left > 1 && box.bottom - box.top > 1);
    const faults = [];
    if (!ring) faults.push(`${name}: no ring when focused`);
    if (seen.length === 0) faults.push(`${name}: focused outside the window`);
    else {
      const hit = (x, y) => {
        const top = document.elementFromPoint(x, y);
        return top && (element.contains(top) || top.contains(element));
      };
      const clear = seen.some((box) => [0.5, 0.1, 0.9].some((part) => hit(box.left + (box.right - box.left) * part, (box.top + box.bottom) / 2)));
      if (!clear) faults.push(`${name}: covered when focused`);
    }
    return faults;
  });

/** The words a reader can get at, folded ones included, as one line. */
export const words = (page) =>
  page.evaluate(() => {
    const body = document.body.cloneNode(true);
    body.querySelectorAll("script, noscript, [data-needs-script]").forEach((element) => element.remove());
    return body.textContent.replace(/\s+/g, " ").trim();
  });
