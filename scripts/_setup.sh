# Sourced by the scripts beside it: makes .venv ready, or says in one sentence what is missing.
#   set_up runtime   what running the bot and the demo needs (requirements.txt)
#   set_up dev       that and what checking it needs (requirements-dev.txt)
# Wants $root, the checkout's absolute path. When all is in place it compares a stamp and does nothing.
# Messages go to stderr, so that a script's own output stays clean.

say() { printf '%s\n' "$*" >&2; }

# A script's opening comment is its help.
answer_help() {
    case "${1-}" in
        -h | --help)
            sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0"
            exit
            ;;
    esac
}

set_up() {
    case "$1" in
        runtime) lock=requirements.txt guess="a minute" ;;
        dev) lock=requirements-dev.txt guess="two minutes" ;;
    esac
    venv="$root/.venv"
    setup_log="$root/build/setup.log"
    setup_mark="$root/build/setup.unfinished"
    # pip refuses --user installs inside a virtual environment, and PYTHONHOME points every Python elsewhere.
    export PIP_USER=0
    unset PYTHONHOME
    is_set_up && return 0

    mkdir -p "$root/build"
    # One set-up at a time: two that install into one .venv break each other.
    exec 9>"$root/build/setup.lock"
    if command -v flock >/dev/null 2>&1 && ! flock -n 9; then
        say "Another set-up of this checkout is running; waiting for it."
        flock 9
    fi
    if ! is_set_up; then
        : >"$setup_log"
        discard_broken_venv
        [ -e "$venv" ] || make_venv
        install_packages
    fi
    exec 9>&-
}

# Whatever runs with the smaller lock runs with the development lock too.
is_set_up() {
    [ ! -e "$setup_mark" ] && [ -f "$venv/gatehouse-stamp" ] || return 1
    for candidate in "$lock" requirements-dev.txt; do
        wanted="$(stamp_of "$candidate" 2>/dev/null)" || return 1
        [ "$wanted" != "$(cat "$venv/gatehouse-stamp")" ] || return 0
    done
    return 1
}

# All that an installation depends on: where the checkout stands (the scripts in .venv carry its path),
# the Python, the lock, and what installing the checkout itself reads.
stamp_of() (
    cd "$root" && pwd && .venv/bin/python -I -S -c 'import sys; print(sys.version)' &&
        cksum "$1" pyproject.toml && ls -d -- */__init__.py
)

discard_broken_venv() {
    [ -e "$venv" ] || return 0
    # The mark stays when a set-up is interrupted or fails; what that left behind cannot be trusted.
    if [ -e "$setup_mark" ]; then
        say "The last set-up did not finish; starting over."
    elif ! "$venv/bin/python" -m pip --version >>"$setup_log" 2>&1; then
        say "The .venv here does not work; making a new one."
    elif ! "$venv/bin/python" -c "$is_new_enough"; then
        say "The .venv here has a Python older than 3.11; making a new one."
    else
        case "$(grep '^command = ' "$venv/pyvenv.cfg")" in
            '' | *" $venv") return 0 ;;
        esac
        say "The .venv here was made in another folder; making a new one."
    fi
    : >"$setup_mark"
    rm -rf "$venv"
}

make_venv() {
    find_python
    : >"$setup_mark"
    "$python" -m venv "$venv" >>"$setup_log" 2>&1 9>&- || set_up_failed "Making .venv failed"
}

is_new_enough='import sys; sys.exit(sys.version_info < (3, 11))'
can_make_venv='import ensurepip, venv'

# Sets $python to a Python 3.11 or newer that can make virtual environments.
find_python() {
    python=
    for candidate in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11 python}; do
        # Run it: a name on PATH may be a version manager's stub with no Python behind it.
        "$candidate" -c "$is_new_enough" >/dev/null 2>&1 || continue
        "$candidate" -c "$can_make_venv" >/dev/null 2>&1 && { python="$candidate"; return 0; }
        : "${python:=$candidate}"
    done
    if [ -z "$python" ]; then
        say "Gatehouse needs Python 3.11 or newer; ${PYTHON:-python3 here} is not."
        say "Install one and run this again, or name it: PYTHON=/path/to/python3.11 $0"
        exit 1
    fi
    say "$python lacks the modules venv and ensurepip."
    install_debian_packages "$(venv_package)" || exit 1
    "$python" -c "$can_make_venv" 2>>"$setup_log" ||
        set_up_failed "$python still cannot make a virtual environment; name another: PYTHON=/path/to/python3.11 $0"
}

# Debian has one such package per version; python3-venv belongs to its own python3.
venv_package() {
    print_version='import sys; print("python%d.%d" % sys.version_info[:2])'
    version="$("$python" -c "$print_version")"
    if [ "$version" = "$(/usr/bin/python3 -c "$print_version" 2>/dev/null)" ]; then
        echo python3-venv
    else
        echo "$version-venv"
    fi
}

# Installs Debian packages as root; otherwise prints the one command to run.
install_debian_packages() {
    if ! command -v apt-get >/dev/null 2>&1; then
        say "Install what Debian calls $* with your system's package manager, then run this again."
        return 1
    fi
    if [ "$(id -u)" != 0 ]; then
        say "Run this, then start again:"
        say "    sudo apt-get install --no-install-recommends $*"
        return 1
    fi
    mkdir -p "$root/build"
    say "Installing $* from Debian, up to a few minutes…"
    started="$(date +%s)"
    # Services a package starts must not inherit the lock of the set-up.
    if (
        export DEBIAN_FRONTEND=noninteractive
        apt-get install --yes --no-install-recommends "$@" ||
            { apt-get update && apt-get install --yes --no-install-recommends "$@"; }
    ) >"$root/build/apt.log" 2>&1 </dev/null 9>&-; then
        say "Installed in $(($(date +%s) - started)) s."
        return 0
    fi
    tail -n 15 "$root/build/apt.log" >&2
    say "Installing $* failed; the whole log is $root/build/apt.log"
    return 1
}

install_packages() {
    rm -f "$venv/gatehouse-stamp"
    : >"$setup_mark"
    say "Installing $(grep -c '==' "$root/$lock") packages, about $guess…"
    started="$(date +%s)"
    (
        cd "$root"
        pip_install() {
            .venv/bin/python -m pip install --disable-pip-version-check --no-input "$@"
        }
        pip_install --require-hashes --requirement "$lock" &&
            pip_install --no-deps --no-build-isolation --no-index --editable .
    ) >>"$setup_log" 2>&1 </dev/null 9>&- || set_up_failed "Installing the packages failed"
    stamp_of "$lock" >"$venv/gatehouse-stamp" || set_up_failed "The new .venv does not start"
    rm -f "$setup_mark"
    say "Installed in $(($(date +%s) - started)) s."
}

set_up_failed() {
    tail -n 15 "$setup_log" >&2
    say "$1; the whole log is $setup_log"
    exit 1
}
