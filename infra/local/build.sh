# shellcheck shell=bash
# The services, built from the sources here and kept in the cache, one directory for each state of the sources. A
# running platform reads that directory and never target/, so that building or testing does not pull the rug away.

SERVICES=(inference-node repo-indexer review-bot platform-api)
BUILDS_KEPT=3

guildhall_version() { sed -n 's|^  <version>\(.*\)</version>.*|\1|p' "$project_dir/pom.xml" | head -n 1; }

service_jar() { # SERVICE
  local version
  version=$(guildhall_version)
  case $1 in
    platform-api) printf 'platform-api/server/target/guildhall-platform-server-%s.jar' "$version" ;;
    repo-indexer) printf 'repo-indexer/target/guildhall-repo-indexer-%s.jar' "$version" ;;
    review-bot) printf 'review-bot/target/guildhall-review-bot-%s.jar' "$version" ;;
    inference-node) printf 'inference-node/server/target/guildhall-inference-server-%s.jar' "$version" ;;
  esac
}

# A number that changes with anything that the build reads: names and contents of the sources.
source_hash() {
  (
    cd "$project_dir"
    find pom.xml .mvn platform-api repo-indexer review-bot inference-node web-ui \
      \( -name target -o -name node_modules -o -name dist -o -name '*.md' -o -path '*/src/test' \) -prune -o -type f -print0 \
      | sort --zero-terminated | xargs --null sha256sum | sha256sum | cut -c 1-16
  )
}

build_dir() { printf '%s/builds/%s' "$cache_dir" "$1"; } # SOURCE_HASH

build_with_maven() {
  (
    cd "$project_dir"
    run_maven --threads 1C -Dmaven.test.skip=true -DskipTests=true package
  ) || die 'the build failed' 'see the messages above'
}

# Unpacks the services that Maven has built: classes and libraries as separate files start quicker than one archive.
unpack_services() { # DIRECTORY
  local service jar
  for service in "${SERVICES[@]}"; do
    jar=$project_dir/$(service_jar "$service")
    [[ -f $jar ]] || die "the build left no $jar" 'mvn package'
    "$java_home/bin/java" -Djarmode=tools -jar "$jar" extract --destination "$1/$service"
    mv "$1/$service/$(basename "$jar")" "$1/$service/$service.jar"
  done
}

build_and_unpack() { # DIRECTORY
  build_with_maven
  unpack_services "$1"
}

# Leaves a place of the cache for what the sources are now. Sets nothing: the caller knows the hash.
build_services() { # SOURCE_HASH
  local directory
  directory=$(build_dir "$1")
  if [[ -f $directory/completed ]]; then
    note 'services and web page as built before'
  else
    # One build at a time in a copy's target directories, and one of the same sources whatever the copy.
    with_lock "$cache_dir/builds/copy-$(sha256sum <<<"$project_dir" | cut -c 1-16).lock" \
      with_lock "$directory.lock" cached_directory "$directory" build_and_unpack
    note "built ${#SERVICES[@]} services and the web page"
  fi
  touch "$directory"
  remove_old_builds
}

# Keeps the newest builds, those of the last hours (another copy may be about to start one), and those that a running
# process of any data directory reads.
remove_old_builds() {
  local directory
  while read -r directory; do
    grep -qsF --binary-files=text "$directory/" /proc/[0-9]*/cmdline || rm -rf "$directory"
  done < <(find "$cache_dir/builds" -mindepth 1 -maxdepth 1 -type d ! -name '*.new' -mmin +180 -printf '%T@ %p\n' | sort -rn | tail -n "+$((BUILDS_KEPT + 1))" | cut -d ' ' -f 2-)
}
