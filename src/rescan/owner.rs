//! Names the process that runs a rescan, and tells whether it is still there.

use std::path::Path;

/// A name for one run by this process: process id, random part, and the machine with its process namespace where the
/// system tells (Linux). Two runs never share one.
pub fn new_owner() -> Result<String, getrandom::Error> {
    let mut random = [0u8; 6];
    getrandom::fill(&mut random)?;
    Ok(format!("{}.{}@{}", std::process::id(), hex::encode(random), place()))
}

/// Whether that owner is a process of this machine that does not exist any more. `false` when it cannot be told: its
/// heartbeat decides then.
pub fn is_gone(owner: &str) -> bool {
    let Some((process, there)) = owner.split_once('@') else { return false };
    let Some(id) = process.split('.').next().and_then(|id| id.parse::<u32>().ok()) else { return false };
    !there.is_empty() && there == place() && !Path::new(&format!("/proc/{id}")).exists()
}

/// This start of this machine and this process namespace; empty where the system does not tell.
fn place() -> String {
    let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    let namespace = std::fs::read_link("/proc/self/ns/pid").unwrap_or_default();
    let digits: String = namespace.to_string_lossy().chars().filter(char::is_ascii_digit).collect();
    if boot.is_empty() || digits.is_empty() { String::new() } else { format!("{}/{digits}", boot.trim()) }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_process_that_ended_is_gone_and_a_strange_one_is_not() {
        let own = new_owner().unwrap();
        assert!(!is_gone(&own) && own != new_owner().unwrap());
        let mut child = std::process::Command::new("true").spawn().unwrap();
        let id = child.id();
        child.wait().unwrap();
        assert!(is_gone(&format!("{id}.00@{}", place())));
        assert!(!is_gone(&format!("{id}.00@another-machine/1")));
        assert!(!is_gone("someone"));
    }
}
