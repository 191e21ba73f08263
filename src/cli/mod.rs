//! The commands: one file each, plain text for people or `--json` for programs.
