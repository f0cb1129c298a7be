#!/bin/sh
# Uploads a portal so that at no moment a page misses its style sheet or script:
# new assets first, then pages and data, then what leads to them, and old files last.
#
#   sh publish.sh public/ user@host:/srv/gongkai/public/
#
# PAUSE: seconds before old files go, for readers who opened a page a moment ago (60).
# RSYNC: another rsync, or one with more options.
set -eu
from=${1:?folder of the portal}
to=${2:?where it goes}
rsync=${RSYNC:-rsync}
from=${from%/}/
to=${to%/}/
test -f "${from}gongkai.json" || { echo "$from is no portal" >&2; exit 2; }
options="-rlt --checksum --delay-updates"

$rsync $options --include='/assets/***' --exclude='*' "$from" "$to"
$rsync $options --exclude='/index.html*' --exclude='/sitemap*.xml*' --exclude='/atom.xml*' --exclude='/SHA256SUMS*' --exclude='/gongkai.json*' "$from" "$to"
$rsync $options "$from" "$to"
sleep "${PAUSE:-60}"
# Pages that are no more still load their style sheet: it goes after them.
$rsync $options --delete-after --exclude='/assets/' "$from" "$to"
$rsync $options --delete-after "$from" "$to"
