// The Nu checker (vnu-jar, needs Java) over every page of the portal; errors and warnings both count, but for two that are not so.
import { spawnSync } from "node:child_process";
import vnu from "vnu-jar";
import { pages, PORTAL } from "./portal.mjs";
import { none } from "./report.mjs";

const ran = spawnSync("java", ["-jar", vnu, "--format", "json", "--stdout", "--exit-zero-always", "--skip-non-html", PORTAL], { encoding: "utf8", maxBuffer: 1 << 28 });
if (ran.status !== 0) throw new Error(`java said ${ran.status}: ${ran.error?.message ?? ran.stderr}`);
const faults = JSON.parse(ran.stdout)
  // Files are checked from the disk, where nothing is 'self'; and a block of data is no script that runs. The browser tests hold the policy to its word.
  .messages.filter((message) => !/violates Content Security Policy/.test(message.message))
  .map(({ url, lastLine, lastColumn, message, extract }) => `${url.slice(url.indexOf(PORTAL) + PORTAL.length)}:${lastLine}:${lastColumn} nu: ${extract?.trim().slice(0, 60).replace(/\s+/g, " ")}: ${message}`);
none(faults);
console.log(`the Nu checker finds nothing on ${pages().length} pages`);
