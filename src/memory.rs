//! Memory that loading left behind goes back to the system.

/// Gives the allocator's free pages back. Reading an ONNX graph takes several times its size for a moment, and glibc keeps
/// that for later use: a third of what the process held. Elsewhere than with glibc, nothing is done.
pub fn trim() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    // SAFETY: malloc_trim(3) takes no pointer and may be called at any time, from any thread.
    unsafe {
        libc::malloc_trim(0);
    }
}
