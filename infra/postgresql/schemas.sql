-- The schemas of the services, in their common database: each role owns one and sees no other. Run at every start.
set client_min_messages = warning;
revoke all on database guildhall from public;
revoke all on schema public from public;
create schema if not exists extensions;
create extension if not exists vector schema extensions;
create extension if not exists pg_trgm schema extensions;
grant usage on schema extensions to public;
grant connect, temporary on database guildhall to guildhall_platform, guildhall_indexer, guildhall_review_bot;
create schema if not exists platform authorization guildhall_platform;
create schema if not exists code_index authorization guildhall_indexer;
create schema if not exists review authorization guildhall_review_bot;
alter role guildhall_platform in database guildhall set search_path = platform, extensions;
alter role guildhall_indexer in database guildhall set search_path = code_index, extensions;
alter role guildhall_review_bot in database guildhall set search_path = review, extensions;
