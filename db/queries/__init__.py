"""Every select, lock and write. Rows are read as entities or columns and written by statements, never by mutation."""
