#!/bin/sh
# Keeps the built kernel: prints the path of vmlinux in a cache folder that is named by everything it is made from
# (build.sh, the programs, the versions of the kernel source and of the compiler). The kernel and the programs are
# kept, not the 2 GB that building takes.
#   usage: cached.sh path       where the kernel is or would be; status 1 when it is not there
#          cached.sh build      builds it first when it is not there (minutes; build.sh names the packages)
#   EXOSTATION_GUESTS: the cache folder; default ~/.cache/exostation-guests
set -eu
here=$(cd "$(dirname "$0")" && pwd)
source_version=$(dpkg-query -W -f '${Version}' linux-source-6.1 2>/dev/null || echo none)
compiler_version=$(mipsel-linux-gnu-gcc -dumpfullversion 2>/dev/null || echo none)
key=$({ cat "$here/build.sh" "$here"/*.c; echo "$source_version $compiler_version"; } | sha256sum | cut -c1-20)
folder=${EXOSTATION_GUESTS:-${XDG_CACHE_HOME:-$HOME/.cache}/exostation-guests}/$key
case ${1:-} in
  path)
    echo "$folder/vmlinux"
    [ -f "$folder/vmlinux" ]
    ;;
  build)
    if [ ! -f "$folder/vmlinux" ]; then
      mkdir -p "$folder"
      work=$(mktemp -d "$folder/build.XXXXXX")
      trap 'rm -rf "$work"' EXIT
      sh "$here/build.sh" "$work" >&2
      for program in "$here"/*.c; do mv "$work/$(basename "$program" .c)" "$folder/"; done
      mv "$work/vmlinux" "$folder/"
    fi
    echo "$folder/vmlinux"
    ;;
  *)
    sed -n '2,7s/^# \{0,1\}//p' "$0" >&2
    exit 2
    ;;
esac
