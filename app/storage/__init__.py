"""ROOM. The only SQL: one file per profile, one writer, one module per family of tables."""
