# shellcheck shell=bash
# PostgreSQL with pgvector: the distribution's packages, or the same packages in a prefix of our own.

# Releases that serve, the preferred one first: Debian 13 has 17, Ubuntu 26.04 has 18.
POSTGRESQL_RELEASES=(17 18)

# The first of them that the machine's package sources offer with pgvector.
offered_postgresql() {
  local release
  for release in "${POSTGRESQL_RELEASES[@]}"; do
    if package_offered "postgresql-$release-pgvector"; then
      printf '%s' "$release"
      return
    fi
  done
  return 1
}

# PostgreSQL refuses to run as root. Then it runs as a user of its own, in directories that this user can reach.
postgresql_user() {
  is_root || return 1
  if getent passwd postgres >/dev/null; then printf 'postgres'; else printf 'guildhall-db'; fi
}

create_postgresql_user() {
  local user
  user=$(postgresql_user) || return 0
  getent passwd "$user" >/dev/null && return 0
  useradd --system --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin "$user" >&2 \
    || die "the user $user could not be created" 'PostgreSQL does not run as root: create that user, or start Guildhall as a normal user'
}

as_postgresql_user() {
  local user
  if user=$(postgresql_user); then
    setpriv --reuid "$user" --regid "$(id -g "$user")" --clear-groups env -C / HOME=/nonexistent "$@"
  else
    "$@"
  fi
}

# Root's home is closed to others: the system's own places for caches and state serve there.
postgresql_prefix() {
  if is_root; then printf '/var/cache/guildhall/postgresql'; else printf '%s/postgresql' "$cache_dir"; fi
}

# The database's directory. Root's data directory may be out of reach for the database's user; then a directory under
# /var/lib takes its place, and the data directory holds a link to it.
postgresql_data() {
  printf '%s/postgresql' "$data_dir"
}

POSTGRESQL_ROOT_DATA=/var/lib/guildhall

# Databases whose data directory is gone.
remove_orphaned_databases() {
  local owner
  for owner in "$POSTGRESQL_ROOT_DATA"/*.owner; do
    [[ -f $owner ]] || continue
    [[ $(readlink "$(cat "$owner")") == "${owner%.owner}" ]] || rm -rf "${owner%.owner}" "$owner"
  done
}

create_postgresql_data() {
  local data user real
  data=$(postgresql_data)
  if user=$(postgresql_user); then
    if as_postgresql_user test -x "$data_dir"; then
      install -d -m 700 -o "$user" "$data"
    else
      real=$(readlink "$data") || real=$POSTGRESQL_ROOT_DATA/$(random_hex 8)
      install -d -m 755 "$POSTGRESQL_ROOT_DATA"
      remove_orphaned_databases
      install -d -m 700 -o "$user" "$real"
      printf '%s' "$data" | write_file "$real.owner"
      ln -sfn "$real" "$data"
    fi
  else
    mkdir -p "$data"
    chmod 700 "$data"
  fi
}

# The newest PostgreSQL from 17 on that has pgvector, among the distribution's own.
system_postgresql() {
  local control found=''
  for control in /usr/share/postgresql/*/extension/vector.control; do
    [[ $control =~ ^/usr/share/postgresql/([0-9]+)/ ]] || continue
    if ((BASH_REMATCH[1] >= 17)) && [[ -x /usr/lib/postgresql/${BASH_REMATCH[1]}/bin/postgres ]]; then
      found=/usr/lib/postgresql/${BASH_REMATCH[1]}/bin
    fi
  done
  [[ -n $found ]] && printf '%s' "$found"
}

