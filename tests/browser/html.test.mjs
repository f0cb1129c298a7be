// Every page is valid HTML, by html-validate. The Nu checker looks at the same pages every night.
import { test } from "node:test";
import { HtmlValidate } from "html-validate";
import config from "./htmlvalidate.mjs";
import { pages } from "./portal.mjs";
import { none } from "./report.mjs";

test("every page is valid", async () => {
  const validator = new HtmlValidate(config);
  const faults = [];
  for (const { address, html } of pages()) {
    const { results } = await validator.validateString(html, address);
    for (const { line, column, ruleId, message, selector } of results.flatMap((result) => result.messages))
      faults.push(`/${address}:${line}:${column} ${selector ?? ""}: ${ruleId}, ${message}`);
  }
  none(faults);
});
