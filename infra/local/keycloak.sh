# shellcheck shell=bash
# Keycloak: its own distribution, out of Maven's repository, prepared once for our database.

keycloak_home() { printf '%s/keycloak-%s' "$cache_dir" "$(pom_property keycloak.version)"; }

prepare_keycloak() { # DIRECTORY
  local version
  version=$(pom_property keycloak.version)
  run_maven --file "$project_dir/infra/local/kafka/pom.xml" dependency:copy -DoutputDirectory="$1" \
    -Dartifact="org.keycloak:keycloak-quarkus-dist:$version:tar.gz" -Dkafka-broker.version="$(pom_property kafka-broker.version)" \
    || die 'Keycloak could not be fetched through Maven' 'is the repository in Maven'\''s settings reachable?'
  tar -xzf "$1/keycloak-quarkus-dist-$version.tar.gz" -C "$1" --strip-components 1
  rm -f "$1/keycloak-quarkus-dist-$version.tar.gz"
  JAVA_HOME=$java_home "$1/bin/kc.sh" build --db=postgres --health-enabled=true >&2 \
    || die 'Keycloak could not prepare itself (kc.sh build)' 'see the messages above'
}

install_keycloak() { with_lock "$(keycloak_home).lock" cached_directory "$(keycloak_home)" prepare_keycloak; }

keycloak_url() { printf 'http://127.0.0.1:%s' "$keycloak_port"; }

issuer() { printf '%s/realms/guildhall' "$(keycloak_url)"; }

# The distribution stays untouched in the cache; what differs from one data directory to the next lies in a home of its own.
launch_keycloak() { # JAVA_OPTION...
  local home=$data_dir/keycloak distribution cache
  if living_pid "$(pid_file keycloak)" >/dev/null; then return; fi
  cache=$(keycloak_class_cache)
  if [[ -f $cache ]]; then set -- "-XX:AOTCache=$cache" -Xlog:aot=off -Xlog:cds=off; fi
  distribution=$(keycloak_home)
  mkdir -p "$home/data/import"
  ln -sfn "$distribution/lib" "$home/lib"
  ln -sfn "$distribution/providers" "$home/providers"
  ln -sfn "$distribution/themes" "$home/themes"
  ln -sfn "$distribution/conf" "$home/conf"
  realm_file | write_file "$home/data/import/guildhall-realm.json" 600
  create_database keycloak "$(secret keycloak-database-password)"
  part_origin keycloak | write_file "$(origin_file keycloak)"
  (
    # By the environment, which other users cannot read. The realm's ${…} placeholders are filled from it, too.
    export KC_DB_URL="jdbc:postgresql://127.0.0.1:$postgresql_port/keycloak" KC_DB_USERNAME=keycloak KC_DB_PASSWORD="$(secret keycloak-database-password)"
    export KC_BOOTSTRAP_ADMIN_USERNAME=keeper KC_BOOTSTRAP_ADMIN_PASSWORD="$(secret keycloak-admin-password)"
    export GUILDHALL_PORT="$web_port" GUILDHALL_ADMIN_PASSWORD="$(secret admin-password)" GUILDHALL_WEB_SECRET="$(secret web-client-secret)"
    export GUILDHALL_PLATFORM_SECRET="$(secret platform-client-secret)" GUILDHALL_INDEXER_SECRET="$(secret indexer-client-secret)"
    export GUILDHALL_REVIEW_BOT_SECRET="$(secret review-bot-client-secret)" GUILDHALL_INFERENCE_SECRET="$(secret inference-client-secret)"
    start_process "$(pid_file keycloak)" "$(output_file keycloak)" \
      "$java_home/bin/java" -Xms96m -Xmx512m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 "$@" -Dfile.encoding=UTF-8 -Duser.language=en -Duser.country=US \
      --add-opens=java.base/java.util=ALL-UNNAMED --add-opens=java.base/java.util.concurrent=ALL-UNNAMED \
      --add-opens=java.base/java.security=ALL-UNNAMED --add-opens=java.base/java.lang=ALL-UNNAMED --enable-native-access=ALL-UNNAMED \
      -Djava.util.concurrent.ForkJoinPool.common.threadFactory=io.quarkus.bootstrap.forkjoin.QuarkusForkJoinWorkerThreadFactory \
      -Dkc.home.dir="$home" -Djboss.server.config.dir="$distribution/conf" -Djava.util.logging.manager=org.jboss.logmanager.LogManager \
      -Dquarkus-log-max-startup-records=10000 -cp "$distribution/lib/quarkus-run.jar" io.quarkus.bootstrap.runner.QuarkusEntryPoint \
      start --optimized --import-realm --cache=local --http-enabled=true --http-host=127.0.0.1 --http-port="$keycloak_port" \
      --http-management-port="$keycloak_management_port" --hostname="$(keycloak_url)" --log=file --log-file="$(log_file keycloak)"
  )
}

start_keycloak() {
  note "$(keycloak_version)"
  install_keycloak
  if [[ -z $for_tests && ${GUILDHALL_CLASS_CACHE:-} != off && ! -f $(keycloak_class_cache) ]] && ! living_pid "$(pid_file keycloak)" >/dev/null; then
    make_keycloak_class_cache
  fi
  launch_keycloak
  await_keycloak
  keep_web_client_addresses
}

await_keycloak() {
  wait_until_healthy "$(pid_file keycloak)" 180 http_ok "$(issuer)/.well-known/openid-configuration" || part_failed keycloak $?
}

# Made at the first start, by a start of its own.
make_keycloak_class_cache() {
  local cache
  cache=$(keycloak_class_cache)
  launch_keycloak "-XX:AOTCacheOutput=$cache.$$"
  await_keycloak
  stop_process "$(pid_file keycloak)" 90
  mv "$cache.$$" "$cache" || say 'Keycloak starts without a class cache'
}

keycloak_class_cache() { printf '%s/keycloak.%s.aot' "$(keycloak_home)" "$(jdk_version "$java_home")"; }

# The realm as it is imported at the first start.
realm_file() {
  local realm=$project_dir/infra/keycloak/guildhall-realm.json
  if [[ -n $for_tests ]]; then node "$project_dir/infra/keycloak/test-realm.mjs" "$realm"; else cat "$realm"; fi
}

# The import sees the web port of the first start only: the addresses that the web page may be at follow the port.
keep_web_client_addresses() {
  local known=$data_dir/keycloak/web-port
  # The realm for tests allows any port.
  if [[ -n $for_tests || $(cat "$known" 2>/dev/null) == "$web_port" ]]; then return; fi
  KEYCLOAK_URL=$(keycloak_url) KEYCLOAK_ADMIN_PASSWORD=$(secret keycloak-admin-password) \
    node "$project_dir/infra/keycloak/move-web-client.mjs" "$(public_url)" "http://127.0.0.1:$web_port" >&2 \
    || die 'the web page'\''s addresses could not be told to Keycloak' 'see the message above; guildhall up tries again'
  printf '%s' "$web_port" | write_file "$known"
}

keycloak_version() { printf 'Keycloak %s' "$(pom_property keycloak.version)"; }
