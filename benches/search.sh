#!/usr/bin/env bash
# The table of docs/performance.md on search: corpora of about 1,000, 10,000 and 100,000 reports are built with and without search,
# then asked for 600 strings, each answer compared with a plain scan.
#
#   benches/search.sh [TOWNSHIPS …]        56 556 5556 without arguments; 18 reports each
#
# Needs node, python3 and the maker of the corpus: $GENERATOR, else ../shared/bench/gen_corpus.py. Works in $WORK, else in a new folder of
# the temporary one, and leaves nothing there. 100,000 reports take 40 GB on disk.
set -euo pipefail
cd "$(dirname "$0")/.."
generator=${GENERATOR:-../shared/bench/gen_corpus.py}
[ -f "$generator" ] || { echo "skipped: no corpus maker at $generator"; exit 0; }
command -v node >/dev/null || { echo "skipped: no node"; exit 0; }
cargo build --release --locked
program=$PWD/target/release/gongkai
work=$(mktemp -d -p "${WORK:-${TMPDIR:-/tmp}}")
trap 'rm -rf "$work"' EXIT

# Seconds, seconds of processors, and peak memory of a command.
measured() {
    python3 - "$@" <<'PYTHON'
import resource, subprocess, sys, time
start = time.time()
subprocess.run(sys.argv[1:], check=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print("%.1f s, %.1f s of processors, peak %d MB" % (time.time() - start, used.ru_utime + used.ru_stime, used.ru_maxrss // 1024))
PYTHON
}

for townships in "${@:-56 556 5556}"; do for townships in $townships; do
    site=$work/$townships
    python3 "$generator" --format gongkai --townships "$townships" --years 2008..2025 --out "$site/content"
    printf 'today = 2026-03-01\n[pages]\nsearch = false\n' > "$site/config.toml"
    echo "without search: $(measured "$program" -q build -r "$site")"
    rm -rf "$site/public" "$site/.public.previous"
    printf 'today = 2026-03-01\n' > "$site/config.toml"
    echo "with search:    $(measured "$program" -q build -r "$site")"
    search=$site/public/search
    echo "files: $(find "$search" -name '*.bin' -o -name 'first.*' | wc -l), of the index $(find "$search/i" -type f | wc -l), of texts $(find "$search/t" -type f | wc -l)"
    echo "bytes: $(du -sb "$search" | cut -f1) of $(du -sb "$site/public" | cut -f1), first file $(stat -c %s "$search"/first.*.js)"
    node --max-old-space-size=6000 tests/search/check.cjs "$site/content" "$site/public"
    rm -rf "$site"
done; done
