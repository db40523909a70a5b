//! Idle connections, kept for the next who needs one.

use std::ops::{Deref, DerefMut};
use std::sync::{Mutex, PoisonError};

use rusqlite::Connection;

/// Connections kept idle at most.
const KEPT: usize = 8;

#[derive(Default)]
pub struct Pool(Mutex<Vec<Connection>>);

impl Pool {
    pub fn take(&self) -> Option<Connection> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    /// Keeps a connection, unless it was left in the middle of a transaction.
    pub fn give(&self, connection: Connection) {
        let mut idle = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if connection.is_autocommit() && idle.len() < KEPT {
            idle.push(connection);
        }
    }
}

/// A connection on loan.
pub struct Pooled<'p> {
    /// There until dropped.
    connection: Option<Connection>,
    pool: &'p Pool,
}

impl<'p> Pooled<'p> {
    pub fn new(connection: Connection, pool: &'p Pool) -> Self {
        Self { connection: Some(connection), pool }
    }
}

impl Deref for Pooled<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        self.connection.as_ref().expect("there until dropped")
    }
}

impl DerefMut for Pooled<'_> {
    fn deref_mut(&mut self) -> &mut Connection {
        self.connection.as_mut().expect("there until dropped")
    }
}

impl Drop for Pooled<'_> {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            self.pool.give(connection);
        }
    }
}