postgresql_bin() {
  system_postgresql && return
  local prefix bin
  prefix=$(postgresql_prefix)
  [[ -f $prefix/completed ]] || return 1
  for bin in "$prefix"/usr/lib/postgresql/*/bin; do printf '%s' "$bin"; done
}

# Our own cluster is the only one that we want: the package would make and start another.
install_postgresql_packages() { # RELEASE PACKAGE... to install with it
  local conf=/etc/postgresql-common/createcluster.d/guildhall.conf release=$1
  shift
  as_package_owner mkdir -p "${conf%/*}"
  printf 'create_main_cluster = false\n' | as_package_owner tee "$conf" >/dev/null
  install_packages "${1:+Guildhall with }PostgreSQL" "postgresql-$release" "postgresql-$release-pgvector" "$@"
  as_package_owner rm -f "$conf"
}

# What the closure names and a server without its packages' scripts does not need: Perl, the compiler behind JIT,
# translations, and what belongs to the set-up of a whole system.
POSTGRESQL_UNNEEDED='perl|perl-.*|lib.*-perl|libperl.*|libllvm.*|libz3-.*|locales|libc-l10n|libc-bin|adduser|passwd|base-passwd|login.*|debconf|cdebconf|ucf|ssl-cert|openssl|openssl-provider-legacy|procps|libproc2-.*|postgresql-common.*|postgresql-client-common|sysvinit-utils|init-system-helpers|netbase|sensible-utils|libdb5.*|libgdbm.*|libpam-modules.*|libsemanage.*|libsepol.*|gcc-.*-base|readline-common|libdebconfclient0|libaudit-common|libncurses.*'

unpack_postgresql() {
  local prefix=$1 suite release loader libraries file
  case $(os_release ID) in
    debian) suite=trixie release=17 ;;
    ubuntu) suite=resolute release=18 ;;
    *) die "PostgreSQL ${POSTGRESQL_RELEASES[*]} with pgvector is not installed, and this is neither Debian nor Ubuntu" 'install both by the means of this system' ;;
  esac
  unpack_packages_of_suite "$suite" /dev/null "$prefix" "$POSTGRESQL_UNNEEDED" "postgresql-$release" "postgresql-$release-pgvector" patchelf
  rm -rf "$prefix/usr/lib/postgresql/$release"/lib/{llvmjit*,bitcode} "$prefix"/usr/share/{doc,man,locale,lintian}
  libraries=$prefix/usr/lib/$(multiarch)
  loader=$(find "$libraries" -maxdepth 1 -name 'ld-linux*.so.*' | head -n 1)
  [[ -n $loader ]] || die "no dynamic loader in $libraries" "remove $prefix and try again"
  # patchelf itself needs the new libraries until it has been patched.
  for file in "$prefix/usr/lib/postgresql/$release"/bin/* "$prefix/usr/lib/postgresql/$release"/lib/*.so; do
    [[ -f $file && ! -L $file ]] || continue
    is_elf "$file" || continue
    if [[ $file == *.so ]]; then
      "$loader" --library-path "$libraries" "$prefix/usr/bin/patchelf" --force-rpath --set-rpath "$libraries" "$file"
    else
      "$loader" --library-path "$libraries" "$prefix/usr/bin/patchelf" --set-interpreter "$loader" --force-rpath --set-rpath "$libraries" "$file"
    fi
  done
  if "$loader" --list "$prefix/usr/lib/postgresql/$release/bin/postgres" | awk -v prefix="$prefix" '/=> \// && index($3, prefix) != 1 { found = 1; print } END { exit !found }' >&2; then
    die "PostgreSQL in $prefix would load libraries of this system" 'this is a mistake in infra/local/postgresql.sh: POSTGRESQL_UNNEEDED leaves out too much'
  fi
  "$prefix/usr/lib/postgresql/$release/bin/postgres" --version >&2 || die "PostgreSQL in $prefix does not run" "remove $prefix and try again"
  : >"$prefix/completed"
}

is_elf() { [[ $(head -c 4 "$1" | od -An -tx1 | tr -d ' ') == 7f454c46 ]]; }

install_postgresql_locked() {
  local prefix release
  postgresql_bin >/dev/null && return 0
  if package_means >/dev/null && { release=$(offered_postgresql) || { refresh_package_lists; release=$(offered_postgresql); }; }; then
    install_postgresql_packages "$release"
  else
    prefix=$(postgresql_prefix)
    unpack_postgresql "$prefix"
  fi
  postgresql_bin >/dev/null || die 'PostgreSQL with pgvector is not there after its installation' 'apt-get install postgresql-17 postgresql-17-pgvector'
}

install_postgresql() { with_lock "$cache_dir/postgresql.lock" install_postgresql_locked; }

postgresql_version() {
  local bin version vector
  bin=$(postgresql_bin)
  version=$("$bin/postgres" --version | sed 's/^[^0-9]*\([0-9.]*\).*/\1/')
  vector=$(sed -n "s/^default_version = '\(.*\)'/\1/p" "${bin/lib\/postgresql\/*/share\/postgresql\/}${version%%.*}/extension/vector.control")
  printf 'PostgreSQL %s + pgvector %s' "$version" "$vector"
}

