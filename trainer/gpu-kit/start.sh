#!/bin/sh
# Measures this machine's GPU in at most seven minutes, with nothing installed: sh start.sh [folder for the report]
# x86-64 Linux with the GPU's Vulkan driver. PyTorch joins where a python3 on the path has it.
set -e
here=$(cd "$(dirname "$0")" && pwd)
out=${1:-$here}
mkdir -p "$out"
unpack() {
  [ -e "$here/${1%.xz}" ] && return
  if command -v xz >/dev/null; then xz -dk "$here/$1"
  else python3 -c 'import lzma, shutil, sys; shutil.copyfileobj(lzma.open(sys.argv[1]), open(sys.argv[1][:-3], "wb"))' "$here/$1"
  fi
}
unpack node.xz
unpack node_modules/webgpu/dist/linux-x64/dawn.node.xz
chmod +x "$here/node"
# For machines that have a driver and little else.
if ! ldconfig -p 2>/dev/null | grep -q libvulkan.so.1; then
  export LD_LIBRARY_PATH="$here/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
fi
if [ -z "$VK_DRIVER_FILES$VK_ICD_FILENAMES" ]; then
  for manifest in /usr/share/vulkan/icd.d/nvidia_icd*.json /etc/vulkan/icd.d/nvidia_icd*.json \
    /usr/local/nvidia/share/vulkan/icd.d/nvidia_icd*.json; do
    if [ -e "$manifest" ]; then export VK_DRIVER_FILES="$manifest"; break; fi
  done
fi
cd "$here"
shift 2>/dev/null || true
# Parts are processes of their own: a driver that fails in one of them leaves the others alone.
run() { program=$1; shift; "$here/node" "trainer/$program" --out="$out" "$@" || echo "($program $* failed)"; }
if [ $# -gt 0 ]; then run bench/measure.mjs "$@"; exit; fi
run bench/measure.mjs --seconds=250
run fixtures/suite.mjs
run bench/measure.mjs --seconds=60 --matrix-units --only=adapter,steps,products
run fixtures/suite.mjs --matrix-units
