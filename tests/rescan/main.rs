//! Rescans by the real program: killed, paused, resumed.

mod commands;
mod crash;
mod review;
mod support;
