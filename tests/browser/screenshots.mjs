// Pictures of one page of each kind, to be looked at: phone and wide, light and dark; the five main kinds in contrast, 长辈版 and on paper too.
//   node screenshots.mjs [FOLDER] [PATTERN]      into target/browser/screenshots/, kinds that match PATTERN
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { dress, launch, reader } from "./browser.mjs";
import { kinds, PORTAL, WORK } from "./portal.mjs";
import { serve } from "./server.mjs";

const [folder = join(WORK, "screenshots"), pattern = ""] = process.argv.slice(2);
const MORE = /^body|^report2021|^compare \/compare\/$|^pair|^matrix|^search/;
// Taller pages are cut: nobody judges the fortieth screen of a table.
const TALLEST = { 360: 3200, 1200: 2400 };

const server = await serve(PORTAL);
const browser = await launch(["--hide-scrollbars"]);
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });

for (const { kind, address } of kinds().filter((page) => page.kind.includes(pattern))) {
  const name = kind.replace(/[^\w<>]+/g, "-").replace(/[<>]/g, "").replace(/-$/, "") || "home";
  for (const width of [360, 1200]) {
    const { page, open, close } = await reader(browser, server.url, { width });
    for (const theme of MORE.test(kind) ? ["light", "dark", "contrast", "elder"] : ["light", "dark"]) {
      await open(kind.startsWith("search") ? `${address}?q=政府信息` : address);
      await dress(page, theme);
      if (kind.startsWith("search")) await page.waitForSelector("main mark");
      const height = Math.min(TALLEST[width], await page.evaluate(() => document.documentElement.scrollHeight));
      await page.screenshot({ path: join(folder, `${name}.${width}.${theme}.png`), clip: { x: 0, y: 0, width, height }, fullPage: true });
    }
    await close();
  }
  if (!MORE.test(kind)) continue;
  const { page, open, close } = await reader(browser, server.url);
  await open(address);
  writeFileSync(join(folder, `${name}.pdf`), await page.pdf({ preferCSSPageSize: true }));
  await close();
  execFileSync("pdftoppm", ["-png", "-r", "60", "-l", "2", join(folder, `${name}.pdf`), join(folder, `${name}.print`)]);
}
await browser.close();
await server.close();
console.log(`pictures are in ${folder}`);
