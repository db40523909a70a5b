//! The text of a file from any place of it: compressed or not, UTF-8 or UTF-16.

use std::fs::File;
use std::io::{self, BufReader, ErrorKind, Read, Seek, SeekFrom};
use std::path::PathBuf;

use flate2::read::MultiGzDecoder;

use super::SourceError;
use super::pages::io_error;
use crate::input::encoding;
use crate::input::lines::{Lines, Mark};

/// How a file is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packing {
    None,
    Gzip,
    Zstd,
}

/// A file of text.
#[derive(Clone, Debug)]
pub struct Content {
    pub path: PathBuf,
    pub packing: Packing,
}

impl Content {
    /// The lines from a place on, as UTF-8 or Windows-1252. Only plain UTF-8 is jumped into: the rest is read again.
    pub fn lines(&self, from: Mark) -> Result<Lines, SourceError> {
        let reader = self.reader(from.offset).map_err(|error| self.failure(from.lines, &error))?;
        Ok(Lines::at(reader, from))
    }

    fn reader(&self, offset: u64) -> io::Result<Box<dyn Read + Send>> {
        let mut file = File::open(&self.path)?;
        if self.packing == Packing::None {
            let skip = match encoding::mark(&mut file)? {
                encoding::Mark::Utf16 => None,
                encoding::Mark::Utf8 => Some(3),
                encoding::Mark::None => Some(0),
            };
            if let Some(skip) = skip {
                file.seek(SeekFrom::Start(skip + offset))?;
                return Ok(Box::new(file));
            }
            file.rewind()?;
        }
        let file = BufReader::with_capacity(64 * 1024, file);
        let mut reader = encoding::utf8(match self.packing {
            Packing::None => Box::new(file),
            Packing::Gzip => Box::new(MultiGzDecoder::new(file)),
            Packing::Zstd => Box::new(zstd::stream::read::Decoder::with_buffer(file)?),
        })?;
        let skipped = io::copy(&mut (&mut reader).take(offset), &mut io::sink())?;
        match skipped == offset {
            true => Ok(reader),
            false => Err(ErrorKind::UnexpectedEof.into()),
        }
    }

    /// An error of reading, with the line behind which it came.
    pub fn failure(&self, lines: u64, error: &io::Error) -> SourceError {
        let broken = matches!(
            error.kind(),
            ErrorKind::UnexpectedEof | ErrorKind::InvalidData | ErrorKind::InvalidInput | ErrorKind::Other
        );
        if self.packing != Packing::None && broken {
            let how = match error.kind() {
                ErrorKind::UnexpectedEof => "ends in the middle",
                _ => "is damaged",
            };
            return SourceError::permanent(format!(
                "the compressed file {how}, behind line {lines}; the rows before stand: export or copy it again for the \
                 rest"
            ));
        }
        io_error(&format!("the file cannot be read behind line {lines}"), error)
    }
}
