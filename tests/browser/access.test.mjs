// One page of each kind, in every theme, on a phone and on a wide screen: axe-core finds nothing. A kind that nobody listed is tested too.
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

for (const width of [360, 1200]) {
  describe(`${width} px`, () => {
    for (const { kind, address } of kinds()) {
      test(kind, async () => {
        const { page, faults, open, close } = await reader(browser, server.url, { width });
        await open(address);
        const themes = new Map();
        for (const theme of Object.keys(THEMES)) {
          await dress(page, theme);
          for (const fault of await accessible(page, { colors: THEMES[theme].colors })) themes.set(fault, [...(themes.get(fault) ?? []), theme]);
        }
        await close();
        none([...faults, ...[...themes].map(([fault, where]) => `/${address} ${width}px ${where.join("+")}: ${fault}`)]);
      });
    }
  });
}
