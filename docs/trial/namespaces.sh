#!/usr/bin/env bash
# Two machines in one: two network namespaces with addresses of their own and a slow way between them. Follows the tutorial of
# the book as two people would, on two terminals, then its table, and checks what both get. Needs root, iproute2 and `script`.
#
#   cargo build --release && sudo docs/trial/namespaces.sh target/release/halfgate
set -euo pipefail

binary=$(realpath "${1:-target/release/halfgate}")
tag=hg$$
alice=$tag-a
bob=$tag-b
work=$(mktemp -d)
jobs_started=()

tear_down() {
    for job in "${jobs_started[@]}"; do kill "$job" 2>/dev/null || true; done
    ip netns delete "$alice" 2>/dev/null || true
    ip netns delete "$bob" 2>/dev/null || true
    rm -rf "$work"
}
trap tear_down EXIT

fail() {
    echo "FAILED: $*" >&2
    for log in "$work"/*/screen; do echo "--- $log" >&2; cat "$log" >&2; done
    exit 1
}

# The two machines and the way between them: 20 ms each way, where the kernel can.
build_network() {
    ip netns add "$alice"
    ip netns add "$bob"
    ip link add "$tag-va" netns "$alice" type veth peer name "$tag-vb" netns "$bob"
    ip -n "$alice" address add 10.77.0.1/24 dev "$tag-va"
    ip -n "$bob" address add 10.77.0.2/24 dev "$tag-vb"
    ip -n "$alice" link set "$tag-va" up
    ip -n "$bob" link set "$tag-vb" up
    if ip netns exec "$alice" tc qdisc add dev "$tag-va" root netem delay 20ms 2>/dev/null &&
        ip netns exec "$bob" tc qdisc add dev "$tag-vb" root netem delay 20ms 2>/dev/null; then
        echo "network: 10.77.0.1 (Alice) and 10.77.0.2 (Bob), 20 ms each way"
    else
        echo "network: 10.77.0.1 (Alice) and 10.77.0.2 (Bob), no delay (this kernel has no netem)"
    fi
    if ip netns exec "$bob" bash -c 'echo > /dev/tcp/127.0.0.1/7000' 2>/dev/null; then
        fail "the namespaces are not apart"
    fi
}

# person NAMESPACE COMMAND: starts a command on a terminal of its own, as somebody would type it.
person() {
    local folder=$work/$1
    mkdir -p "$folder"
    rm -f "$folder/keys"
    mkfifo "$folder/keys"
    : >"$folder/screen"
    (
        cd "$folder"
        export HALFGATE_HOME=$folder PATH=$work/bin:$PATH SHELL=/bin/sh
        exec ip netns exec "$1" script --quiet --return --flush \
            --command "stty cols 160 rows 60; $2" screen <"$folder/keys" >/dev/null
    ) &
    jobs_started+=($!)
    last_job=$!
}

# sees NAMESPACE TEXT: waits until it stands on the screen.
sees() {
    for _ in $(seq 600); do
        if grep --quiet --fixed-strings -- "$2" "$work/$1/screen"; then return; fi
        sleep 0.1
    done
    fail "$1 does not see: $2"
}

# ends NAMESPACE JOB RESULT: the command succeeds, and its last line is the result.
ends() {
    local code=0
    wait "$2" || code=$?
    [ "$code" = 0 ] || fail "$1 ended with exit code $code"
    tr -d '\r' <"$work/$1/screen" | grep -v '^Script ' | grep -v '^$' | tail -1 | grep --quiet --line-regexp -- "$3" ||
        fail "$1 does not see the result $3"
}

tutorial() {
    local hosts guests
    person "$alice" "halfgate host greater-than --listen 0.0.0.0:7000 --advertise 10.77.0.1:7000"
    hosts=$last_job
    exec 3>"$work/$alice/keys"
    sees "$alice" "host_value: "
    echo 61000 >&3
    sees "$alice" "to compare by voice: "

    person "$bob" "halfgate join"
    guests=$last_job
    exec 4>"$work/$bob/keys"
    sees "$bob" "Paste the invite"
    tr -d '\r' <"$work/$alice/screen" | sed -n '/^HALFGATE1:/,/[^A-Z0-9:]/p' | grep --line-regexp '[A-Z0-9:]*' >&4
    echo >&4
    sees "$bob" "guest_value: "
    echo 58500 >&4

    sees "$alice" "Go ahead on these terms? [y/N]"
    sees "$bob" "Go ahead on these terms? [y/N]"
    tr -d '\r' <"$work/$bob/screen" | sed -n '/^terms with/,/^  costs/p'
    echo y >&3
    echo y >&4
    ends "$alice" "$hosts" yes
    ends "$bob" "$guests" yes
    exec 3>&- 4>&-
    echo "tutorial: both see host_is_greater = yes"
}

# The same way for a table, with files instead of a clipboard and a person.
table() {
    local folder=$work/$bob job
    for row in $(seq 2000); do echo "$((row * 7 % 1000)),$((row * 11 % 1000))"; done >"$work/both"
    { echo "id,value"; cut -d, -f1 "$work/both" | nl -s, -w1; } >"$work/$alice/in.csv"
    { echo "id,value"; cut -d, -f2 "$work/both" | nl -s, -w1; } >"$folder/in.csv"
    {
        echo "id,host_is_greater"
        awk -F, '{ print NR "," ($1 > $2 ? "yes" : "no") }' "$work/both"
    } >"$work/expected"
    (
        cd "$work/$alice"
        HALFGATE_HOME=$PWD exec ip netns exec "$alice" "$binary" host greater-than --input in.csv --id-column id \
            --listen 10.77.0.1:7000 --invite-file invite --yes >out.csv 2>screen
    ) &
    job=$!
    jobs_started+=("$job")
    sees "$alice" "to compare by voice: "
    (
        cd "$folder"
        HALFGATE_HOME=$PWD exec ip netns exec "$bob" "$binary" join --invite "$work/$alice/invite" --input in.csv \
            --id-column id --yes >out.csv 2>screen
    ) || fail "$bob ended with exit code $?"
    wait "$job" || fail "$alice ended with exit code $?"
    cmp "$work/expected" "$work/$alice/out.csv" || fail "$alice has other results"
    cmp "$work/expected" "$folder/out.csv" || fail "$bob has other results"
    grep -A3 '^  costs' "$folder/screen"
    echo "table: both have the 2,000 results"
}

mkdir "$work/bin"
ln -s "$binary" "$work/bin/halfgate"
build_network
tutorial
table
echo "all as the book says"
