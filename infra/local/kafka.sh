# shellcheck shell=bash
# Kafka: one broker that is its own controller (KRaft), out of Maven's repository.

run_maven() {
  need_maven
  JAVA_HOME=$java_home MAVEN_OPTS='--sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED' \
    mvn --batch-mode --quiet --strict-checksums "$@" >&2
}

# Copies what a function makes into the cache under its final name only when it is whole.
cached_directory() { # DIRECTORY FUNCTION
  local directory=$1
  shift
  [[ -f $directory/completed ]] && return 0
  rm -rf "$directory" "$directory.new"
  mkdir -p "$directory.new"
  "$@" "$directory.new"
  : >"$directory.new/completed"
  mv "$directory.new" "$directory"
}

kafka_home() { printf '%s/kafka-%s' "$cache_dir" "$(pom_property kafka-broker.version)"; }

copy_kafka() { # DIRECTORY
  run_maven --file "$project_dir/infra/local/kafka/pom.xml" dependency:copy-dependencies -DoutputDirectory="$1/lib" \
    -DincludeScope=runtime -Dkafka-broker.version="$(pom_property kafka-broker.version)" \
    || die 'Kafka could not be fetched through Maven' 'is the repository in Maven'\''s settings reachable?'
}

install_kafka() { with_lock "$(kafka_home).lock" cached_directory "$(kafka_home)" copy_kafka; }

kafka_settings() { # DIRECTORY PORT CONTROLLER_PORT
  printf '%s\n' \
    'process.roles=broker,controller' \
    'node.id=1' \
    "controller.quorum.voters=1@127.0.0.1:$3" \
    "listeners=PLAINTEXT://127.0.0.1:$2,CONTROLLER://127.0.0.1:$3" \
    "advertised.listeners=PLAINTEXT://127.0.0.1:$2" \
    'controller.listener.names=CONTROLLER' \
    "log.dirs=$(properties_text "$1")" \
    'offsets.topic.replication.factor=1' \
    'offsets.topic.num.partitions=10' \
    'transaction.state.log.replication.factor=1' \
    'transaction.state.log.min.isr=1' \
    'share.coordinator.state.topic.replication.factor=1' \
    'share.coordinator.state.topic.min.isr=1' \
    'group.initial.rebalance.delay.ms=0' \
    'auto.create.topics.enable=false' \
    'log.retention.hours=168'
}

# A Java properties file takes a backslash for an escape.
properties_text() { printf '%s' "${1//\\/\\\\}"; }

kafka_logging() { # FILE
  printf '%s\n' \
    'handlers=java.util.logging.FileHandler' \
    '.level=INFO' \
    'org.apache.kafka.level=WARNING' \
    'kafka.level=WARNING' \
    'kafka.server.level=INFO' \
    "java.util.logging.FileHandler.pattern=$(properties_text "${1//%/%%}")" \
    'java.util.logging.FileHandler.limit=10000000' \
    'java.util.logging.FileHandler.count=1' \
    'java.util.logging.FileHandler.append=true' \
    'java.util.logging.FileHandler.formatter=java.util.logging.SimpleFormatter' \
    'java.util.logging.SimpleFormatter.format=%1$tFT%1$tT.%1$tL %4$s %3$s %5$s%6$s%n'
}

start_kafka() {
  local state=$data_dir/kafka cache
  note "$(kafka_version)"
  living_pid "$(pid_file kafka)" >/dev/null && return 0
  install_kafka
  mkdir -p "$state"
  kafka_settings "$state/log" "$kafka_port" "$kafka_controller_port" | write_file "$state/server.properties"
  kafka_logging "$(log_file kafka)" | write_file "$state/logging.properties"
  if [[ ! -f $state/log/meta.properties ]]; then
    rm -rf "$state/log"
    "$java_home/bin/java" -XX:TieredStopAtLevel=1 -cp "$(kafka_home)/lib/*" kafka.tools.StorageTool format \
      --config "$state/server.properties" --cluster-id "$(random_hex 16 | head -c 22)" >&2 \
      || die 'Kafka could not format its storage' "see the messages above; the directory is $state"
  fi
  cache=$(kafka_class_cache)
  if [[ -z $for_tests && ${GUILDHALL_CLASS_CACHE:-} != off && ! -f $cache ]]; then
    launch_kafka "-XX:AOTCacheOutput=$cache.$$"
    stop_process "$(pid_file kafka)" 60
    mv "$cache.$$" "$cache" || say 'Kafka starts without a class cache'
  fi
  if [[ -f $cache ]]; then launch_kafka "-XX:AOTCache=$cache" -Xlog:aot=off -Xlog:cds=off; else launch_kafka; fi
}

# Made at the first start, by a start of its own.
kafka_class_cache() { printf '%s/kafka.%s.aot' "$(kafka_home)" "$(jdk_version "$java_home")"; }

launch_kafka() { # JAVA_OPTION...
  start_process "$(pid_file kafka)" "$(output_file kafka)" "$java_home/bin/java" -Xms64m -Xmx384m -XX:+UseSerialGC \
    -XX:TieredStopAtLevel=1 "$@" "-Djava.util.logging.config.file=$data_dir/kafka/logging.properties" \
    -cp "$(kafka_home)/lib/*" kafka.Kafka "$data_dir/kafka/server.properties"
  wait_until_healthy "$(pid_file kafka)" 90 port_answers "$kafka_port" || part_failed kafka $?
}

kafka_version() { printf 'Kafka %s' "$(pom_property kafka-broker.version)"; }
