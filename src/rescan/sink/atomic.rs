//! A file that is there whole, or as it was before.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// A draft beside the file, which takes its place when committed; dropped before that, it goes away.
#[derive(Debug)]
pub struct AtomicFile {
    path: PathBuf,
    draft: PathBuf,
    /// There until committed.
    out: Option<BufWriter<File>>,
}

impl AtomicFile {
    /// Begins a draft in the file's folder, where alone it can take the file's place in one step.
    pub fn create(path: &Path) -> io::Result<Self> {
        Self::create_with(path, File::options().write(true).create_new(true))
    }

    /// The same, readable by its owner alone.
    pub fn create_private(path: &Path) -> io::Result<Self> {
        let mut options = File::options();
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        Self::create_with(path, options.write(true).create_new(true))
    }

    fn create_with(path: &Path, options: &fs::OpenOptions) -> io::Result<Self> {
        let name = path.file_name().ok_or_else(|| io::Error::other("it names no file"))?;
        let mut random = [0u8; 6];
        getrandom::fill(&mut random).map_err(|e| io::Error::other(e.to_string()))?;
        let draft = format!(".{}.{}.tmp", name.to_string_lossy(), hex::encode(random));
        let draft = path.with_file_name(draft);
        let out = BufWriter::new(options.open(&draft)?);
        Ok(Self { path: path.to_owned(), draft, out: Some(out) })
    }

    /// Puts the draft in the file's place, on the disk before this returns.
    pub fn commit(mut self) -> io::Result<()> {
        if let Some(out) = self.out.take() {
            let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
            file.sync_all()?;
        }
        fs::rename(&self.draft, &self.path)?;
        sync_folder(&self.path)
    }
}

/// A new name is on the disk only once its folder is.
fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

impl Write for AtomicFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.as_mut().map_or(Ok(0), |out| out.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.as_mut().map_or(Ok(()), Write::flush)
    }
}

impl Drop for AtomicFile {
    fn drop(&mut self) {
        // After a commit there is no draft any more; before it, what cannot be removed harms nobody.
        let _ = fs::remove_file(&self.draft);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(dir: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(dir)
            .unwrap()
            .map(|e| e.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_changes_when_committed_and_not_before() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("out.csv");
        fs::write(&path, "old").unwrap();
        let mut file = AtomicFile::create(&path).unwrap();
        file.write_all(b"new").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "old");
        file.commit().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(names(dir.path()), ["out.csv"]);
    }

    #[test]
    fn a_draft_that_is_given_up_leaves_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let mut file = AtomicFile::create(&dir.path().join("out.csv")).unwrap();
        file.write_all(b"half").unwrap();
        drop(file);
        assert!(names(dir.path()).is_empty());
        assert!(AtomicFile::create(&dir.path().join("no/folder/out.csv")).is_err());
    }
}
