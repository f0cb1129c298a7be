// A reader before a screen: Debian's chromium at a width, in a theme, with or without script. What goes wrong on the way is written down.
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";

const PLACES = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** The browser of the system; none is ever downloaded. */
export function executable() {
  const found = PLACES.find((place) => place && existsSync(place));
  if (!found) throw new Error("no chromium: run tests/browser/setup, or name one with CHROMIUM=");
  return found;
}

export const launch = (more = []) =>
  chromium.launch({ executablePath: executable(), args: ["--no-sandbox", "--disable-dev-shm-usage", "--lang=zh-CN", ...more] });

/** What the system asks for, and what the reader sets on the page (`#elder` is 长辈版, `#contrast` 高对比). `colors`: it differs in nothing else. */
export const THEMES = {
  light: { media: { colorScheme: "light" } },
  dark: { colors: true, media: { colorScheme: "dark" } },
  contrast: { colors: true, media: { colorScheme: "light", contrast: "more" } },
  "contrast, dark": { colors: true, media: { colorScheme: "dark", contrast: "more" } },
  "contrast, chosen": { colors: true, media: { colorScheme: "light" }, setting: "contrast" },
  elder: { media: { colorScheme: "light" }, setting: "elder" },
};

const PLAIN = { colorScheme: "light", contrast: "no-preference", forcedColors: "none" };

/** Puts a page that is open into a theme. */
export async function dress(page, theme) {
  const { media, setting } = THEMES[theme];
  await page.emulateMedia({ ...PLAIN, ...media });
  for (const id of ["elder", "contrast"]) {
    const box = page.locator(`#${id}`);
    if ((await box.count()) === 0 || (await box.isChecked()) === (id === setting)) continue;
    await page.locator("details.settings > summary").click();
    await box.setChecked(id === setting);
    await page.locator("details.settings > summary").click();
  }
}

/**
 * A reader of the portal at `url`. `faults` fills with what no page may do: write to the console, break the policy, ask another host, miss a file.
 */
export async function reader(browser, url, { width = 1200, height = 900, script = true, theme = "light" } = {}) {
  const context = await browser.newContext({
    viewport: { width, height },
    javaScriptEnabled: script,
    locale: "zh-CN",
    timezoneId: "Asia/Shanghai",
    reducedMotion: "reduce",
    ...THEMES[theme].media,
  });
  const faults = [];
  const fault = (page, what) => faults.push(`${page.url().replace(url, "/")} ${width}px ${theme}: ${what}`);
  context.on("page", (page) => {
    page.on("console", (message) => {
      // Chromium reports a missing page itself as an error; the answer below has it with its address.
      if (["error", "warning"].includes(message.type()) && !/Failed to load resource/.test(message.text())) fault(page, `console: ${message.text()}`);
    });
    page.on("pageerror", (error) => fault(page, `script: ${error.message}`));
    page.on("request", (request) => {
      if (!request.url().startsWith(url)) fault(page, `asks ${request.url()}`);
    });
    page.on("response", (response) => {
      const wanted = response.request().isNavigationRequest() || response.ok() || response.status() === 304;
      if (!wanted) fault(page, `${response.status()} for ${response.url()}`);
    });
    page.on("requestfailed", (request) => {
      // Whoever leaves a page stops what is still on its way to it.
      const why = request.failure()?.errorText;
      if (why !== "net::ERR_ABORTED") fault(page, `${why} for ${request.url()}`);
    });
  });
  const page = await context.newPage();
  return {
    page,
    faults,
    context,
    open: async (address) => {
      await page.goto(url + address);
      if (THEMES[theme].setting) await dress(page, theme);
    },
    close: () => context.close(),
  };
}
