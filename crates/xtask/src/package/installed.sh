#!/bin/sh
# Runs in a copy of a Debian machine whose first process is systemd: installs both packages, starts what they bring, purges
# them. Ends badly at the first thing that is not as the packages' README says.
set -eu

said() { echo "installed: $*"; }
wrong() {
    said "WRONG: $*"
    exit 1
}
is() { [ "$2" = "$3" ] || wrong "$1 is “$2”, not “$3”"; }

# --- installing ---------------------------------------------------------------------------------
unset DISPLAY || true
export DEBIAN_FRONTEND=noninteractive
dpkg --install /given/xunji-server_*.deb /given/xunji-field_*.deb
for package in xunji-server xunji-field; do
    is "state of $package" "$(dpkg-query --show --showformat '${db:Status-Status}' $package)" installed
    dpkg --verify $package
    dpkg --listfiles $package | while read -r path; do
        is "owner of $path" "$(stat --format %U:%G "$path")" root:root
        [ -L "$path" ] || [ -z "$(find "$path" -maxdepth 0 -perm /022 ! -path '/.' -type f)" ] ||
            wrong "others may write $path"
    done
done
account=$(getent passwd xunji) || wrong "there is no account xunji"
is "home and shell of xunji" "$(echo "$account" | cut -d: -f6-)" /var/lib/xunji:/usr/sbin/nologin
is "the county's folder" "$(stat --format '%U:%G %a' /var/lib/xunji)" "xunji:xunji 700"
said "both packages, the account and its folder are there"

# --- the unit -----------------------------------------------------------------------------------
unit=xunji-server.service
systemd-analyze verify /usr/lib/systemd/system/$unit
# What an attacker could still do from inside, by systemd's own list; 10 is everything.
systemd-analyze security --offline=true --threshold=20 --no-pager /usr/lib/systemd/system/$unit >/given/security ||
    wrong "$(tail -n 1 /given/security)"
said "$(tail -n 1 /given/security)"
is "the unit at boot" "$(systemctl is-enabled $unit)" enabled
is "the unit without a county" "$(systemctl is-active $unit || true)" inactive

runuser -u xunji -- xunji-server admin init /var/lib/xunji --demo --accounts /var/lib/xunji/accounts.json >/dev/null
systemctl start $unit
tries=0
until health=$(curl --silent --fail http://127.0.0.1:8080/healthz); do
    tries=$((tries + 1))
    [ $tries -lt 150 ] || wrong "no answer: $(systemctl status --no-pager $unit)"
    sleep 0.2
done
is "the unit with a county" "$(systemctl is-active $unit)" active
pid=$(systemctl show --property MainPID --value $unit)
is "who runs it" "$(stat --format %U "/proc/$pid")" xunji
is "its capabilities" "$(sed -n 's/^CapBnd:\t*//p' "/proc/$pid/status")" 0000000000000000
is "its system calls" "$(sed -n 's/^Seccomp:\t*//p' "/proc/$pid/status")" 2
curl --silent --fail http://127.0.0.1:8080/ | grep -q 巡集 || wrong "the console is not there"
said "the unit serves as xunji, without capabilities and with its system calls filtered; /healthz says: $health"

# --- what the owner changed stays through an upgrade --------------------------------------------
echo 'XUNJI_SERVE="--port 8081"' >/etc/default/xunji-server
dpkg --install /given/xunji-server_*.deb
tries=0
until curl --silent --fail http://127.0.0.1:8081/healthz >/dev/null; do
    tries=$((tries + 1))
    [ $tries -lt 150 ] || wrong "after an upgrade it does not listen where its owner said"
    sleep 0.2
done
said "installed over itself, it started again and listens where its owner said"

# --- the field app ------------------------------------------------------------------------------
home=/tmp/inspector
install -d -o nobody -g nogroup -m 0700 $home
Xvfb :99 -screen 0 1000x1000x24 -nolisten tcp >/dev/null 2>&1 &
display=$!
runuser -u nobody -- env HOME=$home XUNJI_DATA_DIR=$home/phone XDG_RUNTIME_DIR=$home DISPLAY=:99 GDK_BACKEND=x11 NO_AT_BRIDGE=1 \
    TAURI_WEBVIEW_AUTOMATION=true WEBKIT_DISABLE_COMPOSITING_MODE=1 WEBKIT_DISABLE_DMABUF_RENDERER=1 LIBGL_ALWAYS_SOFTWARE=1 \
    WebKitWebDriver --port=4444 >/given/driver.log 2>&1 &
driver=$!
post() { curl --silent --retry 20 --retry-connrefused --retry-delay 1 --json "$2" "http://127.0.0.1:4444$1"; }
program=$(sed -n 's/^Exec=//p' /usr/share/applications/cn.xunji.field.desktop)
session=$(post /session "{\"capabilities\":{\"alwaysMatch\":{\"webkitgtk:browserOptions\":{\"binary\":\"$(command -v "$program")\"}}}}")
id=$(echo "$session" | sed -n 's/.*"sessionId": *"\([^"]*\)".*/\1/p')
[ -n "$id" ] || wrong "the app did not open its window: $session"
tries=0
until post "/session/$id/element" '{"using":"css selector","value":"[data-testid=enrol-server]"}' | grep -q element-6066; do
    tries=$((tries + 1))
    [ $tries -lt 100 ] || wrong "the app's first page does not ask for a server"
    sleep 0.2
done
curl --silent --request DELETE "http://127.0.0.1:4444/session/$id" >/dev/null
kill $driver $display
said "the app opens its window from $(command -v "$program") and asks for a server"

# --- away again ---------------------------------------------------------------------------------
systemctl stop $unit
is "how it ended" "$(systemctl show --property Result --value $unit)" success
county=$(sha256sum </var/lib/xunji/county.db)
dpkg --purge xunji-server xunji-field
is "the unit after a purge" "$(systemctl is-active $unit || true)" inactive
[ ! -e /usr/bin/xunji-server ] && [ ! -e /etc/default/xunji-server ] && [ ! -e /usr/bin/xunji-app ] || wrong "something stayed"
is "the county after a purge" "$(sha256sum </var/lib/xunji/county.db)" "$county"
is "its owner" "$(stat --format %U /var/lib/xunji/county.db)" xunji
said "purged; the county is where it was"
said DONE
