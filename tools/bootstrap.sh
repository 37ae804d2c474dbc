#!/bin/sh
# Makes sure that this machine can build proofread, then runs the command it is given.
#
#   tools/bootstrap.sh [COMMAND [ARGUMENT...]]
#
# What the build needs beyond cargo is small: a C compiler (which links every Rust program), make and m4
# (GMP and MPFR are compiled from source, and GMP's build expands its assembly with m4). What is missing is
# installed with the machine's own package manager, after saying what and why. Where that cannot be done
# the command to run by hand is printed and the exit code is 1.
#
# When nothing is missing it prints nothing and costs a few milliseconds, for it only looks along PATH.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)

say() { printf 'proofread: %s\n' "$*" >&2; }

die() {
    say "error: $1"
    shift
    for line in "$@"; do
        printf '  help: %s\n' "$line" >&2
    done
    exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# The tools that are missing, by the name of their command.
missing_tools() {
    for tool in cc make m4; do
        have "$tool" || printf '%s ' "$tool"
    done
}

why() {
    case $1 in
        cc) echo 'a C compiler: it links Rust programs and compiles GMP and MPFR' ;;
        make) echo 'make: GMP and MPFR are built with it' ;;
        m4) echo 'm4: the build of GMP, the exact arithmetic underneath, expands its assembly with it' ;;
    esac
}

# The first package manager found, or nothing.
manager() {
    for candidate in apt-get dnf pacman apk zypper brew; do
        if have "$candidate"; then
            echo "$candidate"
            return
        fi
    done
}

# The packages that bring the tools, for a package manager: packages MANAGER TOOL...
packages() {
    with=$1
    shift
    for tool in "$@"; do
        case $with/$tool in
            apt-get/cc) printf ' gcc libc6-dev' ;;
            apk/cc) printf ' gcc musl-dev' ;;
            dnf/cc | zypper/cc) printf ' gcc glibc-devel' ;;
            */cc) printf ' gcc' ;;
            */*) printf ' %s' "$tool" ;;
        esac
    done
}

# The command that installs packages, without the rights it may need: install_command MANAGER PACKAGES
install_command() {
    case $1 in
        apt-get) echo "apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends$2" ;;
        dnf) echo "dnf install -y$2" ;;
        pacman) echo "pacman -Sy --needed --noconfirm$2" ;;
        apk) echo "apk add$2" ;;
        zypper) echo "zypper --non-interactive install$2" ;;
        brew) echo "brew install$2" ;;
    esac
}

# Installs the tools, or dies with the command to run: install_tools TOOL...
install_tools() {
    for tool in "$@"; do
        say "needs $(why "$tool")"
    done
    system=$(uname -s 2>/dev/null || echo unknown)
    if [ "$system" = Darwin ] && ! have cc; then
        die 'no C compiler' 'run `xcode-select --install`, then this command again'
    fi
    with=$(manager)
    [ -n "$with" ] || die "cannot install: $*" \
        'none of apt-get, dnf, pacman, apk, zypper and brew was found on this machine' \
        "install $* by hand, then run this command again"
    installation=$(install_command "$with" "$(packages "$with" "$@")")
    rights=
    if [ "$with" != brew ] && [ "$(id -u)" != 0 ]; then
        have sudo || die 'installing needs the rights of root, and there is no sudo on this machine' \
            "run this as root, then this command again: $installation"
        rights='sudo '
    fi
    say "installing with: $rights$installation"
    # Word splitting is meant below: these commands are made of plain words.
    # A fresh machine has no package lists. A list that cannot be fetched (one broken source among many) is
    # no reason to stop: the installation itself tells.
    if [ "$with" = apt-get ]; then
        # shellcheck disable=SC2086
        ${rights}apt-get update -q </dev/null >&2 || say 'the package lists could not be refreshed'
    fi
    # Whether it worked is seen by what is missing afterwards, not by the exit code: another run of this
    # script may have installed the same package in the meantime.
    # shellcheck disable=SC2086
    $rights$installation </dev/null >&2 || say "$with failed"
    hash -r
    still=$(missing_tools)
    [ -z "$still" ] || die "still missing after the installation: $still" \
        "see the messages of $with above; without a network it cannot fetch packages" \
        "run this by hand, then this command again: $rights$installation"
}

# Dies unless cargo runs and is at least the version that Cargo.toml asks for.
check_cargo() {
    wanted=$(sed -n 's/^rust-version = "\([0-9.]*\)"$/\1/p' "$root/Cargo.toml")
    if ! have cargo; then
        [ -x "${CARGO_HOME:-${HOME:-}/.cargo}/bin/cargo" ] && die 'cargo is installed but not on the PATH' \
            "run: . \"${CARGO_HOME:-${HOME:-}/.cargo}/env\""
        die "no cargo: the Rust compiler $wanted or later is needed" \
            "install it from https://rustup.rs, then run this command again"
    fi
    version=$(cargo --version 2>/dev/null) || die 'cargo does not run' 'run: rustup default stable'
    version=${version#cargo }
    version=${version%% *}
    at_least "$version" "$wanted" || die "cargo is $version, and $wanted or later is needed" \
        'run: rustup update stable'
}

# Whether the first version is the second or later, by their first two numbers: at_least 1.95.0 1.95
at_least() {
    major=${1%%.*} minor=${1#*.}
    want_major=${2%%.*} want_minor=${2#*.}
    minor=${minor%%.*} want_minor=${want_minor%%.*}
    [ "$major" -gt "$want_major" ] || { [ "$major" -eq "$want_major" ] && [ "$minor" -ge "$want_minor" ]; }
}

if [ -n "$(missing_tools)" ]; then
    # Two runs at once take turns: package managers refuse to work side by side.
    if have flock && mkdir -p "$root/target" 2>/dev/null; then
        exec 9>"$root/target/.bootstrap-lock"
        flock 9
    fi
    missing=$(missing_tools)
    # shellcheck disable=SC2086
    [ -z "$missing" ] || install_tools $missing
    exec 9>&-
fi
check_cargo

if [ $# -gt 0 ]; then
    # What make says to its own children is not meant for the makes that GMP's build starts.
    unset MAKEFLAGS MFLAGS MAKELEVEL GNUMAKEFLAGS MAKEOVERRIDES
    exec "$@"
fi
