# shellcheck shell=bash
# Finds a JDK from 25 on: JAVA_HOME, then /usr/lib/jvm, then the cache, then the distribution's package, then a
# publisher's archive that the environment names.

JAVA_RELEASE_MIN=25

# Prints the version when the directory holds a whole JDK that is new enough.
jdk_version() { # DIRECTORY
  local version
  [[ -x $1/bin/java && -x $1/bin/javac && -f $1/release ]] || return 1
  version=$(sed -n 's/^JAVA_VERSION="\(.*\)"/\1/p' "$1/release")
  [[ ${version%%[.+-]*} =~ ^[0-9]+$ ]] && ((${version%%[.+-]*} >= JAVA_RELEASE_MIN)) && printf '%s' "$version"
}

find_jdk() {
  local candidate
  for candidate in "${JAVA_HOME:-/nonexistent}" /usr/lib/jvm/* "$cache_dir"/jdk/* "$(user_packages_root)"/*/usr/lib/jvm/*; do
    if jdk_version "$candidate" >/dev/null; then
      printf '%s' "$candidate"
      return
    fi
  done
  return 1
}

unpack_jdk() { # DIRECTORY
  curl --silent --show-error --fail --location --retry 3 --output "$1/jdk.tar.gz" "$GUILDHALL_JDK_URL" \
    || die "the JDK could not be fetched from $GUILDHALL_JDK_URL" 'GUILDHALL_JDK_URL names a .tar.gz of a JDK'
  sha256sum --check --status <<<"$GUILDHALL_JDK_SHA256  $1/jdk.tar.gz" \
    || die "the JDK's SHA-256 is $(sha256sum "$1/jdk.tar.gz" | cut -d ' ' -f 1), not $GUILDHALL_JDK_SHA256" 'see GUILDHALL_JDK_SHA256'
  tar -xzf "$1/jdk.tar.gz" -C "$1" --strip-components 1
  rm -f "$1/jdk.tar.gz"
}

install_jdk() {
  local package=openjdk-$JAVA_RELEASE_MIN-jdk-headless
  if package_means >/dev/null && { package_offered "$package" || { refresh_package_lists; package_offered "$package"; }; }; then
    install_packages "Java $JAVA_RELEASE_MIN" "$package"
  elif [[ -n ${GUILDHALL_JDK_URL:-} && -n ${GUILDHALL_JDK_SHA256:-} ]]; then
    cached_directory "$cache_dir/jdk/${GUILDHALL_JDK_SHA256:0:16}" unpack_jdk
  else
    die "no JDK $JAVA_RELEASE_MIN or newer: looked at JAVA_HOME (${JAVA_HOME:-not set}) and /usr/lib/jvm" \
      "install $package or another JDK $JAVA_RELEASE_MIN, or name an archive by GUILDHALL_JDK_URL and GUILDHALL_JDK_SHA256"
  fi
}

need_java() {
  java_home=$(find_jdk) && return
  install_jdk >&2
  java_home=$(find_jdk) || die "there is still no JDK $JAVA_RELEASE_MIN in /usr/lib/jvm" "set JAVA_HOME to a JDK $JAVA_RELEASE_MIN"
}

MAVEN_VERSION_MIN=3.8.7
NODE_VERSION_MIN=20

# Whether the first version is at least the second.
version_reaches() { # VERSION MINIMUM
  [[ $(printf '%s\n%s\n' "$2" "$1" | sort --version-sort | head -n 1) == "$2" ]]
}

# What builds and drives the platform: all that is missing is installed at one go.
need_tools() { # COMMAND=PACKAGE... beyond the usual ones
  local pair package packages=() version release
  for pair in git=git curl=curl mvn=maven node=nodejs npm=npm setpriv=util-linux "$@"; do
    have "${pair%%=*}" || packages+=("${pair#*=}")
  done
  package=openjdk-$JAVA_RELEASE_MIN-jdk-headless
  if ! find_jdk >/dev/null && { ((${#packages[@]} > 0)) || [[ -z ${GUILDHALL_JDK_URL:-} ]]; }; then
    if package_means >/dev/null && ! package_offered "$package"; then refresh_package_lists; fi
    if package_offered "$package" || [[ -z ${GUILDHALL_JDK_URL:-} ]]; then packages+=("$package"); fi
  fi
  if is_root && ! system_postgresql >/dev/null && ((${#packages[@]} > 0)) && release=$(offered_postgresql); then
    install_postgresql_packages "$release" "${packages[@]}"
  elif ((${#packages[@]} > 0)); then
    install_packages 'Guildhall' "${packages[@]}"
  fi
  need_java
  version=$(node --version)
  version_reaches "${version#v}" "$NODE_VERSION_MIN" \
    || die "Node.js is $version, needed is $NODE_VERSION_MIN or newer" 'install a newer Node.js and put it first in PATH'
}

need_maven() {
  local version
  version=$(JAVA_HOME=$java_home mvn --version 2>/dev/null | sed -n 's/.*Apache Maven \([0-9.]*\).*/\1/p' | head -n 1)
  version_reaches "${version:-0}" "$MAVEN_VERSION_MIN" \
    || die "Maven is ${version:-unknown}, needed is $MAVEN_VERSION_MIN or newer" 'install a newer Maven and put it first in PATH'
}
