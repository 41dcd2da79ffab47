#!/bin/sh
# Runs the real instructions of the avx512ifma kernel over the known answers on a machine without them: a Debian kernel
# under the Bochs emulator with a processor model that has AVX-512 IFMA. Takes two to five minutes; not part of the tests.
set -eu
cd "$(dirname "$0")/.."

if grep -q avx512ifma /proc/cpuinfo; then
    echo "this processor has AVX-512 IFMA: the ordinary tests run the kernel"
    exit 0
fi
if ! command -v bochs-bin >/dev/null || ! command -v genisoimage >/dev/null || [ ! -d /usr/lib/ISOLINUX ]; then
    echo "installing the emulator"
    sudo=""
    [ "$(id -u)" = 0 ] || sudo=sudo
    $sudo apt-get update -qq
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        bochs bochs-term bochsbios vgabios isolinux syslinux-common genisoimage cpio >/dev/null
fi

out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
package=$(apt-cache depends linux-image-cloud-amd64 | sed -n 's/.*Depends: \(linux-image-.*\)/\1/p' | head -n 1)
(cd "$out" && apt-get download -qq "$package" 2>/dev/null && dpkg -x "$package"_*.deb kernel)

flags="-std=gnu17 -O3 -ffp-contract=off -ISources/CKernels/include -ITests/Arm64"
# shellcheck disable=SC2046,SC2086
"${CC:-clang}" $flags -Dmain=driver_main -c Tests/Arm64/vectors_driver.c -o "$out/driver.o"
mkdir -p "$out/root/dev" "$out/iso/isolinux"
# shellcheck disable=SC2046,SC2086
"${CC:-clang}" $flags -static Tests/Emulated/init.c "$out/driver.o" Tests/Arm64/vectors_file.c Tests/Arm64/curve_check.c \
    $(find Sources/CKernels -name '*.c') -o "$out/root/init"
cp Tests/Vectors/arithmetic.json "$out/root/vectors.json"
mknod "$out/root/dev/console" c 5 1
(cd "$out/root" && find . | cpio --quiet -o -H newc | gzip -1 >"$out/iso/initrd.gz")
cp "$out"/kernel/boot/vmlinuz-* "$out/iso/vmlinuz"
cp /usr/lib/ISOLINUX/isolinux.bin /usr/lib/syslinux/modules/bios/ldlinux.c32 "$out/iso/isolinux/"
# The emulator's XSAVE areas are laid out for the standard format without protection keys (515, 321), and its
# frequency counters (124) are missing.
cat >"$out/iso/isolinux/isolinux.cfg" <<CONFIG
DEFAULT linux
PROMPT 0
TIMEOUT 1
LABEL linux
  KERNEL /vmlinuz
  APPEND initrd=/initrd.gz console=ttyS0,115200 mitigations=off nokaslr nosmp idle=poll nopku clearcpuid=515,321,124 noxsaves lsm=none split_lock_detect=off tsc=reliable clocksource=tsc lpj=4000000 random.trust_cpu=on nowatchdog panic=-1
CONFIG
genisoimage -quiet -o "$out/disc.iso" -b isolinux/isolinux.bin -c isolinux/boot.cat -no-emul-boot \
    -boot-load-size 4 -boot-info-table "$out/iso"
cat >"$out/bochsrc" <<CONFIG
megs: 512
romimage: file=/usr/share/bochs/BIOS-bochs-latest
vgaromimage: file=/usr/share/vgabios/vgabios.bin
cpu: model=corei3_cnl, count=1, ips=50000000, reset_on_triple_fault=0, ignore_bad_msrs=1
ata0-master: type=cdrom, path=$out/disc.iso, status=inserted
boot: cdrom
display_library: term
com1: enabled=1, mode=file, dev=$out/serial.txt
clock: sync=none
log: $out/bochs.log
panic: action=fatal
error: action=ignore
info: action=ignore
CONFIG
echo c >"$out/continue"
: >"$out/serial.txt"
# The emulator draws on a terminal: `script` lends it one.
TERM=linux timeout 900 script -qfc "bochs-bin -q -f $out/bochsrc -rc $out/continue" /dev/null >/dev/null 2>&1 </dev/null &
emulator=$!
waited=0
while kill -0 "$emulator" 2>/dev/null && ! grep -q "vectors driver ended" "$out/serial.txt"; do
    sleep 2
    waited=$((waited + 2))
    [ "$waited" -lt 880 ] || break
done
kill "$emulator" 2>/dev/null || true
grep -a "cases right\|differs\|vectors driver ended" "$out/serial.txt" || { tail -n 5 "$out/serial.txt"; exit 1; }
grep -aq "^avx512ifma: .* cases right" "$out/serial.txt"
grep -aq "^avx512ifma: curve right" "$out/serial.txt"
grep -aq "vectors driver ended with status 0" "$out/serial.txt"
