//! Rescans and findings over HTTP.

mod allowed;
mod events;
mod life;
mod orders;
mod place;
mod reviews;
