-- Looking after a lake. A statement starts at its name and ends at the next one. The functions are asked for counts: their
-- rows have times with a zone, for which the driver would need another package.

-- name: flush
-- Write rows that the catalog keeps into files.
SELECT count(*) FROM ducklake_flush_inlined_data('warehouse');

-- name: rewrite
-- Rows that were replaced stay in their file until this: state tables consist of such ones after a while.
SELECT count(*) FROM ducklake_rewrite_data_files('warehouse', delete_threshold => $share);

-- name: tables
-- Those that a fold replaces rows of.
SELECT table_name FROM duckdb_tables() WHERE database_name = 'warehouse' AND table_name LIKE '%\_state' ESCAPE '\';

-- name: touched_files
SELECT count(*) FROM ducklake_list_files('warehouse', $table) WHERE delete_file IS NOT NULL;

-- name: rewrite_table
SELECT count(*) FROM ducklake_rewrite_data_files('warehouse', $table, delete_threshold => 0);

-- name: merge
SELECT count(*) FROM ducklake_merge_adjacent_files('warehouse');

-- name: old_snapshots
-- Those that nobody reads any more who began within $keep seconds, and that come before the one that readers attach.
SELECT snapshot_id
FROM ducklake_snapshots('warehouse')
WHERE snapshot_time < now() - to_seconds($keep)
  AND snapshot_id < (
    SELECT max(snapshot_id) FROM ducklake_snapshots('warehouse') WHERE commit_message = 'published');

-- name: expire
SELECT count(*) FROM ducklake_expire_snapshots('warehouse', versions => $versions);

-- name: clean_up
SELECT count(*) FROM ducklake_cleanup_old_files('warehouse', older_than => now() - to_seconds($keep));

-- name: publish
-- Names the commit that is under way: readers attach the last one of this name.
CALL ducklake_set_commit_message('warehouse', 'sayso', 'published');

-- name: published_snapshot
-- For PostgreSQL itself, in the schema of the catalog.
SELECT max(snapshot_id) FROM "{schema}".ducklake_snapshot_changes WHERE commit_message = 'published';

-- name: newest_snapshot
-- For PostgreSQL itself: the last commit, published or not.
SELECT max(snapshot_id) FROM "{schema}".ducklake_snapshot;

-- name: replaced_snapshots
-- All that come before the one that readers attach.
SELECT snapshot_id
FROM ducklake_snapshots('warehouse')
WHERE snapshot_id < (
    SELECT max(snapshot_id) FROM ducklake_snapshots('warehouse') WHERE commit_message = 'published');

-- name: remove_replaced
-- Who still reads an older commit fails.
SELECT count(*) FROM ducklake_cleanup_old_files('warehouse', cleanup_all => true);

-- name: remove_orphans
-- Files of landings that were broken off. One that is younger may belong to a landing under way on another machine.
SELECT count(*) FROM ducklake_delete_orphaned_files('warehouse', older_than => now() - INTERVAL 1 HOUR);

-- name: orphans
SELECT count(*) FROM ducklake_delete_orphaned_files('warehouse', cleanup_all => true, dry_run => true);

-- name: catalog_tables
-- For PostgreSQL itself: those that hold values of ours.
SELECT format('%I.%I', schemaname, tablename)
FROM pg_tables
WHERE schemaname = '{schema}' AND (tablename LIKE 'ducklake_inlined_data%' OR tablename LIKE 'ducklake_%_stats');

-- name: vacuum
-- For PostgreSQL itself: without rows that were deleted, and with new statistics of its own.
VACUUM (FULL, ANALYZE) {table};

-- name: rights
-- For PostgreSQL itself: whether there is a catalog, and what its user may do there.
SELECT n.oid IS NOT NULL AS made,
    coalesce(has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT'), false) AS reads,
    coalesce(has_table_privilege(c.oid, 'INSERT'), false) AS writes
FROM (SELECT '{schema}'::text AS name) s
LEFT JOIN pg_namespace n ON n.nspname = s.name
LEFT JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = 'ducklake_snapshot';

-- name: state_of_catalog
-- For PostgreSQL itself: where the files are, and how many commits before the published one upkeep should have removed.
SELECT (SELECT value FROM "{schema}".ducklake_metadata WHERE key = 'data_path') AS data_path, (
    SELECT count(*)
    FROM "{schema}".ducklake_snapshot
    WHERE snapshot_time < now() - {overdue} * interval '1 second' AND snapshot_id < (
        SELECT max(snapshot_id) FROM "{schema}".ducklake_snapshot_changes WHERE commit_message = 'published')) AS waiting;
