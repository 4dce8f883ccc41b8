#!/usr/bin/env bash
# Debian's chromium and Chinese fonts for the browser tests, where they can be installed.
set -euo pipefail
command -v chromium >/dev/null 2>&1 && fc-list :lang=zh 2>/dev/null | grep -q . && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Installing chromium for the browser tests …"
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
    chromium fontconfig fonts-noto-cjk >/dev/null && exit 0
fi
echo "No chromium here: the browser tests are skipped (install chromium and fonts-noto-cjk to run them)."
