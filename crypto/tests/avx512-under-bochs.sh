#!/bin/sh
# Runs the crate's unit tests, and with them the VAES-512 kernels, on a machine without AVX-512: in a full system
# emulated by Bochs as an Ice Lake, with Debian's kernel and the static test binary as its only program.
#
# What this verifies: that the VAES-512 kernels, as compiled, compute the right bytes on Bochs's idea of AVX-512,
# VAES and VPCLMULQDQ, that Linux switches the state on, and that detection picks the backend. What it does not: that
# a real CPU agrees with Bochs, and anything about speed.
#
# Needs a Debian (tried: bookworm, Bochs 2.7, Linux 6.1) with
#   apt-get install bochs bochsbios busybox-static cpio isolinux syslinux-common xorriso
# and apt's package lists, to download a kernel, which is unpacked and not installed. Takes some ten minutes.
# Usage: crypto/tests/avx512-under-bochs.sh [arguments of the test binary]
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
work=${CARGO_TARGET_DIR:-$root/target}/avx512-under-bochs
target=x86_64-unknown-linux-gnu
mkdir -p "$work" && cd "$work"

# 1. The test binary and a program that names the backends, both static.
export RUSTFLAGS="-C target-feature=+crt-static" CARGO_TARGET_DIR="$work/build"
cargo build --manifest-path "$root/Cargo.toml" -p halfgate-crypto --release --target $target --example backends
cargo test --manifest-path "$root/Cargo.toml" -p halfgate-crypto --release --target $target --lib --no-run \
    --message-format=json | sed -n 's/.*"executable":"\([^"]*halfgate_crypto-[^"]*\)".*/\1/p' >executable

# 2. A kernel, and an initramfs in which busybox runs the two.
if ! ls kernel/boot/vmlinuz-* >/dev/null 2>&1; then
    package=$(apt-cache depends linux-image-amd64 | sed -n 's/.*Depends: \(linux-image-[0-9].*\)/\1/p' | head -n 1)
    apt-get download "$package"
    dpkg -x "$package"_*.deb kernel
fi
rm -rf ram iso && mkdir -p ram/bin ram/dev ram/proc iso/isolinux
cp /usr/bin/busybox ram/bin/busybox
cp "$(cat executable)" ram/tests
cp "build/$target/release/examples/backends" ram/backends
strip ram/tests ram/backends
cat >ram/init <<INIT
#!/bin/busybox sh
/bin/busybox mount -t proc proc /proc
/bin/busybox mount -t devtmpfs dev /dev
echo "BACKENDS" \$(/backends)
/tests --test-threads=1 $*
echo "EXIT CODE \$?"
/bin/busybox sleep 1000
INIT
chmod +x ram/init
(cd ram && find . | cpio --quiet -o -H newc | gzip -1 >../iso/initrd.gz)
cp kernel/boot/vmlinuz-* iso/vmlinuz
cp /usr/lib/ISOLINUX/isolinux.bin /usr/lib/syslinux/modules/bios/ldlinux.c32 iso/isolinux/
# Bochs 2.7 misreports the sizes of the PKRU state and of compacted state, upon which Linux gives up all of AVX, so
# pku, xsavec and xsaves are masked; its TSC runs at the rate of its instructions. The rest was found by trying.
cat >iso/isolinux/isolinux.cfg <<'CONFIG'
DEFAULT test
LABEL test
  KERNEL /vmlinuz
  INITRD /initrd.gz
  APPEND console=ttyS0 quiet tsc_early_khz=100000 clearcpuid=515,321,323,297,580,298 nogbpages nopti nopcid nosmap nosmep mitigations=off nokaslr lsm= idle=halt
CONFIG
xorriso -as mkisofs -quiet -o test.iso -b isolinux/isolinux.bin -c isolinux/boot.cat -no-emul-boot \
    -boot-load-size 4 -boot-info-table iso

# 3. The machine, until the tests have ended.
cat >bochsrc <<'MACHINE'
sound: driver=dummy
speaker: enabled=0
display_library: rfb, options="timeout=0"
cpu: model=corei7_icelake_u, count=1, ips=100000000
memory: guest=1024, host=256
romimage: file=/usr/share/bochs/BIOS-bochs-latest
vgaromimage: file=/usr/share/bochs/VGABIOS-lgpl-latest
ata0-master: type=cdrom, path=test.iso, status=inserted
boot: cdrom
com1: enabled=1, mode=file, dev=serial.log
log: bochs.log
clock: sync=none
MACHINE
rm -f serial.log
echo c >commands # Debian's Bochs starts in its debugger: continue
bochs-bin -q -f bochsrc -rc commands >bochs.out 2>&1 </dev/null &
machine=$!
trap 'kill $machine 2>/dev/null || true' EXIT
waited=0
while ! grep -q "EXIT CODE" serial.log 2>/dev/null; do
    sleep 5 && waited=$((waited + 5))
    if [ $waited -gt 3600 ] || ! kill -0 $machine 2>/dev/null; then
        echo "the emulated machine did not finish; see $work/serial.log and bochs.out" >&2
        exit 1
    fi
done
sed -n '/^BACKENDS/,$p' serial.log
grep -q "^BACKENDS.*vaes-512" serial.log && grep -q "^EXIT CODE 0" serial.log
