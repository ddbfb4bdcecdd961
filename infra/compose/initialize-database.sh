#!/usr/bin/env bash
# Runs once in the PostgreSQL container: the databases, and a role for each service.
set -euo pipefail

role() { # ROLE PASSWORD
  printf "create role %s login password '%s';\n" "$1" "${2//\'/\'\'}"
}

{
  role keycloak "$KEYCLOAK_DATABASE_PASSWORD"
  role guildhall_platform "$PLATFORM_DATABASE_PASSWORD"
  role guildhall_indexer "$INDEXER_DATABASE_PASSWORD"
  role guildhall_review_bot "$REVIEW_BOT_DATABASE_PASSWORD"
  printf '%s\n' 'create database keycloak owner keycloak;' 'create database guildhall;' '\connect guildhall'
  cat /guildhall/schemas.sql
} | psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres
