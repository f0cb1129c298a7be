import assert from "node:assert/strict";

// A fault that every page has is shown three times, not four hundred.
const SHOWN = 3;

/** Fails with one fault a line: page, width, theme, element, what. */
export function none(faults) {
  if (faults.length === 0) return;
  const seen = new Map();
  const lines = faults.filter((fault) => {
    const what = fault.split(": ").slice(2).join(": ") || fault;
    seen.set(what, (seen.get(what) ?? 0) + 1);
    return seen.get(what) <= SHOWN;
  });
  assert.fail(`${faults.length} faults\n${lines.slice(0, 100).join("\n")}${lines.length < faults.length ? "\n… and the same elsewhere" : ""}`);
}
