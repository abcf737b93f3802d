"""The warehouse as a lake: the same tables in Parquet files, here or on an S3 server, with a catalog in PostgreSQL.

In come the same batches as into the file; readers attach what was last published. Nothing is copied.
"""
