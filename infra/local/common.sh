# shellcheck shell=bash
# Words that every other file here uses: saying things, failing, writing files whole.

# Says what is wrong and, when given, what to do; ends the shell that calls it.
die() {
  printf 'guildhall: %s\n' "$1" >&2
  [[ -z ${2:-} ]] || printf '  %s\n' "$2" >&2
  exit 1
}

wrong_use() {
  printf 'guildhall: %s\n' "$1" >&2
  printf '  %s\n' "${2:-guildhall help lists the commands}" >&2
  exit 2
}

say() { printf '%s\n' "$*" >&2; }

have() { command -v "$1" >/dev/null 2>&1; }

is_root() { [[ $(id -u) == 0 ]]; }

# Writes standard input to the file under a temporary name first, so that no half file is ever seen.
write_file() { # FILE [MODE]
  local file=$1 mode=${2:-644} temporary
  mkdir -p "$(dirname "$file")"
  temporary=$(mktemp "$(dirname "$file")/.${file##*/}.XXXXXX")
  cat >"$temporary"
  chmod "$mode" "$temporary"
  mv -f "$temporary" "$file"
}

random_hex() { od -An -N"${1:-24}" -tx1 /dev/urandom | tr -d ' \n'; }

# A password that a person can type: five groups of four letters and digits that do not look alike.
random_words() {
  local alphabet=abcdefghjkmnpqrstuvwxyz23456789 bytes byte word='' index=0
  bytes=$(od -An -N20 -tu1 /dev/urandom)
  for byte in $bytes; do
    ((index > 0 && index % 4 == 0)) && word+=-
    word+=${alphabet:byte % ${#alphabet}:1}
    index=$((index + 1))
  done
  printf '%s' "$word"
}

# A path as people write it, with ~ for the home directory.
pretty_path() {
  if [[ $1 == "$HOME"/* ]]; then printf '~/%s' "${1#"$HOME"/}"; else printf '%s' "$1"; fi
}

# The value of a property in the reactor, where every version of the project stands.
pom_property() {
  local value
  value=$(sed -n "s|^ *<$1>\(.*\)</$1> *\$|\1|p" "$project_dir/pom.xml" | head -n 1)
  [[ -n $value ]] || die "pom.xml has no property $1" "the versions that infra/local uses stand in its properties block"
  printf '%s' "$value"
}

# Milliseconds since some fixed moment.
now_millis() {
  local seconds=${EPOCHREALTIME/,/.}
  printf '%d' "$((${seconds%.*} * 1000 + 10#${seconds#*.} / 1000))"
}

seconds_text() { # MILLISECONDS
  if (($1 >= 99500)); then printf '%d s' "$((($1 + 500) / 1000))"; else printf '%d.%d s' "$(($1 / 1000))" "$(($1 % 1000 / 100))"; fi
}

size_text() { # BYTES
  awk -v bytes="$1" 'BEGIN {
    if (bytes >= 1073741824) printf "%.2f GiB", bytes / 1073741824
    else if (bytes >= 1048576) printf "%d MiB", bytes / 1048576
    else printf "%d KiB", bytes / 1024
  }'
}

# Runs a command while holding a lock file; waits for whoever holds it.
with_lock() { # FILE COMMAND...
  local file=$1
  shift
  mkdir -p "$(dirname "$file")"
  (
    flock 8
    "$@" 8>&-
  ) 8>"$file"
}
