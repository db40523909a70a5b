//! Vigie against real servers: `tests/databases/run.sh` starts them. Without them every test says that it was skipped.

mod cells;
mod discover;
mod fix;
mod keys;
mod outages;
mod program;
mod sink;
mod support;
mod wrong;
