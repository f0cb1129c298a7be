// A folder server such as a county has: the portal under a sub-path of somebody else's site, with the headers that it asks for.
import { createReadStream, existsSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { createGzip } from "node:zlib";

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".csv": "text/csv; charset=utf-8",
  ".xml": "application/xml; charset=utf-8",
  ".txt": "text/plain; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
};

// The headers that the portal asks its server for, as written into `_headers` for all paths; a page alone asks by its <meta>.
function wanted(folder) {
  const file = join(folder, "_headers");
  if (existsSync(file)) {
    const all = readFileSync(file, "utf8").split(/^(?=\S)/m).find((block) => block.startsWith("/*\n"));
    return Object.fromEntries([...all.matchAll(/^ +([\w-]+): (.+)$/gm)].map(([, name, value]) => [name, value]));
  }
  const meta = readFileSync(join(folder, "index.html"), "utf8").match(/http-equiv="Content-Security-Policy" content="([^"]+)"/);
  if (!meta) throw new Error("the first page has no policy in <meta>");
  return { "Content-Security-Policy": `${meta[1]}; frame-ancestors 'none'`, "X-Content-Type-Options": "nosniff" };
}

/** Serves `folder` at `base`; `gzip` as real servers do. Gives `{ url, close }`, where `url` ends in `/`. */
export async function serve(folder, { base = "/gk/", gzip = false } = {}) {
  const headers = wanted(folder);
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://local").pathname);
    let file = path.startsWith(base) ? join(folder, normalize(`/${path.slice(base.length)}`)) : "";
    if (file && existsSync(file) && statSync(file).isDirectory()) {
      if (!path.endsWith("/")) {
        response.writeHead(301, { Location: `${path}/` }).end();
        return;
      }
      file = join(file, "index.html");
    }
    const found = Boolean(file) && existsSync(file);
    if (!found) file = join(folder, "404.html");
    const packed = gzip && /gzip/.test(request.headers["accept-encoding"] ?? "");
    response.writeHead(found ? 200 : 404, {
      ...headers,
      "Content-Type": TYPES[extname(file)] ?? "application/octet-stream",
      "Cache-Control": path.startsWith(`${base}assets/`) ? "public, max-age=31536000, immutable" : "no-cache",
      ...(packed ? { "Content-Encoding": "gzip", Vary: "Accept-Encoding" } : {}),
    });
    const bytes = createReadStream(file);
    (packed ? bytes.pipe(createGzip({ level: 9 })) : bytes).pipe(response);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const close = () => new Promise((done) => {
    server.closeAllConnections();
    server.close(done);
  });
  return { url: `http://127.0.0.1:${server.address().port}${base}`, close };
}
