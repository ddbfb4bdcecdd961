# shellcheck shell=bash
# For a user who may not install packages: the distribution's own, with all that is missing beneath them, unpacked into
# the cache. They are of the release that runs here, so that its own loader and C library serve them.

user_packages_root() { printf '%s/packages' "$cache_dir"; }

# What was unpacked before comes after the machine's own commands.
find_user_packages() {
  local directory
  for directory in "$(user_packages_root)"/*/; do
    if [[ -f $directory/completed ]]; then PATH=$PATH:${directory%/}/bin; fi
  done
}

# Unpacks packages for a user without rights; says which.
install_user_packages() { # WHY PACKAGE...
  local why=$1 directory
  shift
  # Debian's Node.js reads parts of itself by absolute paths.
  [[ ! " $* " =~ ' '(nodejs|npm)' ' ]] || die "$why needs the packages: $*, and $(id -un) may not install any" \
    'as root: apt-get install --no-install-recommends nodejs npm; the others then come by themselves'
  directory=$(user_packages_root)/$(printf '%s\n' "$@" | sort | sha256sum | cut -c 1-16)
  say "unpacking packages for $why into $(pretty_path "$directory"), since $(id -un) may not install any: $*"
  with_lock "$directory.lock" cached_directory "$directory" unpack_user_packages "$@"
  PATH=$PATH:$directory/bin
  hash -r
}

unpack_user_packages() { # PACKAGE... DIRECTORY
  local directory=${*: -1}
  unpack_packages_of_suite "$(os_release VERSION_CODENAME)" /var/lib/dpkg/status "$directory" "$USER_PACKAGES_UNNEEDED" "${@:1:$#-1}"
  adopt_links "$directory"
  make_trust_store "$directory"
  write_commands "$directory"
}

# What sets up a whole system, what compilers read, and the Java of the release that ours stands for.
USER_PACKAGES_UNNEEDED='systemd.*|dbus.*|libpam-.*|adduser|debconf|update-inetd|.*-dev|default-jre.*|openjdk-(1.|2[0-4])-.*'

# Links to places of the system lead to the unpacked files instead, where there are such.
adopt_links() { # DIRECTORY
  local link target
  while IFS= read -r -d '' link; do
    target=$1$(readlink "$link")
    if [[ -e $target || -L $target ]]; then ln -sfnr "$target" "$link"; fi
  done < <(find "$1" -type l -lname '/*' -print0)
}

# A JDK's package leaves it to a script to collect the certificates that Java trusts.
make_trust_store() { # DIRECTORY
  local jdk file
  for jdk in "$1"/usr/lib/jvm/java-*; do
    file=$jdk/lib/security/cacerts
    if [[ -d $jdk && ! -L $jdk && ! -e $file ]]; then
      rm -f "$file"
      "$jdk/bin/java" "$project_dir/infra/local/TrustStore.java" /etc/ssl/certs/ca-certificates.crt "$file" >&2 \
        || die 'the certificates that Java trusts could not be collected' 'is the package ca-certificates installed?'
    fi
  done
}

# One small script a command, which tells it where the libraries are.
write_commands() { # DIRECTORY
  local directory=$1 file
  mkdir "$directory/bin"
  for file in "$directory"/usr/bin/*; do
    if [[ -f $file && -x $file ]]; then write_command "$directory" "${file##*/}" "\$root/usr/bin/${file##*/}"; fi
  done
  if [[ -f $directory/usr/share/maven/bin/mvn ]]; then write_command "$directory" mvn "\$root/usr/share/maven/bin/mvn"; fi
  if [[ -d $directory/usr/lib/python3/dist-packages/pip ]]; then
    write_command "$directory" pip3 env "PYTHONPATH=\$root/usr/lib/python3/dist-packages" python3 -m pip
  fi
  if [[ -x $directory/usr/lib/chromium/chromium ]]; then
    write_command "$directory" chromium env "FONTCONFIG_SYSROOT=\$root" "\$root/usr/lib/chromium/chromium"
  fi
}

write_command() { # DIRECTORY NAME WORD...
  local file=$1/bin/$2
  {
    printf '%s\n' '#!/bin/bash' 'root=$(dirname -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")")'
    printf 'export PATH=$root/bin:$PATH LD_LIBRARY_PATH=%s${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}\n' "$(library_path "$1")"
    printf 'exec'
    printf ' "%s"' "${@:3}"
    printf ' "$@"\n'
  } >"$file"
  chmod 755 "$file"
}

# The directories of libraries, such as that of PulseAudio beneath the usual one, from the root that the script knows.
library_path() { # DIRECTORY
  local libraries=usr/lib/$(multiarch) directory path
  path=\$root/$libraries
  for directory in "$1/$libraries"/*/; do
    if compgen -G "${directory}lib*.so*" >/dev/null; then path+=":\$root/${directory#"$1/"}"; fi
  done
  printf '%s' "$path"
}
