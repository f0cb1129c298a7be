// The portal under test: where it stands, its pages, and one page of each kind.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
export const WORK = join(ROOT, "target", "browser");
export const PORTAL = join(WORK, "portal");
/** Where the portal believes it stands: a sub-path of somebody's site, as the server of the tests has it. It is printed, and never asked. */
export const HOME = "https://yunze.example/gk/";
const SITE = process.env.GONGKAI_SITE ?? ROOT;
const PROGRAM = process.env.GONGKAI ?? join(ROOT, "target", "debug", "gongkai");

/** Builds the portal of the site at `root` into `folder`. */
export function build(root, folder, ...more) {
  if (!existsSync(PROGRAM)) throw new Error(`${PROGRAM} is not there: run cargo build --locked first`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(dirname(folder), { recursive: true });
  execFileSync(PROGRAM, ["-q", "build", "-r", root, "-o", folder, ...more], { stdio: "inherit" });
}

/** Every page of a portal: its address below the portal (`yunxi/2024/`), the class of its body, its source. */
export function pages(folder = PORTAL) {
  if (!existsSync(folder)) throw new Error(`${folder} is not there: npm test builds it first`);
  return readdirSync(folder, { recursive: true })
    .filter((file) => file.endsWith(".html"))
    .sort()
    .map((file) => {
      const html = readFileSync(join(folder, file), "utf8");
      const name = html.match(/<body class="page-([\w-]+)/)?.[1] ?? "alias";
      return { address: file.replace(/index\.html$/, ""), name, html };
    });
}

// Words that stand for themselves below `<address of a body>/`; what follows them is the name of one thing.
const LISTS = ["indicators", "documents", "topics", "compare", "page", "search", "data"];

/** The shape of an address: `yunxi/2024/` is `<body>/<year>/`, so that a shape nobody thought of is a kind of its own. */
export function shape(address, bodies) {
  const parts = address.split("/");
  const depth = parts.findLastIndex((_, at) => bodies.has(`${parts.slice(0, at).join("/")}/`));
  const rest = parts.slice(Math.max(depth, 0)).map((part, at, all) => {
    if (/^\d{4}$/.test(part)) return "<year>";
    if (/^\d{4}-\d{4}$/.test(part)) return "<pair>";
    if (/^r\d+$/.test(part)) return "<revision>";
    return part && LISTS.includes(all[at - 1]) ? "<name>" : part;
  });
  return (depth > 0 ? "<body>/" : "") + rest.join("/");
}

// Reports look different by the edition of the statutory form; the year tells it.
const EDITIONS = [2021, 2019, 2014, 2008];

/**
 * One page of each kind: by the class of its body and the shape of its address. The longest one stands for its kind, since most can be wrong
 * with it. The pages of the root body are those of any body, but for the first page.
 */
export function kinds(all = pages()) {
  const bodies = new Set(all.filter((page) => page.name === "body").map((page) => page.address));
  const found = new Map();
  for (const page of all.filter((page) => page.name !== "alias")) {
    const form = shape(page.address, bodies);
    const edition = page.name === "report" ? EDITIONS.find((first) => first <= Number(page.address.match(/(\d{4})\//)[1])) : "";
    const kind = `${page.name}${edition} /${page.address === "" ? "" : form.replace(/^<body>\/(?=.)/, "")}`;
    if (page.html.length > (found.get(kind)?.html.length ?? 0)) found.set(kind, { ...page, kind });
  }
  return [...found.values()].sort((one, two) => one.kind.localeCompare(two.kind));
}

// `node portal.mjs` builds the demonstration portal for the tests.
if (process.argv[1] === fileURLToPath(import.meta.url)) build(SITE, PORTAL, "-u", HOME);
