//! Cuts a request body into lines while it arrives. Holds one chunk, one unfinished line and nothing else.

use std::collections::VecDeque;

use axum::body::{Body, BodyDataStream};
use futures_util::StreamExt;

/// Why a line has no content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineError {
    /// Longer than the limit; its bytes were skipped.
    TooLong,
    /// The connection broke here.
    Broken,
}

/// A line without its end, and its number from 1. Blank lines are counted and left out.
#[derive(Debug, PartialEq, Eq)]
pub struct Line {
    pub number: u64,
    pub content: Result<Vec<u8>, LineError>,
}

/// Lines of a body.
pub struct Lines {
    body: BodyDataStream,
    limit: usize,
    ready: VecDeque<Line>,
    /// The line that has not ended yet.
    open: Vec<u8>,
    /// Whether the open line went over the limit.
    over: bool,
    number: u64,
    ended: bool,
}

impl Lines {
    /// Lines of at most `limit` bytes.
    pub fn new(body: Body, limit: usize) -> Self {
        Self {
            body: body.into_data_stream(),
            limit,
            ready: VecDeque::new(),
            open: Vec::new(),
            over: false,
            number: 0,
            ended: false,
        }
    }

    /// The next lines: waits for one, then takes those that arrived with it, `most` at the most. `None` at the end.
    pub async fn next_group(&mut self, most: usize) -> Option<Vec<Line>> {
        while self.ready.is_empty() && !self.ended {
            match self.body.next().await {
                Some(Ok(chunk)) => self.feed(&chunk),
                Some(Err(_)) => {
                    self.ready.push_back(Line { number: self.number + 1, content: Err(LineError::Broken) });
                    self.ended = true;
                }
                None => {
                    self.end_line();
                    self.ended = true;
                }
            }
        }
        let most = most.min(self.ready.len());
        (most > 0).then(|| self.ready.drain(..most).collect())
    }

    fn feed(&mut self, mut chunk: &[u8]) {
        while let Some(end) = chunk.iter().position(|b| *b == b'\n') {
            self.extend(&chunk[..end]);
            self.end_line();
            chunk = &chunk[end + 1..];
        }
        self.extend(chunk);
    }

    fn extend(&mut self, part: &[u8]) {
        self.over |= self.open.len() + part.len() > self.limit;
        if self.over {
            self.open = Vec::new();
        } else {
            self.open.extend_from_slice(part);
        }
    }

    fn end_line(&mut self) {
        self.number += 1;
        let over = std::mem::take(&mut self.over);
        let content = std::mem::take(&mut self.open);
        if over {
            self.ready.push_back(Line { number: self.number, content: Err(LineError::TooLong) });
        } else if !content.trim_ascii().is_empty() {
            self.ready.push_back(Line { number: self.number, content: Ok(content) });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn lines_of(chunks: &[&'static str], limit: usize) -> Vec<(u64, Result<String, LineError>)> {
        let chunks: Vec<Result<&'static str, std::io::Error>> = chunks.iter().map(|c| Ok(*c)).collect();
        let mut lines = Lines::new(Body::from_stream(futures_util::stream::iter(chunks)), limit);
        let mut out = Vec::new();
        while let Some(group) = lines.next_group(2).await {
            assert!((1..=2).contains(&group.len()));
            out.extend(
                group.into_iter().map(|l| (l.number, l.content.map(|c| String::from_utf8(c).unwrap()))),
            );
        }
        out
    }

    #[tokio::test]
    async fn lines_do_not_depend_on_how_the_body_is_cut() {
        let expected =
            vec![(1, Ok("un".to_owned())), (3, Ok("deux".to_owned())), (4, Ok("trois".to_owned()))];
        for chunks in [
            &["un\n\ndeux\ntrois\n"][..],
            &["un\n \ndeux\ntrois"],
            &["u", "n\n", "\n", "de", "u", "x", "\ntr", "ois"],
        ] {
            assert_eq!(lines_of(chunks, 10).await, expected, "{chunks:?}");
        }
        assert_eq!(lines_of(&[], 10).await, vec![]);
    }

    #[tokio::test]
    async fn a_line_over_the_limit_is_skipped_and_named() {
        let expected =
            vec![(1, Ok("12345".to_owned())), (2, Err(LineError::TooLong)), (3, Ok("12345".to_owned()))];
        for chunks in [&["12345\n123456\n12345"][..], &["12345\n", "12", "34", "56", "7890", "\n12345\n"]] {
            assert_eq!(lines_of(chunks, 5).await, expected, "{chunks:?}");
        }
    }

    #[tokio::test]
    async fn a_broken_connection_is_a_line_of_its_own() {
        let chunks = [Ok("un\nde"), Err(std::io::Error::other("reset"))];
        let mut lines = Lines::new(Body::from_stream(futures_util::stream::iter(chunks)), 10);
        assert_eq!(lines.next_group(5).await.unwrap().len(), 1);
        let group = lines.next_group(5).await.unwrap();
        assert_eq!(group, vec![Line { number: 2, content: Err(LineError::Broken) }]);
        assert!(lines.next_group(5).await.is_none());
    }
}
