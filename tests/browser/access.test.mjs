// One page of each kind, on a phone in every theme and on a wide screen in light, dark and 长辈版: axe-core finds nothing. Contrast asked for or
// chosen changes colors alone, and those are the same at every width. A kind that nobody listed is tested too.
import { after, before, describe, test } from "node:test";
import { dress, launch, reader, THEMES } from "./browser.mjs";
import { accessible } from "./checks.mjs";
import { kinds, PORTAL } from "./portal.mjs";
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

const SCREENS = { 360: Object.keys(THEMES), 1200: ["light", "dark", "elder"] };

for (const [screen, dresses] of Object.entries(SCREENS)) {
  const width = Number(screen);
  describe(`${width} px`, () => {
    for (const { kind, address } of kinds()) {
      test(kind, async () => {
        const { page, faults, open, close } = await reader(browser, server.url, { width });
        await open(address);
        const themes = new Map();
        for (const theme of dresses) {
          await dress(page, theme);
          for (const fault of await accessible(page, { colors: THEMES[theme].colors })) themes.set(fault, [...(themes.get(fault) ?? []), theme]);
        }
        await close();
        none([...faults, ...[...themes].map(([fault, where]) => `/${address} ${width}px ${where.join("+")}: ${fault}`)]);
      });
    }
  });
}
