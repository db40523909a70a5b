//! Where the server listens, and who may reach it.

use std::io;
use std::net::SocketAddr;

use tokio::net::{TcpListener, lookup_host};

/// The server cannot listen there.
#[derive(Debug, thiserror::Error)]
pub enum ListenError {
    #[error("`{listen}` is not an address and port to listen on: {source}; give one such as 127.0.0.1:8080")]
    Address { listen: String, source: io::Error },
    #[error(
        "without a key, {address} would let anybody on the network send notes: run `vigie key new NAME`, put the line \
         it prints into a file and name that with --keys-file, or listen on 127.0.0.1"
    )]
    Exposed { address: SocketAddr },
    #[error("{address} is in use by another program: stop it, or choose another port with --listen")]
    InUse { address: SocketAddr },
    #[error("cannot listen on {address}: {source}")]
    Bind { address: SocketAddr, source: io::Error },
}

/// Listens on the first address that `listen` (`ADDR:PORT`) stands for. Without a key, only loopback will do.
pub async fn bind(listen: &str, has_key: bool) -> Result<TcpListener, ListenError> {
    let failed = |source| ListenError::Address { listen: listen.to_owned(), source };
    let addresses: Vec<SocketAddr> = lookup_host(listen).await.map_err(failed)?.collect();
    if let Some(address) = addresses.iter().find(|a| !has_key && !a.ip().to_canonical().is_loopback()) {
        return Err(ListenError::Exposed { address: *address });
    }
    let address = *addresses
        .first()
        .ok_or_else(|| failed(io::Error::new(io::ErrorKind::NotFound, "the name has no address")))?;
    TcpListener::bind(address).await.map_err(|source| match source.kind() {
        io::ErrorKind::AddrInUse => ListenError::InUse { address },
        _ => ListenError::Bind { address, source },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn without_a_key_only_loopback_will_do() {
        for (listen, has_key, expected) in [
            ("127.0.0.1:0", false, None),
            ("localhost:0", false, None),
            ("0.0.0.0:0", true, None),
            ("0.0.0.0:0", false, Some("vigie key new")),
            ("[::]:0", false, Some("--keys-file")),
            ("192.0.2.1:0", false, Some("192.0.2.1:0")),
            ("8080", false, Some("such as 127.0.0.1:8080")),
        ] {
            let error = bind(listen, has_key).await.err().map(|e| e.to_string());
            match expected {
                None => assert_eq!(error, None, "{listen}"),
                Some(word) => {
                    assert!(error.as_deref().is_some_and(|e| e.contains(word)), "{listen}: {error:?}")
                }
            }
        }
    }

    #[tokio::test]
    async fn a_port_in_use_says_so() {
        let first = bind("127.0.0.1:0", false).await.unwrap();
        let listen = first.local_addr().unwrap().to_string();
        let error = bind(&listen, false).await.unwrap_err().to_string();
        assert!(error.contains("in use") && error.contains("--listen"), "{error}");
    }
}
