"""Written-out SQL, one module a noun; the only floor that knows the database drivers."""
