#!/bin/sh
# Starts systemd in a copy of this machine that is forgotten afterwards: what it writes goes to memory, it has a net, a process
# table and a /dev of its own. Called in fresh namespaces, as root, with a folder that the copy sees as /given.
set -eu
given=$1

mount --make-rprivate /
base=$given/copy
mkdir -p "$base"
mount -t tmpfs tmpfs "$base"
cd "$base"
mkdir upper work root
mount -t overlay overlay -o lowerdir=/,upperdir=upper,workdir=work root
mount -t proc proc root/proc
# The kernel is the machine's own: its settings are not the copy's to change.
mount --bind root/proc/sys root/proc/sys
mount -o remount,bind,ro root/proc/sys
mount -t sysfs -o ro sysfs root/sys
mount -t cgroup2 cgroup2 root/sys/fs/cgroup
for place in run tmp dev; do mount -t tmpfs tmpfs "root/$place"; done
for node in null zero full random urandom tty; do
    : >"root/dev/$node"
    mount --bind "/dev/$node" "root/dev/$node"
done
mkdir root/dev/pts root/dev/shm root/given
mount -t devpts -o newinstance,ptmxmode=0666 devpts root/dev/pts
ln -s pts/ptmx root/dev/ptmx
mount -t tmpfs tmpfs root/dev/shm
mount --bind "$given" root/given
ip link set lo up

# Nothing of the machine's own services: one unit, and what it needs.
cat >root/etc/systemd/system/installed.service <<'UNIT'
[Service]
Type=oneshot
ExecStart=/bin/sh /given/installed.sh
StandardOutput=file:/given/log
StandardError=file:/given/log
TimeoutStartSec=300
ExecStopPost=/bin/sh -c '/bin/systemctl --no-block exit "$EXIT_STATUS"'
UNIT
# A unit's own view of the files begins at the true root, so the copy becomes that.
cd root
pivot_root . mnt
exec env -i container=other PATH=/usr/sbin:/usr/bin:/sbin:/bin chroot . /bin/sh -c '
    umount -l /mnt
    exec /lib/systemd/systemd --system --unit=installed.service --show-status=no' </dev/null
