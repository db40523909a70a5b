//! Vigie against real servers: `tests/databases/run.sh` starts them. Without them every test says that it was skipped.

mod cells;
mod discover;
mod keys;
mod outages;
mod support;
mod wrong;
