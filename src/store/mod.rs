//! The encrypted database. The only room with SQL.
