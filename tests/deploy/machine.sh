# PID 1 of a machine for tests, until it becomes systemd: a root of its own, whose changes are in memory and go with it.
# $1: an empty folder; $2: the prefix of the Python that is to be there; $3: a folder of packages; $4: a folder to work in.
set -eu
mount --make-rprivate /
mount -t tmpfs -o mode=755 tmpfs "$1"
mkdir "$1/changes" "$1/work" "$1/root"
mount -t overlay -o "lowerdir=/,upperdir=$1/changes,workdir=$1/work" overlay "$1/root"
cd "$1/root"

mount -t proc proc proc
mount -t sysfs -o ro sysfs sys
mount -t tmpfs tmpfs run
mount -t tmpfs -o mode=1777 tmpfs tmp
if [ -d /sys/fs/cgroup/unified ]; then
  mount -t tmpfs -o mode=755 tmpfs sys/fs/cgroup
  mkdir sys/fs/cgroup/systemd sys/fs/cgroup/unified
  mount -t cgroup -o none,name=systemd cgroup sys/fs/cgroup/systemd
  mount -t cgroup2 cgroup2 sys/fs/cgroup/unified
else
  mount -t cgroup2 cgroup2 sys/fs/cgroup
fi
mount -t tmpfs -o mode=755 tmpfs dev
for device in null zero full random urandom tty; do
  touch "dev/$device"
  mount --bind "/dev/$device" "dev/$device"
done
mkdir dev/shm dev/pts
mount -t tmpfs -o mode=1777 tmpfs dev/shm
mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd

# What systemd must not see of the machine below: its own units, and where it keeps state.
rm -rf etc/systemd/system var/lib/sayso opt/sayso etc/sayso
mkdir -p etc/systemd/system
for unit in systemd-sysctl systemd-modules-load systemd-remount-fs; do # they would change the kernel, which is shared
  ln -s /dev/null "etc/systemd/system/$unit.service"
done
mount --bind -o ro proc/sys proc/sys
mkdir -p opt/python opt/packages srv/checkout
mount --bind "$2" opt/python
echo /opt/python/lib >etc/ld.so.conf.d/00-tests.conf # its own library is where it was made for, which services may not see
chroot . ldconfig
mount --bind -o ro "$3" opt/packages
mount --bind "$4" srv/checkout

ip link set lo up
mkdir .below
pivot_root . .below
umount -l .below
mount --make-rshared / # as a machine's is: credentials that systemd mounts for a service are to be seen by it
exec env -i container=tests PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd --log-target=null --unit=basic.target
