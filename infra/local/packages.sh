# shellcheck shell=bash
# The distribution's packages: installed system-wide where we may, or unpacked into the user's own cache.

# "root" and "sudo" say how packages can be installed; nothing when they cannot.
package_means() {
  have apt-get || return 1
  if is_root; then
    printf 'root'
  elif have sudo && sudo -n true 2>/dev/null; then
    printf 'sudo'
  else
    return 1
  fi
}

as_package_owner() {
  if is_root; then "$@"; else sudo -n "$@"; fi
}

package_installed() { [[ $(dpkg-query -W -f '${Status}' "$1" 2>/dev/null) == 'install ok installed' ]]; }

# Whether the machine's own package sources offer a package.
package_offered() {
  local candidate
  candidate=$(LC_ALL=C apt-cache policy "$1" 2>/dev/null | sed -n 's/^ *Candidate: //p')
  [[ -n $candidate && $candidate != '(none)' ]]
}

refresh_package_lists() {
  as_package_owner apt-get -q update >&2 || say 'the package lists could not be refreshed; going on with those that are here'
}

# Installs packages, after saying which; for a user who may not, unpacks them into the cache.
install_packages() { # WHY PACKAGE...
  local why=$1
  if ! package_means >/dev/null; then
    install_user_packages "$@"
    return
  fi
  shift
  say "installing packages for $why: $*"
  refresh_package_lists
  as_package_owner env DEBIAN_FRONTEND=noninteractive apt-get -q -y install --no-install-recommends "$@" >&2 \
    || die "the packages could not be installed: $*" "see the messages above; apt-get install --no-install-recommends $*"
}

# Installs what provides the commands that are missing.
need_commands() { # WHY COMMAND=PACKAGE...
  local why=$1 pair missing=()
  shift
  for pair in "$@"; do
    have "${pair%%=*}" || missing+=("${pair#*=}")
  done
  ((${#missing[@]} == 0)) || install_packages "$why" "${missing[@]}"
}

# Prints "URI<tab>SUITE<tab>KEYRING" for each archive in apt source files, of both forms: one line (.list) and deb822 (.sources).
apt_archives() { # FILE...
  local file
  for file in "$@"; do
    [[ -f $file ]] || continue
    case $file in
      *.sources) deb822_archives "$file" ;;
      *) one_line_archives "$file" ;;
    esac
  done
}

one_line_archives() { # FILE
  awk '
    $1 == "deb" {
      keyring = ""; field = 2
      if ($2 ~ /^\[/) {
        while (field <= NF) {
          option = $field; gsub(/[][]/, "", option)
          if (option ~ /^signed-by=/) keyring = substr(option, 11)
          if ($(field++) ~ /\]$/) break
        }
      }
      print $field "\t" $(field + 1) "\t" keyring
    }' "$1"
}

deb822_archives() { # FILE
  awk '
    function flush(   u, s, uris, suites, i, j) {
      if (enabled != "no" && types ~ /(^| )deb( |$)/) {
        u = split(uri, uris, " "); s = split(suite, suites, " ")
        for (i = 1; i <= u; i++) for (j = 1; j <= s; j++) print uris[i] "\t" suites[j] "\t" keyring
      }
      types = uri = suite = keyring = enabled = last = ""
    }
    /^[ \t]*$/ { flush(); next }
    /^#/ { next }
    {
      if ($0 ~ /^[ \t]/) { value = $0; sub(/^[ \t]+/, "", value) }
      else {
        last = tolower(substr($0, 1, index($0, ":") - 1))
        value = substr($0, index($0, ":") + 1); sub(/^[ \t]+/, "", value)
      }
      if (last == "types") types = types " " value
      else if (last == "uris") uri = uri " " value
      else if (last == "suites") suite = suite " " value
      else if (last == "signed-by") keyring = keyring value
      else if (last == "enabled") enabled = tolower(value)
    }
    END { flush() }' "$1"
}

# The archives of this distribution: those with a suite named after the release, or after it with -security.
own_archives() { # CODENAME
  local files=(/etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources)
  apt_archives "${files[@]}" | awk -F '\t' -v main="$1" -v security="$1-security" \
    '($2 == main || $2 == security) && !seen[$1 $2]++'
}

# The directory of libraries, such as x86_64-linux-gnu.
multiarch() { dpkg-architecture -qDEB_HOST_MULTIARCH 2>/dev/null || printf '%s-linux-gnu' "$(uname -m)"; }

os_release() { # KEY
  (
    # shellcheck disable=SC1091
    . /etc/os-release
    printf '%s' "${!1:-}"
  )
}

# Unpacks packages of another suite of this distribution, with the libraries that they need, into a directory, as any
# user. The mirror and its keys are those that the machine's own apt uses. A private apt root makes apt name the whole
# closure of what the list of installed packages (dpkg's status file, or an empty one) lacks.
unpack_packages_of_suite() { # SUITE STATUS_FILE DIRECTORY SKIP_PATTERN PACKAGE...
  local suite=$1 status=$2 directory=$3 skip=$4
  shift 4
  local root=$directory.apt codename uri archive_suite keyring archives name names=()
  have apt-get || die 'apt-get is missing' 'Guildhall sets itself up on Debian and Ubuntu; elsewhere use infra/compose'
  codename=$(os_release VERSION_CODENAME)
  archives=$(own_archives "$codename")
  [[ -n $archives ]] || die "no package source for $codename in /etc/apt" 'add the distribution'\''s archive to /etc/apt/sources.list.d'
  rm -rf "$root" "$directory"
  mkdir -p "$root"/etc/{apt.conf.d,preferences.d} "$root"/lists/partial "$root"/archives/partial "$directory"
  cp "$status" "$root/status"
  while IFS=$'\t' read -r uri archive_suite keyring; do
    printf 'deb %s%s %s%s main\n' "${keyring:+[signed-by=$keyring] }" "$uri" "$suite" "${archive_suite#"$codename"}"
  done <<<"$archives" >"$root/etc/sources.list"
  # The machine's proxy and certificate settings stay in force: only places are changed.
  local options=(
    -q -o "Dir::Etc::sourcelist=$root/etc/sources.list" -o Dir::Etc::sourceparts=-
    -o "Dir::Etc::preferencesparts=$root/etc/preferences.d" -o "Dir::Etc::preferences=$root/etc/preferences"
    -o "Dir::State::Lists=$root/lists" -o "Dir::State::status=$root/status"
    -o "Dir::Cache=$root" -o "Dir::Cache::archives=$root/archives"
    -o APT::Install-Recommends=false -o Acquire::Languages=none -o Debug::NoLocking=true -o APT::Sandbox::User=root
    -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false
    -o Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled=false
  )
  apt-get "${options[@]}" update >&2 || die "the package lists of $suite could not be fetched" 'is the package mirror in /etc/apt reachable?'
  names=()
  for name in $(LC_ALL=C apt-get "${options[@]}" -s install "$@" | awk '$1 == "Inst" { print $2 }'); do
    [[ $name =~ ^($skip)$ ]] || names+=("$name")
  done
  ((${#names[@]} > 0)) || die "$suite does not offer: $*" 'install them by other means; Java is also found by JAVA_HOME, the others in PATH'
  (cd "$root/archives" && apt-get "${options[@]}" download "${names[@]}" >&2) || die "packages of $suite could not be fetched" 'try again'
  for name in "$root"/archives/*.deb; do
    dpkg -x "$name" "$directory"
  done
  rm -rf "$root"
}
