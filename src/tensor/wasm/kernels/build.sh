#!/usr/bin/env bash
# Compiles the kernels twice, with and without relaxed SIMD (which gives fused multiply-add), and records the hashes.
# Needs clang 16 and lld 16 (Debian: apt-get install clang-16 lld-16). The .wasm files are committed, so that
# `npm ci` needs no compiler.
set -euo pipefail
cd "$(dirname "$0")"
objects=$(mktemp -d)
trap 'rm -r "$objects"' EXIT

build() { # build NAME FLAG...
  local name=$1
  shift
  for source in *.c; do
    clang-16 --target=wasm32 -O3 -ffreestanding -fno-builtin -ffp-contract=off -fvisibility=hidden \
      -msimd128 -mbulk-memory "$@" -c "$source" -o "$objects/${source%.c}.o"
  done
  wasm-ld-16 --no-entry --export-dynamic --import-memory --export=__stack_pointer -z stack-size=262144 \
    --max-memory=4294967296 --strip-all "$objects"/*.o -o "../$name.wasm"
}

build kernels-simd
build kernels-relaxed -mrelaxed-simd
cd .. && sha256sum kernels-simd.wasm kernels-relaxed.wasm | tee kernels.sha256