# Makes the cluster under another name and moves it when it is whole.
create_postgresql_cluster() {
  local bin=$1 data=$2 password_file
  [[ -f $data/cluster/PG_VERSION ]] && return 0
  as_postgresql_user rm -rf "$data/cluster.new"
  password_file=$data/password
  (umask 077 && printf '%s\n' "$(secret postgresql-password)" >"$password_file")
  if is_root; then chown "$(postgresql_user)" "$password_file"; fi
  as_postgresql_user "$bin/initdb" --pgdata "$data/cluster.new" --username guildhall_admin --pwfile "$password_file" \
    --auth scram-sha-256 --encoding UTF8 --locale-provider builtin --builtin-locale C.UTF-8 --locale C.UTF-8 --no-instructions >&2 \
    || die 'initdb could not create the database' "see the messages above; the directory is $data"
  rm -f "$password_file"
  as_postgresql_user mv "$data/cluster.new" "$data/cluster"
}

# All connections come by TCP from this machine: no socket file, whose path could become too long.
postgresql_settings() { # PORT
  # What initdb found out about this machine, such as its kind of shared memory, comes first.
  printf '%s\n' \
    "include 'postgresql.conf'" \
    "listen_addresses = '127.0.0.1'" \
    "port = $1" \
    "unix_socket_directories = ''" \
    'max_connections = 120' \
    'shared_buffers = 128MB' \
    'maintenance_work_mem = 128MB' \
    'jit = off' \
    'log_checkpoints = off' \
    "log_line_prefix = '%m [%p] %q%u@%d '" \
    "log_timezone = 'UTC'" \
    "timezone = 'UTC'"
}

start_postgresql() {
  local bin data
  note "$(postgresql_version 2>/dev/null)"
  living_pid "$(pid_file postgresql)" >/dev/null && return 0
  progress 'installing'
  install_postgresql
  progress 'starting'
  note "$(postgresql_version)"
  create_postgresql_user
  create_postgresql_data
  bin=$(postgresql_bin)
  data=$(readlink -f "$(postgresql_data)")
  create_postgresql_cluster "$bin" "$data"
  postgresql_settings "$postgresql_port" | as_postgresql_user tee "$data/cluster/guildhall.conf" >/dev/null
  forget_stale_postmaster "$data/cluster/postmaster.pid"
  local user words=(env -C /)
  # setpriv turns into the server and so keeps the process id: as_postgresql_user, a function, could not.
  user=$(postgresql_user) && words=(setpriv --reuid "$user" --regid "$(id -g "$user")" --clear-groups env -C /)
  start_process "$(pid_file postgresql)" "$(log_file postgresql)" "${words[@]}" \
    "$bin/postgres" -D "$data/cluster" -c "config_file=$data/cluster/guildhall.conf" \
    -c "hba_file=$data/cluster/pg_hba.conf" -c "ident_file=$data/cluster/pg_ident.conf"
  wait_until_healthy "$(pid_file postgresql)" 60 postgresql_answers || part_failed postgresql $?
}

# PostgreSQL refuses to start while the process of an earlier lock file lives. After a crash or in a new container that
# number may belong to another program: then the lock says nothing.
forget_stale_postmaster() { # LOCK_FILE
  local pid
  pid=$(as_postgresql_user head -n 1 "$1" 2>/dev/null) || return 0
  [[ $(cat "/proc/$pid/comm" 2>/dev/null) == postgres ]] || as_postgresql_user rm -f "$1"
}

postgresql_answers() { sql postgres -c 'select 1'; }

# Runs psql as the superuser. The password goes by the environment, which other users cannot read.
sql() { # DATABASE PSQL_ARGUMENTS...
  local database=$1
  shift
  PGPASSWORD=$(secret postgresql-password) PGCONNECT_TIMEOUT=5 "$(postgresql_bin)/psql" --no-psqlrc --quiet --tuples-only --no-align \
    --set ON_ERROR_STOP=1 --host 127.0.0.1 --port "$postgresql_port" --username guildhall_admin --dbname "$database" "$@"
}
