# shellcheck shell=bash
# Databases, roles and schemas: one role a service, which owns its schema and sees no other.

role_exists() { [[ $(sql postgres --set "name=$1" <<<"select 1 from pg_roles where rolname = :'name'") == 1 ]]; }

# The password comes in by standard input: an argument could be read by other users of the machine.
create_role() { # ROLE PASSWORD
  local verb=create
  if role_exists "$1"; then verb=alter; fi
  printf "%s role %s login password '%s';\n" "$verb" "$1" "$2" | sql postgres
}

create_database() { # DATABASE PASSWORD; owned by a role of the same name
  create_role "$1" "$2"
  if [[ $(sql postgres --set "name=$1" <<<"select 1 from pg_database where datname = :'name'") != 1 ]]; then
    sql postgres <<<"create database $1 owner $1"
    sql postgres <<<"revoke connect on database $1 from public"
  fi
}
