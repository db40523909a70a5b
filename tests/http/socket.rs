//! The same over a real connection: both directions at once, and a stop that lets requests end.

use std::time::Duration;

use serde_json::json;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use vigie::http::{AppState, bind, serve_on};
use vigie::secret::Keys;

use crate::support::*;

fn chunk(text: &str) -> String {
    format!("{:x}\r\n{text}\r\n", text.len())
}

#[tokio::test]
async fn a_stream_is_answered_while_it_is_sent_and_ends_before_the_server_does() {
    let listener = bind("127.0.0.1:0", false).await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let state = AppState::new(config(), SCANNER.clone(), Keys::default());
    let server = tokio::spawn(serve_on(listener, state.clone(), async move {
        let _ = stopped.await;
    }));

    let mut client = BufReader::new(TcpStream::connect(address).await.unwrap());
    let head = "POST /v1/scan HTTP/1.1\r\nHost: vigie\r\nContent-Type: application/x-ndjson\r\n\
                Transfer-Encoding: chunked\r\n\r\n";
    client.write_all(head.as_bytes()).await.unwrap();
    for id in 0..2 {
        let note = format!("{}\n", json!({"id": id, "text": NOTE}));
        client.write_all(chunk(&note).as_bytes()).await.unwrap();
        let mut line = String::new();
        while !line.starts_with('{') {
            line.clear();
            let read = tokio::time::timeout(Duration::from_secs(5), client.read_line(&mut line)).await;
            assert_ne!(read.expect("an answer while the request is open").unwrap(), 0);
        }
        assert!(line.contains(FOUND) && line.contains(&format!("\"id\":{id}")), "{line}");
    }

    stop.send(()).unwrap();
    while !state.is_draining() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let last = format!("{}\n", json!({"id": "last", "text": NOTE}));
    client.write_all(format!("{}0\r\n\r\n", chunk(&last)).as_bytes()).await.unwrap();
    let mut rest = String::new();
    client.read_to_string(&mut rest).await.unwrap();
    assert!(rest.contains("\"id\":\"last\"") && rest.ends_with("0\r\n\r\n"), "{rest}");
    tokio::time::timeout(Duration::from_secs(5), server).await.unwrap().unwrap().unwrap();
}
